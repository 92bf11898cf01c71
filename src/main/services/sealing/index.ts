import type { KeyObject } from 'node:crypto'
import { ConcordError } from '../../domain/error.ts'
import type { Connection, Database } from '../../store/database.ts'
import type { Row } from '../../store/schema.ts'
import { sealVote, type VoteContent, type VotePlace } from '../../store/sealed/envelope.ts'
import { addReaderKeys } from '../../store/sealed/grades.ts'
import { contentOf, type ContentRow, type KeyFor } from '../../store/sealed/votes.ts'
import type { StudyKeyGiven } from '../../statistics/question.ts'
import type { Caller } from '../caller.ts'
import type { KeyRing } from './key-ring.ts'
import { keysOfStudy, type StudyKey } from './study-keys.ts'
import { openEnvelope } from './make-study-keys.ts'
import { privateHalf } from './study-key-halves.ts'
import { requireMadeClear } from './unaltered.ts'
import { keyForVote, ownReaderKey } from './vote-keys.ts'

export type Sealing = ReturnType<typeof createSealing>

/** Says what votes say, with the keys that somebody has. */
export interface VoteReader {
  /** Null where the vote is sealed and its key is not to be had. Error: `vote-altered`. */
  read(row: ContentRow): VoteContent | null
}

export const studyLocked = (): ConcordError =>
  new ConcordError(
    'study-locked',
    'The votes of this study are encrypted, and your key does not open them now. Sign in again, let another lead of the study sign in, or open them with its recovery key on the page "Study set-up".',
  )

const voteReader = (keyFor: KeyFor): VoteReader => ({ read: (row) => contentOf(row, keyFor) })

const altered = (): ConcordError =>
  new ConcordError(
    'vote-altered',
    "The key of a reader's votes in the database was altered. Nothing is computed without them: verify the audit trail, then restore a backup.",
  )

/** Columns of a sealed vote that say nothing. */
const silent = {
  ...{ grade: null, reason: null, note: null, worst_slice: null, confidence: null, stack_grades: null },
} as const

/**
 * Votes of a study with encrypted votes are sealed and opened here and nowhere else. A study without a key of its own keeps
 * them as they are.
 */
export function createSealing({ db, ring }: { db: Database; ring: KeyRing }) {
  /** Identifier of each reader's key, and the key once it is asked for. */
  async function keysUnder(
    connection: Connection,
    studyKey: StudyKey,
    half: Buffer,
    known: Map<string, KeyObject>,
  ): Promise<KeyFor> {
    const rows = await connection
      .selectFrom('reader_key')
      .select(['id', 'box'])
      .where('study_key_id', '=', studyKey.id)
      .execute()
    const boxes = new Map(rows.map(({ id, box }) => [id, box]))
    return (id) => {
      const key = known.get(id)
      const box = boxes.get(id)
      if (key || box === undefined) return key ?? null
      addReaderKeys({ publicKey: studyKey.public_key, privateKey: half }, [{ id, box }], known)
      return known.get(id)!
    }
  }

  /** @param accountId null: what the opened envelopes give */
  async function readerOf(connection: Connection, accountId: string | null, studyId: string, whole: boolean) {
    const keys = await keysOfStudy(connection, studyId)
    const found: KeyFor[] = []
    for (const key of keys) {
      const half = await privateHalf(connection, ring, accountId, key)
      if (!half && whole) throw studyLocked()
      const known = accountId === null ? null : ring.opened(accountId)
      if (half) found.push(await keysUnder(connection, key, half, known?.readers ?? new Map<string, KeyObject>()))
    }
    return voteReader((id) => {
      for (const keyFor of found) {
        const key = keyFor(id)
        if (key) return key
      }
      if (whole) throw altered()
      return null
    })
  }

  return {
    /** For whoever may see a study's figures, once that was checked. Error: `study-locked`. */
    forFigures: (connection: Connection, caller: Caller, studyId: string): Promise<VoteReader> =>
      readerOf(connection, caller.accountId, studyId, true),

    /** What anybody's keys are not needed for: votes in the clear and those of readings that were sealed. */
    published: (connection: Connection, studyId: string): Promise<VoteReader> =>
      readerOf(connection, null, studyId, false),

    /** For a reader's own votes; those sealed before a reset cannot be read until a lead has been there. */
    async forOwn(connection: Connection, caller: Caller, rows: readonly ContentRow[]): Promise<VoteReader> {
      const ids = new Set(rows.flatMap(({ voteKey }) => voteKey ?? []))
      const keys = new Map<string, KeyObject>()
      for (const id of ids) {
        const key = await ownReaderKey(connection, ring, caller.accountId, id)
        if (key) keys.set(id, key)
      }
      const missing = ids.size > keys.size ? await publishedKeys(connection, ids) : null
      return voteReader((id) => keys.get(id) ?? missing?.(id) ?? null)
    },

    /**
     * The columns of a vote that is about to be written: sealed where the study's votes are. Errors: `keys-locked`,
     * `study-key-missing`, `study-key-changed`, `study-altered`.
     */
    async columns(
      t: Connection,
      caller: Caller,
      study: Row<'study'>,
      place: VotePlace,
      content: VoteContent,
    ): Promise<Pick<Row<'vote'>, keyof VoteContent | 'reader_key_id' | 'sealed'>> {
      const keys = await keysOfStudy(t, study.id)
      if (keys.length === 0) {
        if (study.votes_encrypted === 1)
          throw new ConcordError(
            'study-key-missing',
            'The key of this study is missing in the database, so that no vote can be sealed. Nothing was cast. Tell the lead: the audit trail says what was removed.',
          )
        await requireMadeClear(t, study)
        return { ...content, reader_key_id: null, sealed: null }
      }
      if (place.kind !== 'cast') return { ...silent, reader_key_id: null, sealed: null }
      const { id, key } = await keyForVote(t, ring, caller, keys)
      return { ...silent, reader_key_id: id, sealed: sealVote(key, place, content) }
    },

    /** Opens the study's envelopes for good, in the transaction that seals its reading. Error: `study-locked`. */
    async openFor(t: Connection, caller: Caller, studyId: string): Promise<void> {
      for (const key of await keysOfStudy(t, studyId)) {
        const half = await privateHalf(t, ring, caller.accountId, key)
        if (!half) throw studyLocked()
        await openEnvelope(t, caller, key, half)
      }
    },

    /** What a thread needs to read the votes that anybody may read; null where all are in the clear. */
    async publishedForStatistics(studyId: string): Promise<StudyKeyGiven[] | null> {
      const keys = await keysOfStudy(db, studyId)
      if (keys.length === 0) return null
      const halves = await Promise.all(keys.map((key) => privateHalf(db, ring, null, key)))
      return keys.flatMap(({ id, public_key: publicKey }, at) =>
        halves[at] ? [{ id, publicKey, privateKey: new Uint8Array(halves[at]), opened: true }] : [],
      )
    },

    /** What the statistics thread needs to read the votes by itself; null where they are in the clear. Error: `study-locked`. */
    async forStatistics(caller: Caller, studyId: string): Promise<StudyKeyGiven[] | null> {
      const keys = await keysOfStudy(db, studyId)
      if (keys.length === 0) return null
      return Promise.all(
        keys.map(async (key) => {
          const half = await privateHalf(db, ring, caller.accountId, key)
          if (!half) throw studyLocked()
          return {
            ...{ id: key.id, publicKey: key.public_key, privateKey: new Uint8Array(half) },
            opened: key.opened !== null,
          }
        }),
      )
    },
  }

  /** After the seal a reader whose password was reset reads the own votes as everybody may. */
  async function publishedKeys(connection: Connection, readerKeyIds: ReadonlySet<string>): Promise<KeyFor> {
    const studies = await connection
      .selectFrom('study_key')
      .innerJoin('reader_key', 'reader_key.study_key_id', 'study_key.id')
      .select('study_key.study_id')
      .distinct()
      .where('reader_key.id', 'in', [...readerKeyIds])
      .execute()
    const found: KeyFor[] = []
    for (const { study_id } of studies)
      for (const key of await keysOfStudy(connection, study_id)) {
        const half = await privateHalf(connection, ring, null, key)
        if (half) found.push(await keysUnder(connection, key, half, new Map()))
      }
    return (id) => found.map((keyFor) => keyFor(id)).find((key) => key !== null) ?? null
  }
}
