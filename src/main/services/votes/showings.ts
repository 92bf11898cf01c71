import type { Connection } from '../../store/database.ts'
import type { Row } from '../../store/schema.ts'
import { rest } from '../../store/sealed/votes.ts'
import { designOf } from '../design-of.ts'
import type { VoteReader } from '../sealing/index.ts'
import { scanParts, showings } from './counting.ts'

/** A vote that counts, of any showing of a scan: also of those that agreement and consensus are not made of. */
export interface Showing {
  pseudonym: string
  site: string
  side: string
  letter: string
  displayName: string
  /** What the scan was shown for. */
  shown: 'first' | 'repeat' | 'round' | 'second' | 'hidden' | 'calibration'
  round: number
  grade: number | null
  reason: string | null
  worstSlice: number | null
  /** 1 unsure, 2 fairly sure, 3 sure; null where it was not asked for. */
  confidence: number | null
  /** A grade for each stack, proximal last; null where a scan has one grade. */
  stackGrades: number[] | null
  castAt: string
}

/** Whether a study has more to tell of its votes than one grade a reader and scan. */
export function hasShowings(study: Row<'study'>, knownCases: number): boolean {
  const { repeats, rounds, pairedModelId, confidence, slicesPerStack } = designOf(study)
  return repeats > 0 || rounds > 1 || pairedModelId !== null || confidence || slicesPerStack !== null || knownCases > 0
}

/**
 * All showings of a study that were voted on, by scan, reader and order, some scans at a time. For those who may know them only.
 */
export async function* showingParts(
  connection: Connection,
  reader: VoteReader,
  studyId: string,
): AsyncGenerator<Showing[]> {
  // Known cases may be scans of other studies.
  const cases = await connection
    .selectFrom('known_case')
    .innerJoin('scan', 'scan.id', 'known_case.scan_id')
    .select('scan.id as id')
    .where('known_case.study_id', '=', studyId)
    .where('scan.study_id', '!=', studyId)
    .execute()
  const others = cases.map(({ id }) => id)
  for await (const ids of scanParts(connection, studyId, others))
    yield await showingsOn(connection, reader, studyId, ids)
}

async function showingsOn(
  connection: Connection,
  reader: VoteReader,
  studyId: string,
  scanIds: readonly string[],
): Promise<Showing[]> {
  const rows = await showings(connection, studyId)
    .select(['assignment.kind as kind', 'assignment.round as round', 'assignment.follows as follows'])
    .where('assignment.scan_id', 'in', scanIds)
    .orderBy('assignment.position')
    .execute()
  return rows.flatMap((whole) => {
    const said = reader.read(whole)
    if (!said) return []
    const { kind, follows, ...row } = rest(whole)
    const { grade, reason, confidence, worst_slice: worstSlice, stack_grades: stacks } = said
    const shown =
      follows !== null
        ? 'second'
        : kind === 'repeat'
          ? row.round > 1
            ? 'round'
            : 'repeat'
          : kind === 'primary'
            ? 'first'
            : kind
    const stackGrades = stacks === null ? null : (JSON.parse(stacks) as number[])
    return [{ ...row, shown, grade, reason, confidence, worstSlice, stackGrades }]
  })
}
