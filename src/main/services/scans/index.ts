import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Scan } from '../../../preload/contract/scans.ts'
import { ConcordError } from '../../domain/error.ts'
import { Written } from '../../domain/written.ts'
import { clearDrafts } from '../../files/drafts.ts'
import type { DecoderHost } from '../../imaging/host.ts'
import type { JobControl, Jobs } from '../../jobs/jobs.ts'
import type { Row } from '../../store/schema.ts'
import { studyOf, type Caller, type ServiceBase } from '../context.ts'
import { blank, duplicateOf, refusal } from './found.ts'
import { createPreviews } from './previews.ts'
import { requireDraftFor, takeRows, type AcceptedRow, type ImportOptions } from './take-rows.ts'
import { contentFor } from './volume-access.ts'

export type { ImportOptions } from './take-rows.ts'
export type Scans = ReturnType<typeof createScans>

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
  const previews = createPreviews({ db, jobs, decoder, folders })
  const { volumePath } = previews

  return {
    /** By their pseudonyms, as text for the page: a hundred thousand are read and written some at a time. */
    async list(_caller: Caller, studyId: string): Promise<Written<Scan[]>> {
      await studyOf(db, studyId)
      const texts: string[] = []
      for (let after = '', full = true; full; await nextTurn()) {
        const rows = await db
          .selectFrom('scan')
          .selectAll()
          .where('study_id', '=', studyId)
          .where('pseudonym', '>', after)
          .orderBy('pseudonym')
          .limit(LISTED)
          .execute()
        for (const row of rows) texts.push(JSON.stringify(scanOf(row)))
        after = rows.at(-1)?.pseudonym ?? after
        full = rows.length === LISTED
      }
      return new Written(`[${texts.join()}]`)
    },

    async preview(caller: Caller, request: { studyId: string; paths: string[] }) {
      await studyOf(db, request.studyId)
      const preview = await previews.begin(caller, request.studyId)
      const { job, ended } = await jobs.start(
        { kind: 'preview', studyId: request.studyId, accountId: caller.accountId },
        async (control) => {
          await previews.look(preview, request.paths, control)
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
      const preview = previewId === null ? await previews.begin(caller, studyId) : previews.own(caller, previewId)
      if (preview.studyId !== studyId || (previewId !== null && !preview.ready))
        throw new ConcordError('preview-unknown', 'This preview is gone. Choose the series again.')
      preview.ready = false
      const incoming = join(previews.staging(preview.id), 'incoming')
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
                await previews.look(preview, [folder], silent, label)
                if (control.signal.aborted) return void preview.rows.splice(rows)
                preview.brought.add(key)
                await rm(folder, { recursive: true, force: true })
              },
              refuse(key, label, error) {
                preview.brought.add(key)
                previews.adder(preview)(refusal(label, error))
              },
              async known(key, label, scanId) {
                preview.brought.add(key)
                const { pseudonym } = await db
                  .selectFrom('scan')
                  .select('pseudonym')
                  .where('id', '=', scanId)
                  .executeTakeFirstOrThrow()
                previews.adder(preview)({
                  ...blank(label),
                  status: 'duplicate',
                  format: 'dicom',
                  ...duplicateOf(pseudonym),
                })
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
      const preview = previews.own(caller, previewId)
      if (preview.importing > 0)
        throw new ConcordError('preview-busy', 'This preview is being imported. Cancel that first.')
      previews.forget(previewId)
      if (preview.jobId !== null) jobs.cancel(preview.jobId)
      await rm(previews.staging(previewId), { recursive: true, force: true })
    },

    previewResult(caller: Caller, previewId: string, from = 0, count = Infinity) {
      const { ready, rows } = previews.own(caller, previewId)
      return { ready, total: rows.length, found: rows.slice(from, from + count).map((row) => row.found) }
    },

    async import(caller: Caller, request: ImportOptions & { previewId: string; accept: number[] }) {
      const preview = previews.own(caller, request.previewId)
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
        const known = await previews.knownOf(study)
        for (let index = 0; index < rows.length && !control.signal.aborted; index += ROWS_AT_ONCE) {
          control.progress(index, rows.length, '')
          const some = rows.slice(index, index + ROWS_AT_ONCE) as AcceptedRow[]
          await takeRows({ db, volumePath }, caller, study, some, request)
          await known.add(some.map(({ key, decoded }) => ({ key, content: decoded.header.sha256 })))
        }
        if (!control.signal.aborted) {
          control.progress(rows.length, rows.length, '')
          previews.forget(preview.id)
          await rm(previews.staging(preview.id), { recursive: true, force: true })
        }
        announce.studyChanged(study.id)
      }
      return { jobId: job.id, ended }
    },

    /**
     * The decoded volume of a scan this person may look at: of an own preview what was found (`<preview>~<row>`), else as
     * volume-access.ts says. Error: `scan-unknown`, the same whether the scan does not exist or is not theirs.
     */
    async volumeFor(caller: Caller, scanId: string): Promise<string> {
      const staged = previews.stagedPath(caller, scanId)
      if (staged !== null) return staged
      const content = await contentFor(db, caller, scanId)
      if (content !== null) return volumePath(content)
      throw new ConcordError('scan-unknown', 'This scan is not in your queue.')
    },

    volumePath,

    /** At start: what a preview and what was being written left behind when the program ended. */
    async clearStaging(): Promise<void> {
      await rm(join(folders.root, 'staging'), { recursive: true, force: true })
      for (const folder of [folders.root, folders.volumes]) await clearDrafts(folder)
    },
  }
}

/** Scans read for the list at a time: some milliseconds. */
const LISTED = 500

/** Scans of one transaction: each commit waits for the disk, which would be longer than all their queries. */
const ROWS_AT_ONCE = 100

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
