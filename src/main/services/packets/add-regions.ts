import { ConcordError } from '../../domain/error.ts'
import { requireInside } from '../../domain/roi.ts'
import { record } from '../../store/audit.ts'
import type { Connection } from '../../store/database.ts'
import type { Row } from '../../store/schema.ts'
import { roiDigest } from '../../store/witness/digests.ts'
import { edgeOf } from '../regions/rows.ts'
import { known } from './known.ts'
import type { VoteRows } from './rows.ts'

/**
 * A reader's own regions of interest, beside those that are here: the one placed last counts, then by its identifier. Those of
 * a round that is over are not added. Errors: `packet-assignment-unknown`, `roi-outside`.
 */
export async function addRegions(
  t: Connection,
  study: Row<'study'>,
  readerId: string,
  { regions }: Pick<VoteRows, 'regions'>,
  assignments: ReadonlyMap<string, { scan_id: string; open: boolean }>,
): Promise<void> {
  const there = await known(
    t,
    'roi_placement',
    regions.map((region) => region.id),
  )
  const sorted = regions.toSorted((a, b) => (`${a.placed_at} ${a.id}` < `${b.placed_at} ${b.id}` ? -1 : 1))
  for (const region of sorted) {
    if (there.has(region.id)) continue
    const assignment = region.assignment_id === null ? undefined : assignments.get(region.assignment_id)
    if (assignment?.scan_id !== region.scan_id)
      throw new ConcordError(
        'packet-assignment-unknown',
        'The packet holds a region on a scan that is not in the queue of this reader here. Nothing was merged.',
      )
    if (!assignment.open) continue
    const { dims } = await t
      .selectFrom('scan')
      .select('dims')
      .where('id', '=', region.scan_id)
      .executeTakeFirstOrThrow()
    const [width, height] = JSON.parse(dims) as [number, number, number]
    requireInside({ x: region.x, y: region.y, edge: edgeOf(region) }, width, height)
    const here = await t
      .selectFrom('roi_placement')
      .select(['id', 'revision', 'placed_at'])
      .where('assignment_id', '=', region.assignment_id)
      .execute()
    const revisions = here.map((one) => one.revision)
    const last = here.every((one) => `${one.placed_at} ${one.id}` < `${region.placed_at} ${region.id}`)
    const revision = last ? Math.max(0, ...revisions) + 1 : Math.min(...revisions) - 1
    const row: Row<'roi_placement'> = { ...region, revision, study_id: study.id, account_id: readerId }
    await t.insertInto('roi_placement').values(row).execute()
    await record(t, { accountId: readerId, act: 'roi.placed', subject: row.id, rowDigest: roiDigest(row) })
  }
}
