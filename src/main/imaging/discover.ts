import { basename, dirname } from 'node:path'
import { ConcordError, messageOf } from '../domain/error.ts'
import { findProjections } from './find-projections.ts'
import { headerFrom, type DicomHeader } from './dicom/header.ts'
import { parseHeaderOf } from './dicom/parse.ts'
import { identify } from './identify.ts'
import { badFile } from './limits.ts'
import { stackKey } from './pictures/stack-key.ts'
import type { Source } from './protocol.ts'
import { naturally, walk, type Walked } from './walk.ts'

export interface Found {
  sources: Source[]
  refused: Walked['refused']
}

/** How often progress is told, in files. */
const STEP = 25

/**
 * Walks files and folders and puts together what makes one volume each: a DICOM series by its UID and geometry, pictures
 * of one kind in one folder, everything else file by file. Only headers are read.
 */
export async function discover(
  paths: readonly string[],
  onProgress: (files: number) => void = () => undefined,
): Promise<Found> {
  const { files, refused } = await walk(paths, onProgress)
  const given = new Set(paths)
  const sources: Source[] = []
  const slices: DicomHeader[] = []
  const pictures = new Map<string, Source[]>()
  for (const [index, path] of files.entries()) {
    if (index % STEP === 0) onProgress(index)
    try {
      const reader = await identify(path)
      const source: Source = { path, label: basename(path), format: reader.format, files: [path] }
      if (reader.format === 'dicom') slices.push(headerFrom(await parseHeaderOf(path)))
      else if (reader.stacks) {
        const key = `${dirname(path)}\0${reader.format}\0${(await stackKey(path, reader.format)) ?? path}`
        addTo(pictures, key, source)
      } else sources.push(source)
    } catch (error) {
      if (isQuiet(path, error, given, files)) continue
      refused.push({ path, error: asConcordError(path, error) })
    }
  }
  sources.push(...stacks([...pictures.values()]), ...series(slices))
  const projections = await findProjections(sources)
  onProgress(files.length)
  return {
    // Projections that were found to belong to a scan go with it; others are refused as such when they are decoded.
    sources: sources
      .filter((source) => !projections.has(source.path) || given.has(source.path))
      .sort((a, b) => naturally(a.path, b.path) || naturally(a.label, b.label)),
    refused: refused.filter(({ path }) => given.has(path) || !beside(projections, path)),
  }
}

/** A .npy that is a scan's projections, or holds the same views as an RSQ that is. */
const beside = (projections: ReadonlySet<string>, path: string): boolean =>
  /\.npy$/i.test(path) && (projections.has(path) || projections.has(path.replace(/\.npy$/i, '.rsq')))

/** Anything thrown while reading a file as an error of ours: what no reader expected is a damaged file. */
export function asConcordError(path: string, error: unknown): ConcordError {
  if (error instanceof ConcordError) return error
  const outOfMemory = error instanceof RangeError && /allocation|array length/i.test(error.message)
  if (outOfMemory) return badFile('too-large', path, 'needs more memory than there is.')
  return badFile('file-damaged', path, `cannot be read (${messageOf(error)}). Copy it again.`)
}

/** Files that go with others: a DICOMDIR, the voxels beside a header. They are not refused unless asked for by name. */
function isQuiet(path: string, error: unknown, given: ReadonlySet<string>, files: readonly string[]): boolean {
  if (given.has(path) || !(error instanceof ConcordError)) return false
  if (basename(path) === 'DICOMDIR') return true
  if (error.code !== 'format-unknown') return false
  const base = /^(.*)\.(raw|zraw|img|img\.gz|raw\.gz)$/i.exec(path)?.[1]
  return base !== undefined && ['.mhd', '.nhdr', '.hdr', '.hdr.gz'].some((end) => files.includes(base + end))
}

/** Pictures of one kind in one folder are slices of one volume. */
function stacks(groups: Source[][]): Source[] {
  const perFolder = new Map<string, number>()
  for (const group of groups) {
    const folder = dirname(group[0]?.path ?? '')
    perFolder.set(folder, (perFolder.get(folder) ?? 0) + 1)
  }
  return groups.map((group) => {
    const [first] = group as [Source]
    if (group.length === 1) return first
    const path = dirname(first.path)
    const files = group.map((s) => s.path).sort(naturally)
    const alone = perFolder.get(path) === 1
    const label = alone ? basename(path) : `${basename(path)} (${basename(files[0] as string)} …)`
    return { path, label, format: first.format, files }
  })
}

/** DICOM files by series, geometry and kind of pixels; a file of several frames stands alone. */
function series(headers: DicomHeader[]): Source[] {
  const groups = new Map<string, DicomHeader[]>()
  for (const header of headers) {
    addTo(groups, seriesKey(header), header)
  }
  const perFolder = new Map<string, number>()
  for (const [first] of groups.values()) {
    const folder = dirname(first?.path ?? '')
    perFolder.set(folder, (perFolder.get(folder) ?? 0) + 1)
  }
  return [...groups.values()].map((group) => {
    const [first] = group as [DicomHeader]
    const folder = dirname(first.path)
    const single = group.length === 1
    const description =
      first.dataset.string('x0008103e')?.trim() || `series ${first.dataset.string('x00200011') ?? '?'}`
    const several = (perFolder.get(folder) ?? 0) > 1
    const uid = first.seriesUid
    return {
      path: single ? first.path : folder,
      label: single ? basename(first.path) : several ? `${basename(folder)} (${description})` : basename(folder),
      format: 'dicom',
      files: group.map((h) => h.path).sort(naturally),
      ...(uid ? { seriesInstanceUID: uid } : {}),
    }
  })
}

function addTo<T>(groups: Map<string, T[]>, key: string, item: T): void {
  const group = groups.get(key)
  if (group) group.push(item)
  else groups.set(key, [item])
}

/** Modalities whose files without positions are still slices of one stack, in order of their numbers. */
const VOLUME_MODALITIES = new Set(['CT', 'MR', 'PT', 'NM'])

function seriesKey(header: DicomHeader): string {
  const { pixel, path, frames, seriesUid, modality } = header
  const place = frames[0]
  const stackable =
    pixel.frames === 1 && seriesUid !== '' && (place?.position != null || VOLUME_MODALITIES.has(modality))
  if (!stackable) return `file\0${path}`
  const round = (list: number[] | null | undefined) => list?.map((v) => (Math.round(v * 1e3) / 1e3).toFixed(3)).join()
  const geometry = [place?.position != null, round(place?.orientation), round(place?.pixelSpacing)]
  const kind = [pixel.rows, pixel.columns, pixel.samples, pixel.photometric, pixel.bitsAllocated, pixel.signed]
  return [dirname(path), seriesUid, ...geometry, ...kind].join('\0')
}
