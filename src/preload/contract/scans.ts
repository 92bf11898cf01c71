import { z } from 'zod'
import { done, route } from './route.ts'
import { id, path, seed, side, site, time } from './common.ts'

const dims = z.tuple([z.int(), z.int(), z.int()])
const spacing = z.tuple([z.number(), z.number(), z.number()]).nullable()
export const purpose = z.enum(['reading', 'unread'])

export const scan = z.object({
  id,
  pseudonym: z.string(),
  site,
  side,
  purpose,
  format: z.string(),
  dims,
  spacing,
  unit: z.string(),
  warnings: z.array(z.string()),
  importedAt: time,
})
export type Scan = z.infer<typeof scan>

/** One thing found in a folder. Shown to the person who imports, never stored: names of files may name patients. */
export const found = z.object({
  index: z.int(),
  name: z.string(),
  status: z.enum(['new', 'duplicate', 'refused']),
  format: z.string().nullable(),
  dims: dims.nullable(),
  spacing,
  unit: z.string().nullable(),
  site: site.nullable(),
  side: side.nullable(),
  /** Whether the file says whose scan it is. Where it does not, the importer must, or a person could be in two parts of a split. */
  namesPatient: z.boolean(),
  /** Whether projections lie beside it that give a motion estimate. */
  projections: z.boolean(),
  warnings: z.array(z.string()),
  /** One of the warnings says that the volume may not be what it looks like: it goes in only when a person says so. */
  doubtful: z.boolean(),
  /** Why it was refused, or which scan it repeats. */
  code: z.string().nullable(),
  reason: z.string().nullable(),
})
export type Found = z.infer<typeof found>

const practiceRequest = z.strictObject({
  scans: z.int().min(1).max(500),
  size: z.int().min(64).max(512),
  slices: z.int().min(8).max(168),
  seed,
})

/** Practice scans that lie in the program's folder: all that were asked for, or what was made before the program ended. */
export const practiceSet = z.object({ ...practiceRequest.shape, made: z.int(), path })
export type PracticeSet = z.infer<typeof practiceSet>

const importers = ['lead', 'administrator', 'trainer'] as const

export const scans = {
  list: route(importers, z.strictObject({ studyId: id }), z.array(scan)),
  /** Opens the system's folder dialog; null when the person cancels. */
  chooseFolder: route(importers, z.strictObject({}), z.object({ path: path.nullable() })),
  /** Reads what is there, writes nothing into the study. The result is fetched with `previewResult` when the job is done. */
  preview: route(
    importers,
    z.strictObject({ studyId: id, paths: z.array(path).min(1).max(1000) }),
    z.object({ previewId: id, jobId: id }),
  ),
  previewResult: route(
    importers,
    z.strictObject({ previewId: id, from: z.int().min(0).optional() }),
    /** A thousand rows at most, beginning with `from`, of `total`: ten thousand at once would hold up the main process. */
    z.object({ ready: z.boolean(), total: z.int(), found: z.array(found) }),
  ),
  /** Imports the accepted rows of a preview; `defaults` fills in what a format does not say. Some rows at a time are one transaction; a job that is stopped goes on when the same preview is imported again. */
  import: route(
    importers,
    z.strictObject({
      previewId: id,
      accept: z.array(z.int().min(0)).min(1),
      purpose,
      defaults: z.strictObject({ site, side }),
      /** Scans whose files name no patient: each a patient of its own, or all of one folder one patient. */
      unnamed: z.enum(['each', 'folder']).default('each'),
    }),
    z.object({ jobId: id }),
  ),
  /** Forgets a preview and what was decoded for it. Errors: `preview-unknown`, `preview-busy`. */
  discard: route(importers, z.strictObject({ previewId: id }), done),
  /** Makes practice scans with the motion phantom in a folder of the program's own and returns the folder through the job's detail. The same values again go on where a job stopped. */
  makePractice: route(importers, practiceRequest, z.object({ jobId: id, path })),
  /** What earlier calls of `makePractice` left, newest first, without those being made now. */
  practiceSets: route(importers, z.strictObject({}), z.array(practiceSet)),
}
