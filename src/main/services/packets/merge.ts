import { ConcordError } from '../../domain/error.ts'
import type { Connection } from '../../store/database.ts'
import type { Row } from '../../store/schema.ts'
import { contentColumns } from '../../store/sealed/votes.ts'
import { requireGrade, scaleOf, type Caller } from '../context.ts'
import { isKnown, keep, mayName, requireMay, type PacketBase } from './acts.ts'
import { addedDigest, addVotes, type Added } from './add-votes.ts'
import { altered, foreign, type Head, type Manifest } from './format.ts'
import { changed } from './open.ts'
import { readHead, readPacket } from './read.ts'
import { votesShape } from './rows.ts'
import { turns, type Work } from './work.ts'

/** What came, or would come. The reader is named only where a name may stand beside a count of votes (`mayName`). */
export interface Merged extends Added {
  digest: string
  studyId: string
  study: string
  reader: string | null
  /** When the reader took the votes along, by their clock. */
  made: string
  /** Whether the reader's account here was closed meanwhile; null where the reader is not named. */
  closed: boolean | null
}
export interface Wanted {
  path: string
  /** The study that it has to be of, where one is in front. */
  studyId?: string | undefined
  /** The packet that was looked at before. */
  digest?: string | undefined
}

/** What was found out is carried out of the transaction that is undone. */
class Undone extends Error {
  readonly found: Merged
  constructor(found: Merged) {
    super('undone')
    this.found = found
  }
}

/** What comes home: a reader's votes. */
export function createMerging({ db, announce, sealing, folders }: PacketBase) {
  /** Errors: as `merge`. @param add also what it found is undone where this is false. */
  async function merged(caller: Caller, { path, studyId, digest: wanted }: Wanted, work: Work, add: boolean) {
    const packet = await readPacket(path, 'votes', folders.volumes)
    const { manifest, digest } = packet
    if (wanted !== undefined && wanted !== digest) throw changed()
    if (manifest.entries.length > 1) throw foreign()
    const rows = votesShape.safeParse(packet.rows)
    if (!rows.success) throw foreign()
    const { id: readerId } = manifest.reader
    try {
      return await db.transaction().execute(async (t) => {
        const { study, account } = await requireHome(t, caller, packet, studyId)
        const named = mayName(caller, study) || readerId === caller.accountId
        const about = {
          ...{ digest, studyId: study.id, study: study.title, made: manifest.made },
          ...{ reader: named ? account.display_name : null, closed: named ? account.state !== 'active' : null },
        }
        if (await isKnown(t, digest, ['merged', 'taken']))
          return { ...about, votes: 0, known: rows.data.votes.length, late: 0, conflicts: [] }
        if (study.state !== 'open')
          throw new ConcordError(
            'packet-study-sealed',
            'The reading of this study is sealed: no vote can be added any more. Nothing was merged.',
          )
        const { ids, ...counts } = await addVotes(t, study, readerId, rows.data, work)
        await requireReadable(t, caller, study, ids, work)
        const found: Merged = { ...about, ...counts }
        if (!add) throw new Undone(found)
        await keep(t, packet, 'merged', caller, { votes: counts.votes, about: addedDigest(digest, ids) })
        return found
      })
    } catch (error) {
      if (error instanceof Undone) return error.found
      throw error
    }
  }

  /** Where the caller's keys open the votes it is seen before they are merged that they say something. */
  async function requireReadable(t: Connection, caller: Caller, study: Row<'study'>, ids: string[], work: Work) {
    const turn = turns(work)
    const reader = await sealing.forFigures(t, caller, study.id).catch((error: unknown) => {
      if (error instanceof ConcordError && error.code === 'study-locked') return null
      throw error
    })
    if (!reader) return
    try {
      for (let at = 0; at < ids.length; at += 500) {
        const rows = await t
          .selectFrom('vote')
          .select(contentColumns)
          .where('id', 'in', ids.slice(at, at + 500))
          .where('kind', '=', 'cast')
          .execute()
        for (const row of rows) {
          await turn()
          const said = reader.read(row)
          if (!said || (said.grade === null) === (said.reason === null)) throw altered()
          if (said.grade !== null) requireGrade(scaleOf(study), said.grade)
        }
      }
    } catch (error) {
      if (!(error instanceof ConcordError)) throw error
      throw new ConcordError(
        'packet-vote-invalid',
        'A vote of the packet does not open, or says nothing that this study knows. Nothing was merged.',
      )
    }
  }

  return {
    /** Refuses at once what is no packet of votes for this study and caller: the rest is work. Errors: as `merge`. */
    async check(caller: Caller, { path, studyId }: Wanted): Promise<void> {
      await requireHome(db, caller, await readHead(path, 'votes'), studyId)
    },

    /** What merging would do, found by doing it and undoing it. Errors: as `merge`. */
    preview: (caller: Caller, wanted: Wanted, work: Work = {}): Promise<Merged> => merged(caller, wanted, work, false),

    /**
     * Puts a reader's votes beside those that are here, all or none, each once. Errors: those of `readPacket` and `addVotes`,
     * `packet-study-unknown`, `packet-other-study`, `packet-reader-unknown`, `packet-signer-unknown`, `packet-study-sealed`,
     * `packet-changed`, `blinded`.
     */
    async merge(caller: Caller, wanted: Wanted, work: Work = {}): Promise<Merged> {
      const found = await merged(caller, wanted, work, true)
      if (found.votes > 0) announce.studyChanged(found.studyId)
      return found
    },
  }
}

/** The study and the reader whom the packet is of, both known here, the signature the reader's own. */
async function requireHome(t: Connection, caller: Caller, { manifest }: Head, studyId: string | undefined) {
  const study = await t.selectFrom('study').selectAll().where('id', '=', manifest.study.id).executeTakeFirst()
  if (!study)
    throw new ConcordError('packet-study-unknown', 'The packet is of a study that is not here. Nothing was merged.')
  await requireMay(t, caller, study, manifest.reader.id)
  if (studyId !== undefined && study.id !== studyId)
    throw new ConcordError(
      'packet-other-study',
      `The packet is of the study "${study.title}". Merge it on that study's page; nothing was merged.`,
    )
  return { study, account: await requireOwnSignature(t, manifest) }
}

/** The signature holds by the manifest's own key; here it is that of the reader's account. */
async function requireOwnSignature(t: Connection, { reader, signer }: Manifest) {
  const account = await t
    .selectFrom('account')
    .select(['display_name', 'state'])
    .where('id', '=', reader.id)
    .executeTakeFirst()
  if (!account) throw new ConcordError('packet-reader-unknown', 'The packet is of a reader who has no account here.')
  const key = await t
    .selectFrom('account_key')
    .select('signing_key')
    .where('id', '=', signer.keyId)
    .where('account_id', '=', reader.id)
    .executeTakeFirst()
  if (signer.accountId !== reader.id || key?.signing_key !== signer.publicKey)
    throw new ConcordError(
      'packet-signer-unknown',
      'The packet was not signed with a key that this reader has here. Nothing was merged.',
    )
  return account
}
