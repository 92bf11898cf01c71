import type { Feedback } from '../../../preload/contract/reading.ts'
import { matchOf } from '../../domain/agreement/match.ts'
import type { Connection } from '../../store/database.ts'
import type { Row } from '../../store/schema.ts'
import { domainScale, type Caller, type ServiceBase } from '../context.ts'
import { ownStudy } from './desk.ts'
import { contentColumns, rest, type ContentRow } from '../../store/sealed/votes.ts'
import type { Sealing } from '../sealing/index.ts'
import { isNewestRevision } from '../votes/counting.ts'

/** What a reader learns of calibration cases, each only after the own vote on it; hidden cases are never read here. */
export function createCalibration({ db, sealing }: Pick<ServiceBase, 'db' | 'sealing'>) {
  return {
    async own(caller: Caller, studyId: string) {
      const study = await ownStudy(db, caller, studyId)
      const voted = await votedCases(db)
        .where('assignment.study_id', '=', study.id)
        .where('assignment.account_id', '=', caller.accountId)
        .orderBy('assignment.position')
        .execute()
      const cases = await read(db, sealing, caller, voted)
      const { total } = await db
        .selectFrom('assignment')
        .select(({ fn }) => fn.countAll<number>().as('total'))
        .where('study_id', '=', study.id)
        .where('account_id', '=', caller.accountId)
        .where('kind', '=', 'calibration')
        .executeTakeFirstOrThrow()
      return {
        cases: cases.map(caseOf),
        total: Number(total),
        match: matchOf(
          cases.map(({ grade, known }) => [grade, known] as const),
          domainScale(study),
        ),
      }
    },

    /** Scans of known grade to hold beside the own one; `scanId` is a name of the pictures for this use alone. */
    async exemplars(caller: Caller, studyId: string) {
      const study = await ownStudy(db, caller, studyId)
      const rows = await db
        .selectFrom('known_case')
        .innerJoin('scan', 'scan.id', 'known_case.scan_id')
        .select(['known_case.id', 'known_case.grade', 'known_case.why', 'known_case.motion_mm', 'scan.site'])
        .where('known_case.study_id', '=', study.id)
        .where('known_case.use', '=', 'exemplar')
        .orderBy('known_case.grade')
        .orderBy('known_case.id')
        .execute()
      return rows.map(({ id, motion_mm, ...row }) => ({ ...row, scanId: id, motionMm: motion_mm }))
    },
  }
}

/** The known grade beside the vote that was just cast. */
export async function feedbackOn(
  connection: Connection,
  sealing: Sealing,
  caller: Caller,
  assignment: Row<'assignment'>,
  { done, total }: { done: number; total: number },
): Promise<Feedback | null> {
  const voted = await votedCases(connection).where('assignment.id', '=', assignment.id).execute()
  const [row] = await read(connection, sealing, caller, voted)
  return row ? { assignmentId: assignment.id, ...caseOf(row), left: total - done } : null
}

const votedCases = (connection: Connection) =>
  connection
    .selectFrom('assignment')
    .innerJoin('vote', 'vote.assignment_id', 'assignment.id')
    .innerJoin('known_case', (join) =>
      join
        .onRef('known_case.study_id', '=', 'assignment.study_id')
        .onRef('known_case.scan_id', '=', 'assignment.scan_id'),
    )
    .innerJoin('scan', 'scan.id', 'assignment.scan_id')
    .select([
      'assignment.position as position',
      'assignment.place as place',
      'known_case.grade as known',
      'known_case.why as why',
      'known_case.motion_mm as motionMm',
      'scan.site as site',
    ])
    .select(contentColumns)
    .where('assignment.kind', '=', 'calibration')
    .where('known_case.use', '=', 'calibration')
    .where('assignment.voted', '=', 1)
    .where(isNewestRevision)

/** With what the reader said; votes that their keys do not open are left out. */
async function read<R extends ContentRow>(connection: Connection, sealing: Sealing, caller: Caller, rows: R[]) {
  const reader = await sealing.forOwn(connection, caller, rows)
  return rows.flatMap((row) => {
    const said = reader.read(row)
    return said ? [{ ...rest(row), grade: said.grade, reason: said.reason }] : []
  })
}

type VotedRow = Awaited<ReturnType<ReturnType<typeof votedCases>['execute']>>[number]
type VotedCase = Omit<VotedRow, keyof ContentRow> & { grade: number | null; reason: string | null }

const caseOf = ({ place, position, ...row }: VotedCase) => ({ ...row, position: place ?? position })
