import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Found, Scan } from '../../preload/contract/scans.ts'
import { ConcordError, messageOf } from '../domain/error.ts'
import { moveFile } from '../imaging/move-file.ts'
import type { DecoderHost, DecodedVolume, EstimatedMotion, Source } from '../imaging/host.ts'
import { isGrave } from '../imaging/grave.ts'
import type { JobControl, Jobs } from '../jobs/jobs.ts'
import type { Connection } from '../store/database.ts'
import { newId } from '../store/identity.ts'
import type { Row } from '../store/schema.ts'
import { isSealed, readsIn, studyOf, type Caller, type ServiceBase } from './context.ts'
import { isBesideOwn } from './earlier.ts'
import { openKnownSources } from './known-sources.ts'
import { originOf } from './origins.ts'
import { addScanRow } from './scan-row.ts'
import { addMotionEstimate } from './motion.ts'

export type Scans = ReturnType<typeof createScans>

interface PreviewRow {
  found: Found
  decoded: DecodedVolume | null
  /** Never shown here: who imports may be one of the readers. */
  motion: EstimatedMotion | null
  /** Where it lay, for scans whose files name no patient. */
  folder: string
  /** Of its files (known-sources.ts). */
  key: string | null
}
interface Preview {
  id: string
  studyId: string
  accountId: string
  ready: boolean
  rows: PreviewRow[]
  /** Names by the content that was seen under them. */
  seen: Map<string, string>
  /** What was brought from elsewhere and has been looked at. */
  brought: Set<string>
  jobId: string | null
  /** Imports of it that are under way. */
  importing: number
}

/** Puts scans into a preview that do not lie in a folder of somebody's. */
export interface Bringing {
  control: JobControl
  /** For what is brought; nobody else looks there, and it is gone with the preview. */
  folder: string
  /** Keys of what an earlier call has brought already. */
  done: ReadonlySet<string>
  /** Looks at a folder and removes it. @param label what rows are called */
  look(key: string, folder: string, label: string): Promise<void>
  /** A row for what could not be brought. */
  refuse(key: string, label: string, error: unknown): void
  /** A row for what is there already. @param scanId the scan it is */
  known(key: string, label: string, scanId: string): Promise<void>
}

export interface ImportOptions {
  purpose: 'reading' | 'unread'
  defaults: { site: Site; side: Side }
  unnamed: 'each' | 'folder'
}

type Site = Row<'scan'>['site']
type Side = Row<'scan'>['side']
const sites: readonly Site[] = ['tibia', 'radius', 'calcaneus', 'other']

/**
 * Import in two steps: a preview decodes everything into a staging folder and says what was found, what is there already
 * and what is refused; the import takes the accepted rows into the study, one transaction each. Originals are not touched.
 */
export function createScans({
  db,
  announce,
  jobs,
  decoder,
  folders,
}: ServiceBase & { jobs: Jobs; decoder: DecoderHost; folders: { root: string; volumes: string } }) {
  const previews = new Map<string, Preview>()
  const staging = (previewId: string): string => join(folders.root, 'staging', previewId)
  const volumePath = (sha256: string): string => join(folders.volumes, `${sha256}.vol`)

  function ownPreview(caller: Caller, previewId: string): Preview {
    const preview = previews.get(previewId)
    if (!preview || preview.accountId !== caller.accountId)
      throw new ConcordError('preview-unknown', 'This preview is gone. Look at the folder again.')
    return preview
  }

  /** The pictures of a row of one's own preview, named `<preview id>~<row>`; null for a name of another kind. */
  function stagedPath(caller: Caller, name: string): string | null {
    const [previewId = '', row] = name.split('~')
    if (row === undefined) return null
    const decoded = ownPreview(caller, previewId).rows[/^\d+$/.test(row) ? Number(row) : -1]?.decoded
    if (!decoded) throw new ConcordError('scan-unknown', 'There are no pictures of this file.')
    return existsSync(decoded.cachePath) ? decoded.cachePath : volumePath(decoded.header.sha256)
  }

  const adder =
    (preview: Preview) =>
    (found: Omit<Found, 'index'>, rest: Partial<Omit<PreviewRow, 'found'>> = {}): void =>
      void preview.rows.push({
        found: { index: preview.rows.length, ...found },
        ...{ decoded: null, motion: null, folder: '', key: null, ...rest },
      })

  /** @param label instead of the names of files, which say nothing where the program gave them itself */
  async function look(preview: Preview, paths: string[], control: JobControl, label?: string): Promise<void> {
    const folder = staging(preview.id)
    await mkdir(folder, { recursive: true })
    const { sources, refused } = await decoder.discover(paths, {
      signal: control.signal,
      onProgress: (files) => control.progress(0, 0, `${files} files`),
    })
    const add = adder(preview)
    const { seen } = preview
    const sourcesKnown = await knownOf(await studyOf(db, preview.studyId))
    for (const [index, source] of sources.entries()) {
      if (control.signal.aborted) return
      const name = label === undefined ? source.label : numbered(label, index, sources.length)
      control.progress(index, sources.length, name)
      try {
        const key = await sourcesKnown.keyOf(source.files)
        const content = key === null ? null : sourcesKnown.contentOf(key)
        const there = content === null ? null : await pseudonymOf(db, preview.studyId, content)
        if (there !== null) {
          add({ ...blank(name), status: 'duplicate', format: source.format, ...duplicateOf(there) })
          continue
        }
        const decoded = await decoder.decodeToCache(source, folder, { signal: control.signal })
        const { header, meta } = decoded
        const known = await pseudonymOf(db, preview.studyId, header.sha256)
        const again = known ?? seen.get(header.sha256) ?? null
        seen.set(header.sha256, name)
        const { motion, warning } = again === null ? await motionOf(source, control) : noProjections
        add(
          {
            name,
            status: again === null ? 'new' : 'duplicate',
            format: header.format,
            dims: header.dims,
            spacing: header.spacing,
            unit: header.unit,
            site: meta.site === undefined ? null : siteOf(meta.site),
            side: meta.side ?? null,
            namesPatient: namesPatient(meta.patientKey),
            projections: motion !== null,
            warnings: warning === null ? header.warnings : [...header.warnings, warning],
            doubtful: again === null && header.warnings.some(isGrave),
            ...(again === null ? { code: null, reason: null } : duplicateOf(again)),
          },
          { decoded: again === null ? decoded : null, motion, folder: dirname(source.path), key },
        )
      } catch (error) {
        if (control.signal.aborted) return
        add(refusal(name, error))
      }
    }
    for (const { path, error } of refused) add(refusal(label ?? basename(path), error))
    control.progress(sources.length, sources.length, '')
  }

  /** A new preview; an earlier one of the same person is gone. */
  async function begin(caller: Caller, studyId: string): Promise<Preview> {
    for (const other of previews.values())
      if (other.accountId === caller.accountId) {
        previews.delete(other.id)
        if (other.jobId !== null) jobs.cancel(other.jobId)
        await rm(staging(other.id), { recursive: true, force: true })
      }
    const preview: Preview = {
      ...{ id: newId(), studyId, accountId: caller.accountId, ready: false, rows: [] },
      ...{ seen: new Map(), brought: new Set(), jobId: null, importing: 0 },
    }
    previews.set(preview.id, preview)
    return preview
  }

  /** The motion estimate from the projections beside a scan; where they cannot be used the scan is imported all the same. */
  async function motionOf(source: Source, control: JobControl): Promise<typeof noProjections> {
    if (source.projections === undefined) return noProjections
    try {
      return { motion: await decoder.estimateMotion(source.projections, { signal: control.signal }), warning: null }
    } catch (error) {
      if (control.signal.aborted) throw error
      return { motion: null, warning: `No motion estimate: ${messageOf(error)}` }
    }
  }

  const knownOf = (study: Row<'study'>) =>
    openKnownSources(join(folders.root, 'sources'), study.id, study.pseudonym_key)

  /** Accepted rows: the pictures first, then patients, scans and audit entries of all of them in one transaction. */
  async function take(caller: Caller, study: Row<'study'>, rows: readonly AcceptedRow[], options: ImportOptions) {
    for (const { decoded } of rows) {
      const kept = volumePath(decoded.header.sha256)
      if (existsSync(kept)) await rm(decoded.cachePath, { force: true })
      else await moveFile(decoded.cachePath, kept)
    }
    await db.transaction().execute(async (t) => {
      if (options.purpose === 'reading') requireDraftFor(await studyOf(t, study.id))
      for (const row of rows) {
        await addScan(t, caller, study, row, options)
        // The queries of one row take some milliseconds of the main process: others get their turn between two.
        await new Promise((resume) => setImmediate(resume))
      }
    })
  }

  return {
    async list(_caller: Caller, studyId: string): Promise<Scan[]> {
      await studyOf(db, studyId)
      const rows = await db
        .selectFrom('scan')
        .selectAll()
        .where('study_id', '=', studyId)
        .orderBy('pseudonym')
        .execute()
      return rows.map(scanOf)
    },

    async preview(caller: Caller, request: { studyId: string; paths: string[] }) {
      await studyOf(db, request.studyId)
      const preview = await begin(caller, request.studyId)
      const { job, ended } = await jobs.start(
        { kind: 'preview', studyId: request.studyId, accountId: caller.accountId },
        async (control) => {
          await look(preview, request.paths, control)
          preview.ready = !control.signal.aborted
        },
      )
      preview.jobId = job.id
      return { previewId: preview.id, jobId: job.id, ended }
    },

    /**
     * A preview of scans that are brought from elsewhere, one after another; only the one that is being brought lies on the
     * disk as it came. Where it ends early, what was brought can be imported, and the same preview can go on.
     */
    async previewBrought(
      caller: Caller,
      { studyId, previewId }: { studyId: string; previewId: string | null },
      bring: (bringing: Bringing) => Promise<void>,
    ) {
      await studyOf(db, studyId)
      const preview = previewId === null ? await begin(caller, studyId) : ownPreview(caller, previewId)
      if (preview.studyId !== studyId || (previewId !== null && !preview.ready))
        throw new ConcordError('preview-unknown', 'This preview is gone. Choose the series again.')
      preview.ready = false
      const incoming = join(staging(preview.id), 'incoming')
      const { job, ended } = await jobs.start(
        { kind: 'retrieve', studyId, accountId: caller.accountId },
        async (control) => {
          await mkdir(incoming, { recursive: true, mode: 0o700 })
          const silent = { ...control, progress: () => undefined }
          try {
            await bring({
              ...{ control, folder: incoming, done: preview.brought },
              async look(key, folder, label) {
                const rows = preview.rows.length
                await look(preview, [folder], silent, label)
                if (control.signal.aborted) return void preview.rows.splice(rows)
                preview.brought.add(key)
                await rm(folder, { recursive: true, force: true })
              },
              refuse(key, label, error) {
                preview.brought.add(key)
                adder(preview)(refusal(label, error))
              },
              async known(key, label, scanId) {
                preview.brought.add(key)
                const { pseudonym } = await db
                  .selectFrom('scan')
                  .select('pseudonym')
                  .where('id', '=', scanId)
                  .executeTakeFirstOrThrow()
                adder(preview)({ ...blank(label), status: 'duplicate', format: 'dicom', ...duplicateOf(pseudonym) })
              },
            })
          } finally {
            preview.ready = true
          }
        },
      )
      preview.jobId = job.id
      return { previewId: preview.id, jobId: job.id, ended }
    },

    /** Lets a preview go, and what lies on the disk of it. Error: `preview-busy` while it is imported. */
    async discard(caller: Caller, previewId: string): Promise<void> {
      const preview = ownPreview(caller, previewId)
      if (preview.importing > 0)
        throw new ConcordError('preview-busy', 'This preview is being imported. Cancel that first.')
      previews.delete(previewId)
      if (preview.jobId !== null) jobs.cancel(preview.jobId)
      await rm(staging(previewId), { recursive: true, force: true })
    },

    previewResult(caller: Caller, previewId: string, from = 0, count = Infinity) {
      const { ready, rows } = ownPreview(caller, previewId)
      return { ready, total: rows.length, found: rows.slice(from, from + count).map((row) => row.found) }
    },

    async import(caller: Caller, request: ImportOptions & { previewId: string; accept: number[] }) {
      const preview = ownPreview(caller, request.previewId)
      const study = await studyOf(db, preview.studyId)
      if (request.purpose === 'reading') requireDraftFor(study)
      const rows = [...new Set(request.accept)].sort((a, b) => a - b).map((index) => preview.rows[index])
      if (!preview.ready || rows.some((row) => !row?.decoded))
        throw new ConcordError('import-not-new', 'Only rows found as new can be imported. Look at the folder again.')
      const { job, ended } = await jobs.start(
        { kind: 'import', studyId: study.id, accountId: caller.accountId },
        async (control) => {
          preview.importing++
          await takeAll(control).finally(() => preview.importing--)
        },
      )
      async function takeAll(control: JobControl): Promise<void> {
        const known = await knownOf(study)
        for (let index = 0; index < rows.length && !control.signal.aborted; index += ROWS_AT_ONCE) {
          control.progress(index, rows.length, '')
          const some = rows.slice(index, index + ROWS_AT_ONCE) as AcceptedRow[]
          await take(caller, study, some, request)
          await known.add(some.map(({ key, decoded }) => ({ key, content: decoded.header.sha256 })))
        }
        if (!control.signal.aborted) {
          control.progress(rows.length, rows.length, '')
          previews.delete(preview.id)
          await rm(staging(preview.id), { recursive: true, force: true })
        }
        announce.studyChanged(study.id)
      }
      return { jobId: job.id, ended }
    },

    /**
     * The decoded volume of a scan this person may look at: of an own preview what was found (`<preview>~<row>`); readers
     * those of their own queue, of the same patients and the study's exemplars, by the names they were given for them
     * (desk.ts, earlier.ts, calibration.ts); leads and trainers all.
     * Error: `scan-unknown`, the same whether the scan does not exist or is not theirs.
     */
    async volumeFor(caller: Caller, scanId: string): Promise<string> {
      const staged = stagedPath(caller, scanId)
      if (staged !== null) return staged
      const scan = await db
        .selectFrom('scan')
        .select(['id', 'content_sha256', 'study_id'])
        .where('id', '=', scanId)
        .executeTakeFirst()
      const staff = caller.roles.some((role) => role === 'lead' || role === 'trainer')
      const theirs = async (id: string) => (await isAssigned(db, caller, id)) || (await isBesideOwn(db, caller, id))
      if (scan && (staff || (await theirs(scan.id)))) return volumePath(scan.content_sha256)
      const content = await contentByAlias(db, caller, scanId)
      if (content !== null) return volumePath(content)
      throw new ConcordError('scan-unknown', 'This scan is not in your queue.')
    },

    volumePath,

    /** At start: what a preview left behind when the program ended. */
    async clearStaging(): Promise<void> {
      await rm(join(folders.root, 'staging'), { recursive: true, force: true })
    },
  }
}

/** Scans of one transaction: each commit waits for the disk, which would be longer than all their queries. */
const ROWS_AT_ONCE = 100

type AcceptedRow = PreviewRow & { decoded: DecodedVolume }

async function addScan(
  t: Connection,
  caller: Caller,
  study: Row<'study'>,
  { decoded, motion, folder }: AcceptedRow,
  options: ImportOptions,
): Promise<void> {
  const { header, meta } = decoded
  const byFolder = options.unnamed === 'folder' && !namesPatient(meta.patientKey)
  if (await pseudonymOf(t, study.id, header.sha256)) return
  const row = await addScanRow(t, caller, study, header, {
    patientKey: byFolder ? `folder:${folder}` : meta.patientKey,
    site: meta.site === undefined ? options.defaults.site : siteOf(meta.site),
    side: meta.side ?? options.defaults.side,
    purpose: options.purpose,
    ...{ day: dayOf(meta.studyDate), origin: originOf(study, meta) },
  })
  if (motion) await addMotionEstimate(t, caller, row.id, motion)
}

const numbered = (label: string, index: number, of: number): string => (of === 1 ? label : `${label} (${index + 1})`)

const duplicateOf = (pseudonym: string) => ({ code: 'scan-duplicate', reason: `The same pictures as ${pseudonym}.` })

const noProjections: { motion: EstimatedMotion | null; warning: string | null } = { motion: null, warning: null }

function requireDraftFor(study: Row<'study'>): void {
  if (study.state !== 'draft')
    throw new ConcordError(
      'study-not-draft',
      isSealed(study)
        ? 'The reading is sealed: scans can only be added for the network.'
        : 'The reading has begun: scans for readers can only be added to a draft. Add them for the network, or make a new study.',
    )
}

/** The pictures behind a reader's own place in a queue, or behind an exemplar of a study the caller reads in. */
async function contentByAlias(connection: Connection, caller: Caller, alias: string): Promise<string | null> {
  const assigned = await connection
    .selectFrom('assignment')
    .innerJoin('scan', 'scan.id', 'assignment.scan_id')
    .select(['scan.content_sha256 as content', 'assignment.study_id as studyId'])
    .where('assignment.id', '=', alias)
    .where('assignment.account_id', '=', caller.accountId)
    .executeTakeFirst()
  const found =
    assigned ??
    (await connection
      .selectFrom('known_case')
      .innerJoin('scan', 'scan.id', 'known_case.scan_id')
      .innerJoin('study', 'study.id', 'known_case.study_id')
      .select(['scan.content_sha256 as content', 'known_case.study_id as studyId'])
      .where('known_case.id', '=', alias)
      .where('known_case.use', '=', 'exemplar')
      .where('study.state', '!=', 'draft')
      .executeTakeFirst())
  return found && (await readsIn(connection, found.studyId, caller.accountId)) ? found.content : null
}

async function isAssigned(connection: Connection, caller: Caller, scanId: string): Promise<boolean> {
  const row = await connection
    .selectFrom('assignment')
    .select(['id', 'study_id'])
    .where('scan_id', '=', scanId)
    .where('account_id', '=', caller.accountId)
    .executeTakeFirst()
  return row !== undefined && (await readsIn(connection, row.study_id, caller.accountId))
}

async function pseudonymOf(connection: Connection, studyId: string, sha256: string): Promise<string | null> {
  const row = await connection
    .selectFrom('scan')
    .select('pseudonym')
    .where('study_id', '=', studyId)
    .where('content_sha256', '=', sha256)
    .executeTakeFirst()
  return row?.pseudonym ?? null
}

/** The decoder keys a scan by its content where the file names nobody. */
const namesPatient = (patientKey: string): boolean => !patientKey.startsWith('content:')

const siteOf = (site: string): Site => sites.find((known) => known === site) ?? 'other'

/** A row of which no more than its name is known. */
function blank(name: string): Omit<Found, 'index'> {
  return {
    ...{ name, status: 'refused', format: null, dims: null, spacing: null, unit: null, site: null, side: null },
    ...{ namesPatient: false, projections: false, warnings: [], doubtful: false, code: null, reason: null },
  }
}

function refusal(name: string, error: unknown): Omit<Found, 'index'> {
  const code = error instanceof ConcordError ? error.code : ((error as { code?: string } | null)?.code ?? 'unexpected')
  return { ...blank(name), code, reason: messageOf(error) }
}

function scanOf(row: Row<'scan'>): Scan {
  return {
    id: row.id,
    pseudonym: row.pseudonym,
    site: row.site,
    side: row.side,
    purpose: row.purpose,
    format: row.format,
    dims: JSON.parse(row.dims) as Scan['dims'],
    spacing: row.spacing === null ? null : (JSON.parse(row.spacing) as Scan['spacing']),
    unit: row.unit,
    warnings: JSON.parse(row.warnings) as string[],
    importedAt: row.imported_at,
  }
}

/** A date as files give it, if it is one. */
function dayOf(date: string | undefined): string | null {
  const day = date?.slice(0, 10) ?? ''
  return /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(day)) ? day : null
}
