import { setImmediate as nextTurn } from 'node:timers/promises'
import { genesis, linkDigest, type Head } from './audit.ts'
import type { Connection } from './database.ts'
import type { Row } from './schema.ts'
import { Subjects } from './subjects.ts'
import { wrongMark } from './witness/marks.ts'
import { witnesses } from './witness/index.ts'
import { isWhole } from './witness/whole.ts'
import type { Witness, Witnessed } from './witness/witness.ts'

/** Entries and rows read at a time: some milliseconds, so that a vote never waits long. */
const CHUNK = 500
/** Of what the entries attest, so much looked through at a time: some milliseconds too. */
const LOOKED = 20_000

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
  let votes = 0
  const check = (broken: Broken | null): ChainCheck => ({
    ...{ entries: chain.head.sequence, votes, head: { ...chain.head }, anchors: anchors.length, broken },
  })
  const broken = (await chain.on()) ?? chain.missingAnchor()
  if (broken) return check(broken)
  for (const witness of witnesses) {
    const { broken, seen } = await chain.hold(witness)
    if (broken) return check(broken)
    if (witness.name === 'vote') votes = seen
  }
  const marked = await wrongMark(connection, CHUNK)
  if (marked === null) return check(null)
  return check({ sequence: null, subject: marked, why: 'the place of a queue is marked otherwise than its votes say' })
}

/** What the trail says of one subject. */
interface Attested {
  sequence: number
  /** Of the last of its entries, and of those before it: hardly ever are there any, and a million lists would be much to keep. */
  newest: string
  before: string[] | null
  /** Its row was read. */
  there: boolean
}

/** A walk along the chain that can go on where it stopped, when entries were added. */
class Walk {
  readonly connection: Connection
  readonly anchors: Map<number, Head[]>
  readonly attested = new Map(witnesses.map((witness) => [witness, new Subjects<Attested>()]))
  readonly byAct = new Map<string, Subjects<Attested>[]>()
  head: Head = { sequence: 0, digest: genesis }

  constructor(connection: Connection, anchors: readonly Head[]) {
    this.connection = connection
    this.anchors = Map.groupBy(anchors, (anchor) => anchor.sequence)
    for (const witness of witnesses)
      for (const act of witness.acts) {
        const known = this.byAct.get(act) ?? []
        this.byAct.set(act, [...known, this.attested.get(witness)!])
      }
  }

  async on(connection = this.connection): Promise<Broken | null> {
    for (let full = true; full; await nextTurn()) {
      const links = await connection
        .selectFrom('audit')
        .selectAll()
        .where('sequence', '>', this.head.sequence)
        .orderBy('sequence')
        .limit(CHUNK)
        .execute()
      for (const link of links) {
        const why = this.whyNot(link)
        if (why) return { sequence: link.sequence, subject: link.subject, why }
        for (const known of this.byAct.get(link.act) ?? []) attest(known, link)
        this.head = { sequence: link.sequence, digest: link.digest }
      }
      full = links.length === CHUNK
    }
    return null
  }

  private whyNot(link: Row<'audit'>): string | null {
    if (link.sequence !== this.head.sequence + 1) return `entry ${this.head.sequence + 1} is missing`
    if (link.previous !== this.head.digest) return 'the entry before it was altered or removed'
    if (linkDigest(link) !== link.digest) return 'the entry was altered'
    if (this.anchors.get(link.sequence)?.some((anchor) => anchor.digest !== link.digest))
      return 'the entry differs from the one that was noted outside of the database'
    return null
  }

  missingAnchor(): Broken | null {
    const latest = Math.max(0, ...this.anchors.keys())
    if (latest <= this.head.sequence) return null
    const gone = latest - this.head.sequence
    const why = `the last ${gone === 1 ? 'entry was' : `${gone} entries were`} removed: entry ${latest} was noted outside of the database`
    return { sequence: this.head.sequence + 1, subject: '', why }
  }

  /** Holds all rows of a kind against their entries, and the entries against the rows. */
  async hold(witness: Witness): Promise<{ broken: Broken | null; seen: number }> {
    const known = this.attested.get(witness)!
    // Of rows that share a subject.
    const digests = new Set<string>()
    const named = (subject: string, digest: string): string => `${subject} ${digest}`
    let seen = 0
    for await (const row of witness.rows(this.connection, CHUNK)) {
      if (++seen % CHUNK === 0) await nextTurn()
      if (this.why(witness, row)) {
        // It may have been written while we were reading.
        const broken = await this.again(witness, row.subject)
        if (broken) return { broken, seen }
      }
      const attested = known.get(row.subject)
      if (attested) attested.there = true
      if (witness.many)
        for (const digest of [row.digest, ...(row.earlier ?? [])]) digests.add(named(row.subject, digest))
    }
    const gone: [string, Attested][] = []
    let looked = 0
    for (const part of known.parts)
      for (const [subject, attested] of part) {
        if (++looked % LOOKED === 0) await nextTurn()
        const there = witness.many
          ? digestsOf(attested).every((digest) => digests.has(named(subject, digest)))
          : attested.there
        if (!there) gone.push([subject, attested])
      }
    for (const [subject, attested] of gone.sort(([, a], [, b]) => a.sequence - b.sequence)) {
      // Not one that came after we had read the last row.
      const now = await witness.of(this.connection, subject)
      const there = now.flatMap(({ digest, earlier = [] }) => [digest, ...earlier])
      if (witness.many ? digestsOf(attested).every((digest) => there.includes(digest)) : now.length > 0) continue
      return { broken: { sequence: attested.sequence, subject, why: witness.removed }, seen }
    }
    return { broken: null, seen }
  }

  private why(witness: Witness, row: Witnessed): string | null {
    const known = this.attested.get(witness)!.get(row.subject)
    const { digest, earlier = [], parent } = row
    if (!known) return parent !== undefined && this.isEarlier(parent) ? null : witness.unattested
    const { newest } = known
    const holds =
      witness.newest && (isWhole(newest) || earlier.length === 0)
        ? newest === digest
        : digestsOf(known).some((one) => one === digest || earlier.includes(one))
    // Entries of earlier versions said that something was done, not how things were after it.
    const unsaid = witness.newest && earlier.length === 0 && !isWhole(newest)
    return holds || unsaid ? null : witness.altered
  }

  /** The same once more, at one moment of the database. */
  private async again(witness: Witness, subject: string): Promise<Broken | null> {
    const now = async (t: Connection): Promise<Broken | null> => {
      const broken = await this.on(t)
      if (broken) return broken
      for (const row of await witness.of(t, subject)) {
        const why = this.why(witness, row)
        const known = this.attested.get(witness)!.get(subject)
        if (why) return { sequence: known?.sequence ?? null, subject, why }
      }
      return null
    }
    return this.connection.isTransaction ? now(this.connection) : this.connection.transaction().execute(now)
  }

  /** A study or model of an earlier version, which made no entries of what is in it. */
  private isEarlier(subject: string): boolean {
    for (const [witness, known] of this.attested) {
      if (witness.name !== 'study' && witness.name !== 'model' && witness.name !== 'training_run') continue
      const found = known.get(subject)
      if (found) return !digestsOf(found).some(isWhole)
    }
    return false
  }
}

const digestsOf = ({ newest, before }: Attested): string[] => [...(before ?? []), newest]

function attest(known: Subjects<Attested>, { subject, sequence, row_digest }: Row<'audit'>): void {
  const before = known.get(subject)
  if (before) Object.assign(before, { before: digestsOf(before), newest: row_digest })
  else known.set(subject, { sequence, newest: row_digest, before: null, there: false })
}
