import type { Region, RegionPlace, RegionScan } from '../../../preload/contract/regions.ts'
import { regionEdgeMm } from '../../../preload/contract/regions.ts'
import { ConcordError } from '../../domain/error.ts'
import { requireInside, roiEdge } from '../../domain/roi.ts'
import { record } from '../../store/audit.ts'
import type { Connection } from '../../store/database.ts'
import { newId, now } from '../../store/identity.ts'
import type { Row } from '../../store/schema.ts'
import { roiDigest } from '../../store/witness/digests.ts'
import { isSealed, readsIn, studyOf, type Caller, type ServiceBase } from '../context.ts'
import { designOf } from '../design-of.ts'
import { readersRegions, regionOf, studyRegions } from './rows.ts'
import { readRegionTable } from './tables.ts'

export type Regions = ReturnType<typeof createRegions>

/** The square regions of interest of radiographs: the study's, and each reader's own (2021 paper, section 2.1). */
export function createRegions({ db, announce }: ServiceBase) {
  return {
    /** All radiographs of the study, those with known grades among them, in the order of their pseudonyms. */
    async list(caller: Caller, studyId: string) {
      const study = await studyOf(db, studyId)
      const { ask, required } = designOf(study).region
      await requirePlacer(db, caller, study)
      const reads = await readsIn(db, study.id, caller.accountId)
      const scans = await radiographs(db, study, reads)
      const placed = await studyRegions(db, study.id)
      const names = new Map(
        (await db.selectFrom('account').select(['id', 'display_name']).execute()).map((a) => [a.id, a.display_name]),
      )
      const own =
        ask === 'own' && (isSealed(study) || !reads)
          ? Map.groupBy(await readersRegions(db, study.id), (row) => row.scan_id)
          : new Map<string, never[]>()
      return {
        ...{ ask, required },
        scans: scans.map((scan): RegionScan => {
          const row = placed.get(scan.id)
          return {
            ...{ scanId: scan.id, pseudonym: scan.pseudonym, site: scan.site, side: scan.side },
            dims: JSON.parse(scan.dims) as RegionScan['dims'],
            spacing: spacingOf(scan)?.[0] ?? null,
            warnings: JSON.parse(scan.warnings) as string[],
            region: row ? { ...regionOf(row), by: names.get(row.account_id) ?? '' } : null,
            own: (own.get(scan.id) ?? []).map((one) => ({ ...regionOf(one), letter: one.letter })),
          }
        }),
      }
    },

    async place(
      caller: Caller,
      { studyId, scanId, place }: { studyId: string; scanId: string; place: RegionPlace },
    ): Promise<Region> {
      const row = await db.transaction().execute(async (t) => {
        const study = await studyOf(t, studyId)
        await requirePlacer(t, caller, study)
        const scans = await radiographs(t, study, await readsIn(t, study.id, caller.accountId), scanId)
        const scan = scans.find(({ id }) => id === scanId)
        if (!scan) throw await whyNot(t, study, scanId)
        await refuseFixed(t, study, scan)
        return addPlacement(t, caller, study, scan, place, null)
      })
      announce.studyChanged(studyId)
      return regionOf(row)
    },

    /** Places the study's regions from a table (tables.ts), all of them or none. Errors: as `place`, with the line; `roi-table`. */
    async placeTable(
      caller: Caller,
      { studyId, text }: { studyId: string; text: string },
    ): Promise<{ placed: number }> {
      const rows = readRegionTable(text)
      await db.transaction().execute(async (t) => {
        const study = await studyOf(t, studyId)
        await requirePlacer(t, caller, study)
        const all = await radiographs(t, study, await readsIn(t, study.id, caller.accountId))
        for (const { line, subject, place } of rows) {
          const scan = all.find((one) => one.pseudonym === subject && one.study_id === study.id)
          try {
            if (!scan) throw new ConcordError('scan-unknown', `There is no radiograph "${subject}" in this study.`)
            await refuseFixed(t, study, scan)
            await addPlacement(t, caller, study, scan, place, null)
          } catch (error) {
            if (!(error instanceof ConcordError)) throw error
            throw new ConcordError(error.code, `Line ${line}: ${error.message} Nothing was placed.`)
          }
        }
      })
      announce.studyChanged(studyId)
      return { placed: rows.length }
    },

    /** The study's regions of a study that the program makes itself, where it knows their places: the phantom's. */
    async placeKnown(
      caller: Caller,
      studyId: string,
      known: readonly { scanId: string; x: number; y: number }[],
    ): Promise<void> {
      await db.transaction().execute(async (t) => {
        const study = await studyOf(t, studyId)
        const scans = new Map((await radiographs(t, study, false)).map((scan) => [scan.id, scan]))
        for (const { scanId, x, y } of known)
          await addPlacement(t, caller, study, scans.get(scanId)!, { x, y, spacing: null, inverted: false }, null)
      })
    },

    async placeOwn(
      caller: Caller,
      { assignmentId, place }: { assignmentId: string; place: RegionPlace },
    ): Promise<Region> {
      const row = await db.transaction().execute(async (t) => {
        const assignment = await t
          .selectFrom('assignment')
          .selectAll()
          .where('id', '=', assignmentId)
          .where('account_id', '=', caller.accountId)
          .executeTakeFirst()
        if (!assignment)
          throw new ConcordError('assignment-unknown', 'This scan is not in your queue. Nothing was placed.')
        const study = await studyOf(t, assignment.study_id)
        if (study.state !== 'open')
          throw new ConcordError(
            'study-not-open',
            'The reading of this study is closed. The regions you placed are kept.',
          )
        if (designOf(study).region.ask !== 'own') throw notAsked()
        if (assignment.voted === 1 || assignment.follows !== null)
          throw new ConcordError(
            'vote-not-next',
            'Your vote on this scan is cast: take it back to move the region. Nothing was changed.',
          )
        const scan = await t
          .selectFrom('scan')
          .selectAll()
          .where('id', '=', assignment.scan_id)
          .executeTakeFirstOrThrow()
        requireRadiograph(scan)
        return addPlacement(t, caller, study, scan, place, assignment.id)
      })
      return regionOf(row)
    },
  }
}

/** Millimetres a pixel across and down, as the file has them. */
export function spacingOf(scan: Pick<Row<'scan'>, 'spacing'>): [number, number] | null {
  if (scan.spacing === null) return null
  const [across, down] = JSON.parse(scan.spacing) as [number, number, number]
  return [across, down]
}

/** What readers grade by is not moved under them. Error: `roi-fixed`. */
async function refuseFixed(t: Connection, study: Row<'study'>, scan: Row<'scan'>): Promise<void> {
  const read = designOf(study).region.ask === 'shared' && study.state === 'open' && scan.purpose === 'reading'
  if (read && (await studyRegions(t, study.id, [scan.id])).has(scan.id))
    throw new ConcordError(
      'roi-fixed',
      'The readers grade by this region since the study opened: it is not moved while the reading is open.',
    )
}

/** One picture, not a stack. */
export const isRadiograph = (scan: Pick<Row<'scan'>, 'dims'>): boolean =>
  (JSON.parse(scan.dims) as [number, number, number])[2] === 1

/** Whether somebody may place the study's regions: its leads, and those whom its design names and who do not read in it. */
async function mayPlace(connection: Connection, caller: Caller, study: Row<'study'>): Promise<boolean> {
  const { ask, placers } = designOf(study).region
  if (ask === 'off') return false
  if (caller.roles.includes('lead')) return true
  return placers.includes(caller.accountId) && !(await readsIn(connection, study.id, caller.accountId))
}

async function requirePlacer(connection: Connection, caller: Caller, study: Row<'study'>): Promise<void> {
  if (await mayPlace(connection, caller, study)) return
  if (caller.roles.includes('lead')) throw notAsked()
  throw new ConcordError('roi-not-yours', 'You do not place regions in this study. Its lead says who does.')
}

const notAsked = (): ConcordError =>
  new ConcordError('roi-not-asked', 'This study asks for no region of interest. Its design says so.')

/**
 * The study's own radiographs and, of other studies', those it uses as known cases. Which scan is a hidden case is not told to
 * whoever reads in the study: those are left out for them.
 */
async function radiographs(connection: Connection, study: Row<'study'>, reads: boolean, only?: string) {
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

async function whyNot(connection: Connection, study: Row<'study'>, scanId: string): Promise<ConcordError> {
  const scan = await connection
    .selectFrom('scan')
    .selectAll()
    .where('id', '=', scanId)
    .where('study_id', '=', study.id)
    .executeTakeFirst()
  if (!scan) return new ConcordError('scan-unknown', 'There is no such scan in this study.')
  return stack(scan)
}

function requireRadiograph(scan: Row<'scan'>): void {
  if (!isRadiograph(scan)) throw stack(scan)
}

function stack(scan: Row<'scan'>): ConcordError {
  const slices = (JSON.parse(scan.dims) as number[])[2]
  return new ConcordError(
    'roi-not-a-radiograph',
    `The scan has ${slices} slices: a region is placed on a single picture.`,
  )
}

/** A new revision and its audit entry, in the caller's transaction. What is not a sound place is refused. */
async function addPlacement(
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
