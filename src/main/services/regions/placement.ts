import type { RegionPlace } from '../../../preload/contract/regions.ts'
import { regionEdgeMm } from '../../../preload/contract/regions.ts'
import { ConcordError } from '../../domain/error.ts'
import { requireInside, roiEdge } from '../../domain/roi.ts'
import { record } from '../../store/audit.ts'
import type { Connection } from '../../store/database.ts'
import { newId, now } from '../../store/identity.ts'
import type { Row } from '../../store/schema.ts'
import { roiDigest } from '../../store/witness/digests.ts'
import type { Caller } from '../context.ts'
import { designOf } from '../design-of.ts'
import { studyRegions } from './rows.ts'
import { spacingOf } from './radiographs.ts'

/** What readers grade by is not moved under them. Error: `roi-fixed`. */
export async function refuseFixed(t: Connection, study: Row<'study'>, scan: Row<'scan'>): Promise<void> {
  const read = designOf(study).region.ask === 'shared' && study.state === 'open' && scan.purpose === 'reading'
  if (read && (await studyRegions(t, study.id, [scan.id])).has(scan.id))
    throw new ConcordError(
      'roi-fixed',
      'The readers grade by this region since the study opened: it is not moved while the reading is open.',
    )
}

/** A new revision and its audit entry, in the caller's transaction. What is not a sound place is refused. */
export async function addPlacement(
  t: Connection,
  caller: Caller,
  study: Row<'study'>,
  scan: Row<'scan'>,
  place: RegionPlace,
  assignmentId: string | null,
): Promise<Row<'roi_placement'>> {
  const known = spacingOf(scan)
  if (known && place.spacing !== null && Math.abs(place.spacing - known[0]) > 0.01 * known[0])
    throw new ConcordError(
      'roi-spacing-known',
      `The file says ${Number(known[0].toPrecision(4))} mm a pixel: that counts, and no other size can be assumed.`,
      'spacing',
    )
  const spacing = known ?? (place.spacing === null ? null : ([place.spacing, place.spacing] as [number, number]))
  const edge = roiEdge(spacing, regionEdgeMm)
  const [width, height] = JSON.parse(scan.dims) as [number, number, number]
  const { x, y } = requireInside({ x: place.x, y: place.y, edge }, width, height)
  const { latest } = await t
    .selectFrom('roi_placement')
    .select(({ fn }) => fn.max('revision').as('latest'))
    .where('study_id', '=', study.id)
    .where('scan_id', '=', scan.id)
    .where('assignment_id', assignmentId === null ? 'is' : '=', assignmentId)
    .executeTakeFirstOrThrow()
  const row: Row<'roi_placement'> = {
    ...{ id: newId(), study_id: study.id, scan_id: scan.id, assignment_id: assignmentId, account_id: caller.accountId },
    revision: Number(latest ?? 0) + 1,
    ...{ x, y, edge_mm: regionEdgeMm, rotation: 0, spacing: spacing![0] },
    spacing_from: known ? 'file' : 'assumed',
    inverted: place.inverted ? 1 : 0,
    placed_at: now(),
  }
  await t.insertInto('roi_placement').values(row).execute()
  await record(t, { accountId: caller.accountId, act: 'roi.placed', subject: row.id, rowDigest: roiDigest(row) })
  return row
}
