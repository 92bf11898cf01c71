import { ConcordError } from '../domain/error.ts'
import { headOf, headText } from '../store/audit.ts'
import type { Connection, Database } from '../store/database.ts'
import type { Row } from '../store/schema.ts'
import type { Scale } from '../../preload/contract/common.ts'
import type { Caller } from './caller.ts'
import type { Sealing } from './sealing/index.ts'

export type { Caller }

/** What services tell the rest of the program; the window passes it on to those who may know. */
export interface Announcer {
  studyChanged(studyId: string): void
  /** Whoever is signed in with this account, at whatever workstation, is signed out. */
  sessionsEnd(accountId: string): void
}

/** Asks the person where a file goes; null when they cancel. */
export type AskWhere = (suggested: string) => Promise<string | null>

export interface ServiceBase {
  db: Database
  announce: Announcer
  /** Which of the workstations at the database this is: it knows its own unfinished work again. */
  workstation: string
  /** Seals votes and opens them. */
  sealing: Sealing
}

export async function studyOf(connection: Connection, studyId: string): Promise<Row<'study'>> {
  const study = await connection.selectFrom('study').selectAll().where('id', '=', studyId).executeTakeFirst()
  if (!study) throw new ConcordError('study-unknown', 'There is no such study. Go back to the list of studies.')
  return study
}

export const scaleOf = (study: Row<'study'>): Scale => JSON.parse(study.scale) as Scale

/** The same as the domain takes it: the grades' numbers, ascending, and the re-scan cut. */
export const domainScale = (study: Row<'study'>) => {
  const scale = scaleOf(study)
  return { categories: scale.grades.map((g) => g.value), rescanFrom: scale.rescanFrom }
}

/** The votes are closed: sealed or later. */
export const isSealed = (study: Row<'study'>): boolean => !['draft', 'open'].includes(study.state)

/** Leads have learned who is A, B, C. */
export const isUnblinded = (study: Row<'study'>): boolean => study.unblinded_at !== null

export async function readsIn(connection: Connection, studyId: string, accountId: string): Promise<boolean> {
  const row = await connection
    .selectFrom('study_reader')
    .select('letter')
    .where('study_id', '=', studyId)
    .where('account_id', '=', accountId)
    .executeTakeFirst()
  return row !== undefined
}

/**
 * Refuses everybody who reads in a study before it is sealed, whatever other roles they hold: they must not learn
 * another's vote, a consensus or a prediction. Error: `blinded`.
 */
export async function refuseBlinded(connection: Connection, caller: Caller, study: Row<'study'>): Promise<void> {
  if (isSealed(study)) return
  if (await readsIn(connection, study.id, caller.accountId))
    throw new ConcordError('blinded', 'You read in this study. Its results open to you when the reading is sealed.')
}

/** Who reads in a study before it is sealed: even that something happened in it is not told to them. */
export async function blindedReaders(connection: Connection, studyId: string): Promise<ReadonlySet<string>> {
  const rows = await connection
    .selectFrom('study_reader')
    .innerJoin('study', 'study.id', 'study_reader.study_id')
    .select('study_reader.account_id')
    .where('study.id', '=', studyId)
    .where('study.state', 'in', ['draft', 'open'])
    .execute()
  return new Set(rows.map((row) => row.account_id))
}

/** Whether a person reads in any study that is open: then the number of votes in the database is not for them. */
export async function isBlindedAnywhere(connection: Connection, caller: Caller): Promise<boolean> {
  const row = await connection
    .selectFrom('study_reader')
    .innerJoin('study', 'study.id', 'study_reader.study_id')
    .select('study.id')
    .where('study_reader.account_id', '=', caller.accountId)
    .where('study.state', '=', 'open')
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** The end of the audit chain, for what leaves; null for whoever reads in an open study: its number counts what others did. */
export const auditHead = async (connection: Connection, caller: Caller): Promise<string | null> =>
  (await isBlindedAnywhere(connection, caller)) ? null : headText(await headOf(connection))

export function requireGrade(scale: Scale, grade: number): void {
  if (!scale.grades.some((g) => g.value === grade))
    throw new ConcordError('grade-unknown', `${grade} is not a grade of this study's scale.`, 'grade')
}
