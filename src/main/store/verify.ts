import { setImmediate as nextTurn } from 'node:timers/promises'
import { genesis, linkDigest, type Head } from './audit.ts'
import type { Connection } from './database.ts'
import { witnesses } from './witnesses.ts'

/** Entries and rows read at a time: some milliseconds, so that a vote never waits long. */
const CHUNK = 1000

export interface ChainCheck {
  entries: number
  votes: number
  /** The chain's end as it is now. */
  head: Head
  /** Heads kept outside of the database that the chain was held against. */
  anchors: number
  /** The first thing that does not hold, in words; null when all holds. */
  broken: { sequence: number | null; subject: string; why: string } | null
}

type Broken = NonNullable<ChainCheck['broken']>

/**
 * Recomputes the whole chain from its beginning, holds it against heads that were kept elsewhere, and holds what is in the
 * tables against what the entries attest. Names the first break. Votes may be cast meanwhile.
 * @param anchors heads kept outside of the file: only they show that the last entries were taken away together with
 *   what they attest, or that somebody computed the whole chain anew.
 */
export async function verifyChain(connection: Connection, anchors: readonly Head[] = []): Promise<ChainCheck> {
  const chain = new Walk(connection, anchors)
  let broken = (await chain.on()) ?? chain.missingAnchor()
  const check = (): ChainCheck => ({
    ...{ entries: chain.head.sequence, votes, head: { ...chain.head }, anchors: anchors.length, broken },
  })
  let votes = 0
  if (broken) return check()
  for (const witness of witnesses) {
    const seen = new Set<string>()
    for await (const { id, digest } of witness.rows(connection, CHUNK)) {
      // What was added while we were reading has its entry at the chain's new end.
      if (!chain.attested.has(id)) broken = await chain.on()
      const attested = chain.attested.get(id)
      if (!broken && attested === undefined) broken = { sequence: null, subject: id, why: witness.unattested }
      if (!broken && attested !== undefined && !attested.digests.has(digest))
        broken = { sequence: attested.sequence, subject: id, why: witness.altered }
      if (broken) return check()
      seen.add(id)
    }
    if (witness.name === 'vote') votes = seen.size
    for (const [id, { act, sequence }] of chain.attested) {
      if (!witness.acts.includes(act) || seen.has(id)) continue
      // Not a vote that came after we had read the last one.
      if (await witness.exists(connection, id)) continue
      broken = { sequence, subject: id, why: witness.removed }
      return check()
    }
  }
  return check()
}

/** A walk along the chain that can go on where it stopped, when entries were added. */
class Walk {
  readonly connection: Connection
  readonly anchors: Map<number, Head[]>
  readonly attested = new Map<string, { act: string; sequence: number; digests: Set<string> }>()
  head: Head = { sequence: 0, digest: genesis }

  constructor(connection: Connection, anchors: readonly Head[]) {
    this.connection = connection
    this.anchors = Map.groupBy(anchors, (anchor) => anchor.sequence)
  }

  async on(): Promise<Broken | null> {
    for (let full = true; full; await nextTurn()) {
      const links = await this.connection
        .selectFrom('audit')
        .selectAll()
        .where('sequence', '>', this.head.sequence)
        .orderBy('sequence')
        .limit(CHUNK)
        .execute()
      for (const link of links) {
        const why =
          link.sequence !== this.head.sequence + 1
            ? `entry ${this.head.sequence + 1} is missing`
            : link.previous !== this.head.digest
              ? 'the entry before it was altered or removed'
              : linkDigest(link) !== link.digest
                ? 'the entry was altered'
                : this.anchors.get(link.sequence)?.some((anchor) => anchor.digest !== link.digest)
                  ? 'the entry differs from the one that was noted outside of the database'
                  : null
        if (why) return { sequence: link.sequence, subject: link.subject, why }
        this.attest(link)
        this.head = { sequence: link.sequence, digest: link.digest }
      }
      full = links.length === CHUNK
    }
    return null
  }

  missingAnchor(): Broken | null {
    const latest = Math.max(0, ...this.anchors.keys())
    if (latest <= this.head.sequence) return null
    const gone = latest - this.head.sequence
    const why = `the last ${gone === 1 ? 'entry was' : `${gone} entries were`} removed: entry ${latest} was noted outside of the database`
    return { sequence: this.head.sequence + 1, subject: '', why }
  }

  private attest({
    act,
    subject,
    sequence,
    row_digest,
  }: {
    act: string
    subject: string
    sequence: number
    row_digest: string
  }): void {
    if (!witnesses.some((witness) => witness.acts.includes(act))) return
    const known = this.attested.get(subject)
    if (known) known.digests.add(row_digest)
    else this.attested.set(subject, { act, sequence, digests: new Set([row_digest]) })
  }
}
