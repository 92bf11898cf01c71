import type { StudyKeys } from '../../../preload/contract/keys.ts'
import { ConcordError } from '../../domain/error.ts'
import { isDiskTrouble } from '../../domain/storage-error.ts'
import { digestOf, record } from '../../store/audit.ts'
import type { Connection, Database } from '../../store/database.ts'
import { now } from '../../store/identity.ts'
import { recordStudy } from '../../store/witness/record.ts'
import { recoveryCode, recoverySeed } from '../../store/sealed/recovery-code.ts'
import { studyOf, type AskWhere, type Caller } from '../context.ts'
import { writeOut } from '../../files/write-out.ts'
import type { KeyRing } from './key-ring.ts'
import { studyLocked } from './index.ts'
import { halfByRecovery, privateHalf, recoverySeedOf } from './study-key-halves.ts'
import { keepersWithout, share } from './study-key-keepers.ts'
import { keysOfStudy, type StudyKey } from './study-keys.ts'
import { readersWithout, shareWithReaders } from './vote-keys.ts'

export type Keepers = ReturnType<typeof createKeepers>

/** Who can open the encrypted votes of a study before the seal: its leads, and whoever holds the printed key. */
export function createKeepers({ db, ring }: { db: Database; ring: KeyRing }) {
  /** Gives the key on to whoever should have it and has it not: new leads, and readers whose password was reset. */
  async function tend(caller: Caller, key: StudyKey, half: Buffer): Promise<void> {
    const needed = (await keepersWithout(db, key)).length > 0 || (await readersWithout(db, key)).length > 0
    if (!needed) return
    await db.transaction().execute(async (t) => {
      await share(t, caller, key, half, await keepersWithout(t, key))
      const readers = await readersWithout(t, key)
      await shareWithReaders(t, key, half, readers)
      if (readers.length > 0)
        await record(t, {
          accountId: caller.accountId,
          act: 'study.reader-keys-shared',
          subject: key.study_id,
          rowDigest: digestOf(key.id, readers.map(({ id, accountKeyId }) => [id, accountKeyId]).sort()),
        })
    })
  }

  /** The pair of the reading that goes on; null where the votes are in the clear or the reading was sealed. */
  async function shutKey(studyId: string): Promise<StudyKey | null> {
    const key = (await keysOfStudy(db, studyId)).at(-1)
    if (!key) return null
    return key.opened === null ? key : null
  }

  async function requireShut(studyId: string): Promise<StudyKey> {
    const key = await shutKey(studyId)
    if (!key)
      throw new ConcordError('study-not-locked', 'The votes of this study need no key, or do not need one any more.')
    return key
  }

  async function state(caller: Caller, studyId: string): Promise<StudyKeys> {
    const study = await studyOf(db, studyId)
    const key = (await keysOfStudy(db, studyId)).at(-1)
    if (!key) return { ...none, encrypted: study.votes_encrypted === 1 }
    const opened = await openedBy(db, key)
    const half = await privateHalf(db, ring, caller.accountId, key)
    if (half && !opened) await tend(caller, key, half)
    const keepers = await db
      .selectFrom('study_key_share')
      .innerJoin('account_key', 'account_key.id', 'study_key_share.account_key_id')
      .innerJoin('account', 'account.id', 'account_key.account_id')
      .leftJoin('study_reader', (join) =>
        join.onRef('study_reader.account_id', '=', 'account.id').on('study_reader.study_id', '=', studyId),
      )
      .select(['account.display_name as displayName', 'study_reader.letter'])
      .distinct()
      .where('study_key_share.study_key_id', '=', key.id)
      .where('account.state', '=', 'active')
      // A pair from before a reset opens nothing any more.
      .where('account_key.id', 'in', (query) =>
        query
          .selectFrom('account_key as own')
          .select(({ fn }) => fn.max('own.id').as('id'))
          .groupBy('own.account_id'),
      )
      .orderBy('account.display_name')
      .execute()
    const recovery = await db
      .selectFrom('study_recovery')
      .leftJoin('account', 'account.id', 'study_recovery.kept_by')
      .select(['kept_at as at', 'account.display_name as by'])
      .where('study_key_id', '=', key.id)
      .executeTakeFirst()
    return {
      encrypted: true,
      opened,
      mine: half !== null,
      keepers: keepers.map(({ displayName, letter }) => ({ displayName, reads: letter !== null })),
      recoveryKept: recovery?.at && recovery.by ? { at: recovery.at, by: recovery.by } : null,
    }
  }

  const noted = (caller: Caller, act: string, key: StudyKey): Promise<void> =>
    db.transaction().execute((t) => note(t, caller, act, key))

  return {
    state,

    /**
     * What a lead's being there does by itself, after each sign-in and unlocking: those who should have the key of an open
     * reading get it. A full disk keeps nobody out.
     */
    async visit(caller: Caller): Promise<void> {
      if (!caller.roles.includes('lead') || !ring.of(caller.accountId)) return
      const open = await db
        .selectFrom('study_key')
        .leftJoin('study_key_opened', 'study_key_opened.study_key_id', 'study_key.id')
        .selectAll('study_key')
        .where('study_key_opened.at', 'is', null)
        .execute()
      try {
        for (const key of open) {
          const half = await privateHalf(db, ring, caller.accountId, { ...key, opened: null })
          if (half) await tend(caller, { ...key, opened: null }, half)
        }
      } catch (error) {
        if (!isDiskTrouble(error)) throw error
      }
    },

    /** The key to print, for a lead who has the study's. Recorded. Errors: `study-not-locked`, `study-locked`. */
    async recovery(caller: Caller, studyId: string): Promise<{ code: string; title: string }> {
      const key = await requireShut(studyId)
      const half = await privateHalf(db, ring, caller.accountId, key)
      const seed = half && (await recoverySeedOf(db, key, half))
      if (!seed) throw studyLocked()
      await noted(caller, 'study.recovery-shown', key)
      const code = recoveryCode(seed)
      seed.fill(0)
      return { code, title: (await studyOf(db, studyId)).title }
    },

    /** The same as a text file; null where the person cancels. */
    async saveRecovery(
      caller: Caller,
      { studyId, language = 'en' }: { studyId: string; language?: 'en' | 'de' | undefined },
      ask: AskWhere,
    ) {
      const path = await ask('recovery-key.txt')
      if (path === null) return { path, rows: null, audit: null }
      const { code, title } = await this.recovery(caller, studyId)
      await writeOut(path, recoveryText(language, title, code), 0o600)
      return { path, rows: null, audit: null }
    },

    /** The lead says that the printed key lies where it is found again. Errors: `study-locked`, `study-not-locked`. */
    async recoveryKept(caller: Caller, studyId: string): Promise<StudyKeys> {
      const key = await requireShut(studyId)
      if (!(await privateHalf(db, ring, caller.accountId, key))) throw studyLocked()
      await db.transaction().execute(async (t) => {
        await t
          .updateTable('study_recovery')
          .set({ kept_at: now(), kept_by: caller.accountId })
          .where('study_key_id', '=', key.id)
          .execute()
        await recordStudy(t, { accountId: caller.accountId, act: 'study.recovery-kept' }, studyId)
      })
      return state(caller, studyId)
    },

    /**
     * Opens the votes by the printed key: for this session, and for later ones where the caller is a lead who may have the
     * study's key. Recorded. Errors: `study-not-locked`, `recovery-mistyped`, `recovery-wrong`, `keys-locked`.
     */
    async unlock(caller: Caller, { studyId, code }: { studyId: string; code: string }): Promise<StudyKeys> {
      const key = await requireShut(studyId)
      const seed = recoverySeed(code)
      if (!seed)
        throw new ConcordError(
          'recovery-mistyped',
          'This is no recovery key: nine groups of four letters and digits, as printed. Compare it with the paper.',
          'code',
        )
      const half = await halfByRecovery(db, key, seed)
      seed.fill(0)
      if (!half)
        throw new ConcordError(
          'recovery-wrong',
          'This recovery key is of another study, or of an earlier reading of this one.',
          'code',
        )
      const opened = ring.opened(caller.accountId)
      if (!opened)
        throw new ConcordError('keys-locked', 'Your own key is locked. Sign in again, then type it once more.')
      opened.studies.set(key.id, Buffer.from(half))
      await noted(caller, 'study.recovery-used', key)
      await tend(caller, key, half)
      return state(caller, studyId)
    },
  }
}

const none: StudyKeys = { encrypted: false, opened: null, mine: false, keepers: [], recoveryKept: null }

async function openedBy(connection: Connection, key: StudyKey): Promise<StudyKeys['opened']> {
  const row = await connection
    .selectFrom('study_key_opened')
    .innerJoin('account', 'account.id', 'study_key_opened.account_id')
    .select(['study_key_opened.at', 'account.display_name as by'])
    .where('study_key_id', '=', key.id)
    .executeTakeFirst()
  return row ?? null
}

const note = (connection: Connection, caller: Caller, act: string, key: StudyKey): Promise<void> =>
  record(connection, {
    accountId: caller.accountId,
    act,
    subject: key.study_id,
    rowDigest: digestOf(key.id, caller.accountId),
  })

const recoveryText = (language: 'en' | 'de', title: string, code: string): string =>
  language === 'de'
    ? `Concord: Wiederherstellungsschlüssel\n\nStudie: ${title}\nSchlüssel: ${code}\n\nEr öffnet die verschlüsselten Voten dieser Studie, bevor die Lesung versiegelt ist. Ausdrucken, einschließen, die Datei löschen.\n`
    : `Concord: recovery key\n\nStudy: ${title}\nKey: ${code}\n\nIt opens the encrypted votes of this study before its reading is sealed. Print it, lock it away, delete the file.\n`
