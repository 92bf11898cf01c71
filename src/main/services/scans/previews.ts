import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { ConcordError, messageOf } from '../../domain/error.ts'
import type { Found } from '../../../preload/contract/scans.ts'
import { isGrave } from '../../imaging/grave.ts'
import type { DecoderHost, EstimatedMotion, Source } from '../../imaging/host.ts'
import type { JobControl, Jobs } from '../../jobs/jobs.ts'
import type { Database } from '../../store/database.ts'
import { newId } from '../../store/identity.ts'
import type { Row } from '../../store/schema.ts'
import { studyOf, type Caller } from '../context.ts'
import { openKnownSources } from './known-sources.ts'
import { blank, duplicateOf, namesPatient, numbered, refusal, siteOf, type PreviewRow } from './found.ts'
import { pseudonymOf } from './take-rows.ts'

/** What was found in files that may be imported, and lies decoded in a staging folder until then. */
export interface Preview {
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

/** The previews of a program: one a person at the most. */
export function createPreviews({
  db,
  jobs,
  decoder,
  folders,
}: {
  db: Database
  jobs: Jobs
  decoder: DecoderHost
  folders: { root: string; volumes: string }
}) {
  const previews = new Map<string, Preview>()
  const staging = (previewId: string): string => join(folders.root, 'staging', previewId)
  const volumePath = (sha256: string): string => join(folders.volumes, `${sha256}.vol`)

  function own(caller: Caller, previewId: string): Preview {
    const preview = previews.get(previewId)
    if (!preview || preview.accountId !== caller.accountId)
      throw new ConcordError('preview-unknown', 'This preview is gone. Look at the folder again.')
    return preview
  }

  /** The pictures of a row of one's own preview, named `<preview id>~<row>`; null for a name of another kind. */
  function stagedPath(caller: Caller, name: string): string | null {
    const [previewId = '', row] = name.split('~')
    if (row === undefined) return null
    const decoded = own(caller, previewId).rows[/^\d+$/.test(row) ? Number(row) : -1]?.decoded
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

  return {
    own,
    stagedPath,
    adder,
    look,
    begin,
    staging,
    volumePath,
    knownOf,
    forget: (previewId: string): void => void previews.delete(previewId),
  }
}

const noProjections: { motion: EstimatedMotion | null; warning: string | null } = { motion: null, warning: null }
