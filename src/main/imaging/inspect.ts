import { basename, join, relative } from 'node:path'
import { ConcordError } from '../domain/error.ts'
import { makeFolder } from '../files/make-folder.ts'
import type { DecoderHost, Inspected, Source } from './host.ts'
import type { Triple } from './volume.ts'

export interface InspectRequest {
  at: Triple[]
  digest: boolean
  /** Folder for the values, null for none. */
  out: string | null
}

/** One line of `concord inspect`: an image or a reject. */
export type InspectLine =
  | ({ path: string; kind: 'image' } & Record<string, unknown>)
  | { path: string; kind: 'reject'; file?: string; code: string; message: string }

/**
 * What each path decodes to, one line a volume, in order; `path` is echoed as given. A bad path is a reject line and does
 * not stop the others. In a folder with volumes, files of other kinds are only told to `note`.
 */
export async function* inspectPaths(
  host: DecoderHost,
  paths: readonly string[],
  request: InspectRequest,
  note: (line: string) => void,
): AsyncGenerator<InspectLine> {
  if (request.out !== null) makeOut(request.out)
  const taken = new Set<string>()
  for (const path of paths) {
    let sources: Source[]
    let refused: { path: string; error: ConcordError }[]
    try {
      ;({ sources, refused } = await host.discover([path], { onProgress: (n) => n > 1 && note(`${path}: ${n} files`) }))
    } catch (error) {
      yield rejectLine(path, path, error)
      continue
    }
    for (const source of sources) {
      try {
        const dataPath = request.out === null ? null : join(request.out, freeName(source, taken))
        const inspected = await host.inspect(source, { at: request.at, digest: request.digest, dataPath })
        yield imageLine(path, source, inspected)
      } catch (error) {
        yield rejectLine(path, source.path, error)
      }
    }
    for (const { path: file, error } of refused) {
      if (sources.length > 0 && error.code === 'format-unknown') note(`${file}: ${error.message}`)
      else yield rejectLine(path, file, error)
    }
    if (sources.length === 0 && refused.length === 0) {
      yield rejectLine(path, path, new ConcordError('folder-empty', `${basename(path)} holds no files.`))
    }
  }
}

function imageLine(path: string, source: Source, inspected: Inspected): InspectLine {
  const { format, dims, components, spacing, origin, direction, pixelType, unit, meta, warnings } = inspected.header
  const { min, max, mean, values, sha256, data } = inspected
  return {
    ...{ path, kind: 'image', format, dims, components, spacing, origin, direction, pixelType, unit },
    ...{ min, max, mean, ...(min === null ? { reason: 'no value is a number' } : {}), values, sha256, data, warnings },
    ...(source.path === path ? {} : { file: relative(path, source.path) || basename(source.path) }),
    ...(meta.seriesInstanceUID ? { seriesInstanceUID: meta.seriesInstanceUID } : {}),
    ...{ site: meta.site ?? null, side: meta.side ?? null, studyDate: meta.studyDate ?? null },
  }
}

function rejectLine(path: string, file: string, error: unknown): InspectLine {
  const { code, message } =
    error instanceof ConcordError ? error : { code: 'unexpected', message: `${basename(file)} could not be read.` }
  return { path, kind: 'reject', ...(file === path ? {} : { file: relative(path, file) }), code, message }
}

function makeOut(folder: string): void {
  try {
    makeFolder(folder)
  } catch {
    throw new ConcordError('output-unwritable', `The folder ${folder} cannot be made; choose another with --out.`)
  }
}

/** A file name for the values of a source that no other source of this run has. */
function freeName(source: Source, taken: Set<string>): string {
  const base = basename(source.path).replace(/[^\w.-]+/g, '_') || 'volume'
  let name = `${base}.f32`
  for (let n = 2; taken.has(name); n++) name = `${base}-${n}.f32`
  taken.add(name)
  return name
}
