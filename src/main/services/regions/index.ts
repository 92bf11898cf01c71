import type { Region, RegionPlace, RegionScan } from '../../../preload/contract/regions.ts'
import { ConcordError } from '../../domain/error.ts'
import { isSealed, readsIn, studyOf, type Caller, type ServiceBase } from '../context.ts'
import { designOf } from '../design-of.ts'
import { readersRegions, regionOf, studyRegions } from './rows.ts'
import { readRegionTable } from './tables.ts'
import { notAsked, requirePlacer } from './placers.ts'
import { radiographs, requireRadiograph, spacingOf, whyNot } from './radiographs.ts'
import { addPlacement, refuseFixed } from './placement.ts'

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
