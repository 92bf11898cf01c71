import type { Region } from '../../../preload/contract/regions.ts'
import { ConcordError } from '../../domain/error.ts'
import { meanRoi } from '../../domain/roi.ts'
import type { RegionOfScan } from '../../learning/types.ts'
import { digestOf } from '../../store/audit.ts'
import type { Connection } from '../../store/database.ts'
import { inPortions } from '../../store/portions.ts'
import type { Row } from '../../store/schema.ts'

type Placement = Row<'roi_placement'>

export const edgeOf = (row: Pick<Placement, 'edge_mm' | 'spacing'>): number => row.edge_mm / row.spacing

export function regionOf(row: Placement): Region {
  return {
    ...{ x: row.x, y: row.y, edgeMm: row.edge_mm, edge: edgeOf(row), rotation: row.rotation },
    ...{ spacing: row.spacing, spacingFrom: row.spacing_from, inverted: row.inverted === 1 },
    ...{ revision: row.revision, placedAt: row.placed_at },
  }
}

/** The newest revision of the study's region on each scan; of all scans where none are named. */
export async function studyRegions(
  connection: Connection,
  studyId: string,
  scanIds?: readonly string[],
): Promise<Map<string, Placement>> {
  const rows = await ofScans(scanIds, (some) =>
    connection
      .selectFrom('roi_placement')
      .selectAll()
      .where('study_id', '=', studyId)
      .where('assignment_id', 'is', null)
      .$if(some !== null, (query) => query.where('scan_id', 'in', some!))
      .orderBy('revision')
      .execute(),
  )
  return new Map(rows.map((row) => [row.scan_id, row]))
}

/** The newest revision of a reader's own region on a place of the queue. */
export async function ownRegion(connection: Connection, assignmentId: string): Promise<Placement | null> {
  const row = await connection
    .selectFrom('roi_placement')
    .selectAll()
    .where('assignment_id', '=', assignmentId)
    .orderBy('revision', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ?? null
}

/** The readers' own regions at their first reading of each scan, with the readers' letters. Whoever is told them is the caller's matter. */
export async function readersRegions(
  connection: Connection,
  studyId: string,
  scanIds?: readonly string[],
): Promise<(Placement & { letter: string })[]> {
  const rows = await ofScans(scanIds, (some) =>
    connection
      .selectFrom('roi_placement')
      .innerJoin('assignment', 'assignment.id', 'roi_placement.assignment_id')
      .innerJoin('study_reader', (join) =>
        join
          .onRef('study_reader.study_id', '=', 'roi_placement.study_id')
          .onRef('study_reader.account_id', '=', 'roi_placement.account_id'),
      )
      .selectAll('roi_placement')
      .select('study_reader.letter')
      .where('roi_placement.study_id', '=', studyId)
      .where('assignment.kind', '=', 'primary')
      .$if(some !== null, (query) => query.where('roi_placement.scan_id', 'in', some!))
      .orderBy('roi_placement.revision')
      .execute(),
  )
  return [...new Map(rows.map((row) => [row.assignment_id, row])).values()]
}

/** Which regions a network is shown: the study's, or the mean of the readers' (and the study's where no reader placed one). */
export type RegionsFrom = 'study' | 'readers'

/** Where the region of interest lay on each scan, and whose it was. */
export interface RegionsOfScans {
  from: RegionsFrom
  of: Record<string, RegionOfScan>
}

/**
 * The region of each scan for a network. Error: `roi-missing`, with how many have none.
 * @param what ends the sentence: what to do instead.
 */
export async function networkRegions(
  connection: Connection,
  studyId: string,
  scanIds: readonly string[],
  from: RegionsFrom,
  what: string,
): Promise<Map<string, RegionOfScan>> {
  const found = new Map<string, RegionOfScan>()
  for (const [scanId, row] of await studyRegions(connection, studyId, scanIds))
    found.set(scanId, { x: row.x, y: row.y, edge: edgeOf(row), inverted: row.inverted === 1 })
  if (from === 'readers') {
    const own = Map.groupBy(await readersRegions(connection, studyId, scanIds), (row) => row.scan_id)
    for (const [scanId, rows] of own) {
      const turned = rows.filter(({ inverted }) => inverted === 1).length
      const mean = meanRoi(rows.map((row) => ({ x: row.x, y: row.y, edge: edgeOf(row) })))
      found.set(scanId, { ...mean, inverted: 2 * turned > rows.length })
    }
  }
  const missing = scanIds.filter((scanId) => !found.has(scanId)).length
  if (missing > 0)
    throw new ConcordError(
      'roi-missing',
      `${missing} of ${scanIds.length} scans have no region of interest yet. Place ${missing === 1 ? 'it' : 'them'} on the page “Regions”${what}.`,
      'region',
    )
  return found
}

/** One digest of the pictures and the places on them, in an order of their own: the same on every workstation. */
export function regionsDigest(scans: readonly { content: string; region: RegionOfScan }[]): string {
  const rows = scans.map(({ content, region: { x, y, edge, inverted } }) => [content, x, y, edge, inverted] as const)
  return digestOf(rows.map((row) => JSON.stringify(row)).sort())
}

const ofScans = <R>(ids: readonly string[] | undefined, query: (some: readonly string[] | null) => Promise<R[]>) =>
  ids === undefined ? query(null) : inPortions(ids, query)
