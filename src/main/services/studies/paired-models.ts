import type { Connection } from '../../store/database.ts'
import type { Row } from '../../store/schema.ts'
import { isSealed, readsIn, scaleOf, studyOf, type Caller } from '../context.ts'

/** Models that grade on this study's scale, from any study the caller may know, with how many of its scans they graded. */
export async function modelsOnScale(connection: Connection, caller: Caller, study: Row<'study'>) {
  const models = await connection.selectFrom('model').select(['id', 'name', 'study_id']).orderBy('id', 'desc').execute()
  const graded = await connection
    .selectFrom('prediction')
    .innerJoin('scan', 'scan.id', 'prediction.scan_id')
    .select(({ fn }) => ['model_id', fn.countAll<number>().as('count')])
    .where('scan.study_id', '=', study.id)
    .where('scan.purpose', '=', 'reading')
    .groupBy('model_id')
    .execute()
  const { count } = await connection
    .selectFrom('scan')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('study_id', '=', study.id)
    .where('purpose', '=', 'reading')
    .executeTakeFirstOrThrow()
  const values = (of: Row<'study'>): string =>
    scaleOf(of)
      .grades.map((grade) => grade.value)
      .join()
  const open: { id: string; name: string; studyTitle: string; predicted: number; scans: number }[] = []
  for (const { id, name, study_id } of models) {
    const home = await studyOf(connection, study_id)
    if (values(home) !== values(study)) continue
    if (!isSealed(home) && (await readsIn(connection, home.id, caller.accountId))) continue
    const predicted = Number(graded.find((one) => one.model_id === id)?.count ?? 0)
    open.push({ id, name, studyTitle: home.title, predicted, scans: Number(count) })
  }
  return open
}
