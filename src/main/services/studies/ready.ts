import { ConcordError } from '../../domain/error.ts'
import type { Connection } from '../../store/database.ts'
import type { Row } from '../../store/schema.ts'
import { readsIn } from '../context.ts'
import { casesOf, designOf } from '../design-of.ts'
import { studyRegions } from '../regions/rows.ts'
import { isRadiograph } from '../regions/radiographs.ts'

/** A scan that waits in the queues must not lie open beside them with its grade. Error: `case-in-queue`. */
export async function refuseInQueue(connection: Connection, studyId: string, scanId: string): Promise<void> {
  const same = await connection
    .selectFrom('scan')
    .innerJoin('scan as wanted', 'wanted.content_sha256', 'scan.content_sha256')
    .select('scan.pseudonym')
    .where('wanted.id', '=', scanId)
    .where('scan.study_id', '=', studyId)
    .where('scan.purpose', '=', 'reading')
    .executeTakeFirst()
  if (same)
    throw new ConcordError(
      'case-in-queue',
      `These are the pictures of ${same.pseudonym}, which the readers are to grade.`,
    )
}

/**
 * What must hold when a study opens: no known case among the scans to be graded, no reader who chose a hidden case, and for
 * paired reading a grade of the model for each scan, and where a shared region is required one on each radiograph. Errors:
 * `case-in-queue`, `reader-knows-cases`, `predictions-missing`, `roi-missing`.
 */
export async function requireReady(connection: Connection, study: Row<'study'>, scanIds: string[]): Promise<void> {
  const cases = await casesOf(connection, study.id)
  for (const one of cases) await refuseInQueue(connection, study.id, one.scan_id)
  for (const one of cases.filter(({ use }) => use === 'hidden'))
    if (await readsIn(connection, study.id, one.added_by))
      throw new ConcordError(
        'reader-knows-cases',
        'One of the readers chose a hidden case of this study and would know it. Name another reader, or let another lead choose.',
      )
  await requireRegions(connection, study, scanIds, cases)
  const { pairedModelId } = designOf(study)
  if (pairedModelId === null) return
  if (cases.some(({ use }) => use === 'hidden'))
    throw new ConcordError(
      'design-paired',
      'In paired reading a hidden case would be the only scan without a grade of the model. Leave out one of the two.',
    )
  const { count } = await connection
    .selectFrom('prediction')
    .innerJoin('scan', 'scan.id', 'prediction.scan_id')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('model_id', '=', pairedModelId)
    .where('scan.study_id', '=', study.id)
    .where('scan.purpose', '=', 'reading')
    .executeTakeFirstOrThrow()
  if (Number(count) < scanIds.length)
    throw new ConcordError(
      'predictions-missing',
      `The model has graded ${Number(count)} of ${scanIds.length} scans. Let it grade all of them first.`,
    )
}

/** Readers who are to grade by the study's region find it on every radiograph, on known cases too: none may stand out. */
async function requireRegions(
  connection: Connection,
  study: Row<'study'>,
  scanIds: readonly string[],
  cases: readonly Row<'known_case'>[],
): Promise<void> {
  const { ask, required } = designOf(study).region
  if (ask !== 'shared' || !required) return
  const read = cases.filter(({ use }) => use !== 'exemplar').map(({ scan_id }) => scan_id)
  const wanted = new Set([...scanIds, ...read])
  const placed = await studyRegions(connection, study.id)
  let missing = 0
  for (const scanId of [...wanted].filter((id) => !placed.has(id))) {
    const scan = await connection.selectFrom('scan').select('dims').where('id', '=', scanId).executeTakeFirstOrThrow()
    if (isRadiograph(scan)) missing += 1
  }
  if (missing > 0)
    throw new ConcordError(
      'roi-missing',
      `${missing} of ${wanted.size} scans have no region of interest yet. Place them on the page “Regions”, then open the study.`,
    )
}
