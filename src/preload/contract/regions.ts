import { z } from 'zod'
import { route } from './route.ts'
import { id, side, site, time } from './common.ts'

/** Edge of the square in millimetres, and of the picture that it becomes (2021 paper, section 2.1). */
export const regionEdgeMm = 16
export const regionPixels = 400

/** Middle of the square in pixels of the radiograph; the middle of its first pixel is (0, 0). */
const middle = { x: z.number().min(0).max(100_000), y: z.number().min(0).max(100_000) }

/** Where a region is to be. */
export const regionPlace = z.strictObject({
  ...middle,
  /** Millimetres a pixel, for a radiograph that does not say; kept as assumed. Null: as the file says. */
  spacing: z.number().min(0.005).max(2).nullable(),
  /** The person says that the values run the wrong way round: bone is dark. Networks are shown them turned. */
  inverted: z.boolean(),
})
export type RegionPlace = z.infer<typeof regionPlace>

export const region = z.object({
  ...middle,
  edgeMm: z.number(),
  /** In pixels of the radiograph. */
  edge: z.number(),
  /** Degrees. */
  rotation: z.number(),
  spacing: z.number(),
  spacingFrom: z.enum(['file', 'assumed']),
  inverted: z.boolean(),
  revision: z.int(),
  placedAt: time,
})
export type Region = z.infer<typeof region>

/** A radiograph on the page where the study's regions are placed. */
export const regionScan = z.object({
  scanId: id,
  pseudonym: z.string(),
  site,
  side,
  dims: z.tuple([z.int(), z.int(), z.int()]),
  /** Millimetres a pixel; null where the file does not say. */
  spacing: z.number().nullable(),
  warnings: z.array(z.string()),
  /** The study's, and who placed it. */
  region: region.extend({ by: z.string() }).nullable(),
  /** The readers' own, by letter; none before the seal for whoever reads in the study. */
  own: z.array(region.extend({ letter: z.string() })),
})
export type RegionScan = z.infer<typeof regionScan>

export const regionAsk = z.enum(['off', 'own', 'shared'])
const placers = ['lead', 'trainer'] as const

export const regions = {
  /**
   * The study's radiographs with its regions, for leads and for those whom the design lets place them.
   * Errors: `roi-not-asked`, `roi-not-yours`.
   */
  list: route(
    placers,
    z.strictObject({ studyId: id }),
    z.object({ ask: regionAsk, required: z.boolean(), scans: z.array(regionScan) }),
  ),
  /**
   * Places, or moves, the study's region on a scan. Errors: as `list`; `scan-unknown`, `roi-not-a-radiograph`, `roi-no-spacing`,
   * `roi-uneven-spacing`, `roi-too-large`, `roi-outside`.
   */
  place: route(placers, z.strictObject({ studyId: id, scanId: id, place: regionPlace }), region),
  /**
   * Places, or moves, the caller's own region on a scan of the own queue. Errors: `assignment-unknown`, `study-not-open`,
   * `vote-not-next`, `roi-not-asked` and those of the place.
   */
  placeOwn: route(['reader'], z.strictObject({ assignmentId: id, place: regionPlace }), region),
}
