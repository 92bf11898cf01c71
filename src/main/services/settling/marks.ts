import { digestOf } from '../../store/audit.ts'
import type { Connection } from '../../store/database.ts'
import { domainScale, studyOf } from '../context.ts'

/** What labels depend on, as it stood at a moment; cheap to take and to hold against what is there later. */
export interface Marks {
  /** Digest of the scale, of who reads under which letter, and of how many packets of votes were merged. */
  about: string
  /** The newest identifiers of the database then; null where there was none. */
  vote: string | null
  adjudication: string | null
}

/**
 * Votes and settled grades are only ever added, each under an identifier that sorts after all that were committed before
 * (store/identity.ts), but for those that come with a packet: so nothing changed while neither is newer and no packet came.
 */
export async function marksOf(connection: Connection, studyId: string): Promise<Marks> {
  const newest = async (table: 'vote' | 'adjudication'): Promise<string | null> =>
    (
      await connection
        .selectFrom(table)
        .select(({ fn }) => fn.max('id').as('id'))
        .executeTakeFirstOrThrow()
    ).id
  return {
    about: await aboutOf(connection, studyId),
    vote: await newest('vote'),
    adjudication: await newest('adjudication'),
  }
}

/** Whether anything that labels depend on is otherwise than it was. */
export async function changedSince(connection: Connection, studyId: string, marks: Marks): Promise<boolean> {
  if ((await aboutOf(connection, studyId)) !== marks.about) return true
  const vote = await connection
    .selectFrom('vote')
    .innerJoin('assignment', 'assignment.id', 'vote.assignment_id')
    .select('vote.id')
    .where('vote.id', '>', marks.vote ?? '')
    .where('assignment.study_id', '=', studyId)
    .limit(1)
    .executeTakeFirst()
  if (vote) return true
  const adjudication = await connection
    .selectFrom('adjudication')
    .select('id')
    .where('id', '>', marks.adjudication ?? '')
    .where('study_id', '=', studyId)
    .limit(1)
    .executeTakeFirst()
  return adjudication !== undefined
}

async function aboutOf(connection: Connection, studyId: string): Promise<string> {
  const readers = await connection
    .selectFrom('study_reader')
    .select(['account_id', 'letter'])
    .where('study_id', '=', studyId)
    .orderBy('account_id')
    .execute()
  const { merged } = await connection
    .selectFrom('packet')
    .select(({ fn }) => fn.countAll<number>().as('merged'))
    .where('study_id', '=', studyId)
    .where('act', '=', 'merged')
    .executeTakeFirstOrThrow()
  return digestOf(domainScale(await studyOf(connection, studyId)), readers, Number(merged))
}
