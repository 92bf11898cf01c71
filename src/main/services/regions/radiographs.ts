import { ConcordError } from '../../domain/error.ts'
import type { Connection } from '../../store/database.ts'
import type { Row } from '../../store/schema.ts'

/** Millimetres a pixel across and down, as the file has them. */
export function spacingOf(scan: Pick<Row<'scan'>, 'spacing'>): [number, number] | null {
  if (scan.spacing === null) return null
  const [across, down] = JSON.parse(scan.spacing) as [number, number, number]
  return [across, down]
}

/** One picture, not a stack. */
export const isRadiograph = (scan: Pick<Row<'scan'>, 'dims'>): boolean =>
  (JSON.parse(scan.dims) as [number, number, number])[2] === 1

/**
 * The study's own radiographs and, of other studies', those it uses as known cases. Which scan is a hidden case is not told to
 * whoever reads in the study: those are left out for them.
 */
export async function radiographs(connection: Connection, study: Row<'study'>, reads: boolean, only?: string) {
  const rows = await connection
    .selectFrom('scan')
    .leftJoin('known_case', (join) =>
      join.onRef('known_case.scan_id', '=', 'scan.id').on('known_case.study_id', '=', study.id),
    )
    .selectAll('scan')
    .select('known_case.use as use')
    .where((where) => where.or([where('scan.study_id', '=', study.id), where('known_case.use', '!=', 'exemplar')]))
    .$if(only !== undefined, (query) => query.where('scan.id', '=', only!))
    .orderBy('scan.pseudonym')
    .orderBy('scan.id')
    .execute()
  return rows.filter((row) => isRadiograph(row) && !(reads && row.use === 'hidden' && row.study_id !== study.id))
}

export async function whyNot(connection: Connection, study: Row<'study'>, scanId: string): Promise<ConcordError> {
  const scan = await connection
    .selectFrom('scan')
    .selectAll()
    .where('id', '=', scanId)
    .where('study_id', '=', study.id)
    .executeTakeFirst()
  if (!scan) return new ConcordError('scan-unknown', 'There is no such scan in this study.')
  return stack(scan)
}

export function requireRadiograph(scan: Row<'scan'>): void {
  if (!isRadiograph(scan)) throw stack(scan)
}

function stack(scan: Row<'scan'>): ConcordError {
  const slices = (JSON.parse(scan.dims) as number[])[2]
  return new ConcordError(
    'roi-not-a-radiograph',
    `The scan has ${slices} slices: a region is placed on a single picture.`,
  )
}
