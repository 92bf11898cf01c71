import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ConcordError, messageOf } from '../domain/error.ts'
import { addressOf, describedIn, ensembleFiles, networkFiles, readFiles, storeFiles } from './model-file.ts'
import { decodeArrays } from './safetensors.ts'
import { packTar, unpackTar } from './tar.ts'

/** What a model file says of itself, in its first entry. */
export interface PackageManifest {
  format: 'concord-model-file-1'
  /** Content address of the model that was exported. */
  model: string
  name: string
  /** Version of Concord that wrote it. */
  version: string
  /** The model, and before it the networks it is made of. */
  parts: { sha256: string; name: string; files: { name: string; sha256: string; size: number }[] }[]
}

const manifestName = 'concord-model.json'

/** Parts of a model file, checked and not yet stored. */
export interface OpenedPackage {
  manifest: PackageManifest
  parts: { sha256: string; name: string; files: Map<string, Buffer> }[]
}

/**
 * One file with everything a model needs on another workstation: a tar archive whose first entry lists the others with
 * their digests.
 * @param parts The networks first, the model itself last.
 * @throws ConcordError `model-missing`, `model-changed`.
 */
export function packModel(
  root: string,
  { name, version, parts }: { name: string; version: string; parts: { sha256: string; name: string }[] },
): Buffer {
  const read = parts.map((part) => ({ ...part, files: readFiles(join(root, part.sha256), part.sha256) }))
  const manifest: PackageManifest = {
    format: 'concord-model-file-1',
    model: parts.at(-1)!.sha256,
    name,
    version,
    parts: read.map(({ sha256, name: own, files }) => ({
      sha256,
      name: own,
      files: [...files].map(([file, content]) => ({ name: file, sha256: digest(content), size: content.length })),
    })),
  }
  const entries = read.flatMap(({ sha256, files }) => [...files].map(([file, c]) => [`${sha256}/${file}`, c] as const))
  return packTar(new Map([[manifestName, Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`)], ...entries]))
}

/**
 * Opens a model file and checks all of it: lengths, digests, content addresses, and that every array is whole.
 * @throws ConcordError `model-file-missing`, `model-file-foreign`, `model-file-newer`, `model-file-truncated`, `model-file-changed`.
 */
export function openPackage(path: string): OpenedPackage {
  const entries = entriesOf(path)
  const manifest = manifestOf(entries)
  const parts = manifest.parts.map(({ sha256, name, files }) => {
    const own = new Map(
      files.map((file) => {
        const content = entries.get(`${sha256}/${file.name}`)
        if (!content) throw truncated()
        if (content.length !== file.size || digest(content) !== file.sha256) throw changed()
        return [file.name, content]
      }),
    )
    if (addressOf(own) !== sha256) throw changed()
    return { sha256, name, files: own }
  })
  for (const { files } of parts) checkPart(files)
  return { manifest, parts }
}

/** Stores every part under its content address. Errors: `disk-full`, `file-not-written`. */
export function storePackage(root: string, { parts }: OpenedPackage): void {
  for (const { files } of parts) storeFiles(root, files)
}

function entriesOf(path: string): Map<string, Buffer> {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (error) {
    const gone = (error as NodeJS.ErrnoException).code === 'ENOENT'
    throw new ConcordError(
      'model-file-missing',
      gone
        ? 'There is no such model file; check the path.'
        : `The model file cannot be read: check that it is no folder and that you may read it (${messageOf(error)}).`,
    )
  }
  try {
    return unpackTar(bytes)
  } catch (error) {
    throw error instanceof ConcordError && error.code === 'archive-truncated' ? truncated() : foreign()
  }
}

function manifestOf(entries: ReadonlyMap<string, Buffer>): PackageManifest {
  const [first] = entries
  if (first?.[0] !== manifestName) throw foreign()
  let found: unknown
  try {
    found = JSON.parse(first[1].toString())
  } catch {
    throw foreign()
  }
  if (!isManifest(found)) throw isNewer(found) ? newer() : foreign()
  return found
}

const isText = (value: unknown): value is string => typeof value === 'string'
const isDigest = (value: unknown): boolean => isText(value) && /^[0-9a-f]{64}$/.test(value)
const known = new Set<string>([...networkFiles, ...ensembleFiles])

/** Names are taken from the list of a model's files and nothing else: no entry can lead out of its folder. */
function isManifest(value: unknown): value is PackageManifest {
  const { format, model, name, parts } = (value ?? {}) as Partial<PackageManifest>
  return (
    format === 'concord-model-file-1' &&
    isDigest(model) &&
    isText(name) &&
    Array.isArray(parts) &&
    parts.length > 0 &&
    parts.at(-1)!.sha256 === model &&
    parts.every(
      (part) =>
        isDigest(part.sha256) &&
        isText(part.name) &&
        Array.isArray(part.files) &&
        part.files.every((file) => known.has(file.name) && isDigest(file.sha256) && Number.isInteger(file.size)),
    )
  )
}

/** Weights that do not decode or a description of another version are refused before anything is stored. */
function checkPart(files: ReadonlyMap<string, Buffer>): void {
  const description = files.get('model.json')
  if (!description || !files.has('card.json')) throw foreign()
  try {
    if (describedIn(description).kind === 'network')
      decodeArrays(files.get('weights.safetensors') ?? Buffer.alloc(0), 'The model')
  } catch {
    throw foreign()
  }
}

const digest = (content: Buffer): string => createHash('sha256').update(content).digest('hex')
const truncated = (): ConcordError =>
  new ConcordError('model-file-truncated', 'The model file is cut off: copy it again from where it was exported.')
const changed = (): ConcordError =>
  new ConcordError('model-file-changed', 'The model file was changed after it was exported: export it again.')
/** Of a layout that this version does not know yet. */
const isNewer = (value: unknown): boolean => {
  const format = ((value ?? {}) as Partial<PackageManifest>).format as unknown
  const version = isText(format) ? /^concord-model-file-(\d{1,6})$/.exec(format)?.[1] : undefined
  return version !== undefined && Number(version) > 1
}
const newer = (): ConcordError =>
  new ConcordError(
    'model-file-newer',
    'A newer version of Concord exported this model: update Concord here, then import it again. Nothing was imported.',
  )
const foreign = (): ConcordError =>
  new ConcordError('model-file-foreign', 'This is not a model exported by Concord. Nothing was imported.')
