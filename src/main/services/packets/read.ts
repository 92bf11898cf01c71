import { createHash } from 'node:crypto'
import { open, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { ConcordError, messageOf } from '../../domain/error.ts'
import { storageError } from '../../domain/storage-error.ts'
import { draftOf } from '../../files/drafts.ts'
import { block, parseTarHeader } from '../../learning/tar.ts'
import { isSignedBy } from '../../store/sealed/pairs.ts'
import {
  altered,
  digestOfBytes,
  filling,
  foreign,
  MANIFEST_MOST,
  manifestShape,
  message,
  names,
  PORTION,
  ROWS_MOST,
  taken,
  truncated,
  unreadable,
  unsigned,
  VERSION,
  type Head,
  type Manifest,
  type Packet,
} from './format.ts'
import { counted, type Work } from './work.ts'

/**
 * What a packet says it is, with its signature checked and its length; of what it holds nothing is read. Errors: as
 * `readPacket`.
 */
export const readHead = (path: string, kind: Manifest['kind']): Promise<Head> =>
  within(path, async (file) => headOf(new Archive(file), kind))

/**
 * Reads a packet and checks all of it. Pictures go into the folder under names that nobody looks for; whoever keeps them
 * renames them, `discard` removes them. Errors: `packet-missing`, `packet-foreign`, `packet-newer`, `packet-unsigned`,
 * `packet-altered`, `packet-truncated`, `packet-other-kind`, `packet-unreadable`, those of the disk.
 */
export async function readPacket(
  path: string,
  kind: Manifest['kind'],
  folder: string,
  work: Work = {},
): Promise<Packet> {
  const pictures = new Map<string, string>()
  try {
    return await within(path, async (file) => {
      const from = new Archive(file)
      const { manifest, digest } = await headOf(from, kind)
      const [first, ...others] = manifest.entries
      const count = counted(
        work,
        manifest.entries.reduce((sum, { size }) => sum + size, 0),
      )
      const text = await from.whole(names.rows, ROWS_MOST, altered)
      if (first!.name !== names.rows || first!.size !== text.length || first!.sha256 !== digestOfBytes(text))
        throw altered()
      count(text.length)
      for (const entry of others) {
        const content = /^volumes\/([0-9a-f]{64})\.vol$/.exec(entry.name)?.[1]
        if (content === undefined || pictures.has(content)) throw altered()
        const part = draftOf(join(folder, `${content}.vol`))
        pictures.set(content, part)
        await from.toFile(entry, part, count, work)
      }
      await from.end()
      try {
        return { manifest, digest, rows: JSON.parse(text.toString()) as unknown, pictures }
      } catch {
        throw foreign()
      }
    })
  } catch (error) {
    await discard(pictures)
    throw error
  }
}

export async function discard(pictures: ReadonlyMap<string, string>): Promise<void> {
  for (const part of pictures.values()) await rm(part, { force: true })
}

async function within<R>(path: string, read: (file: FileHandle) => Promise<R>): Promise<R> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw new ConcordError('packet-missing', `The packet ${path} cannot be read (${messageOf(error)}).`)
  })
  try {
    return await read(file)
  } catch (error) {
    if (error instanceof ConcordError || (error as { name?: unknown }).name === 'AbortError') throw error
    if ((error as { code?: unknown }).code === 'EISDIR') throw foreign()
    throw storageError(error) ?? unreadable(error)
  } finally {
    await file.close()
  }
}

async function headOf(from: Archive, kind: Manifest['kind']): Promise<Head> {
  const head = await from.whole(names.manifest, MANIFEST_MOST, foreign)
  const manifest = manifestIn(head, kind)
  const signature = (await from.whole(names.signature, 1024, unsigned)).toString('latin1')
  if (!isSignedBy(manifest.signer.publicKey, message(head), signature)) throw altered()
  const whole = manifest.entries.reduce((sum, { size }) => sum + taken(size), from.at) + 2 * block
  if ((await from.size()) < whole) throw truncated()
  return { manifest, digest: digestOfBytes(head) }
}

/** Where one entry after the other is read from. */
class Archive {
  readonly file: FileHandle
  at = 0

  constructor(file: FileHandle) {
    this.file = file
  }

  async size(): Promise<number> {
    return (await this.file.stat()).size
  }

  async bytes(length: number): Promise<Buffer> {
    const buffer = Buffer.alloc(length)
    const { bytesRead } = await this.file.read(buffer, 0, length, this.at)
    if (bytesRead < length) throw this.at === 0 ? foreign() : truncated()
    this.at += length
    return buffer
  }

  async header(name: string, otherwise: () => ConcordError): Promise<number> {
    const begins = this.at === 0
    const bytes = await this.bytes(block)
    let found: ReturnType<typeof parseTarHeader>
    try {
      found = parseTarHeader(bytes)
    } catch {
      throw begins ? foreign() : altered()
    }
    if (found?.name !== name) throw otherwise()
    return found.size
  }

  async whole(name: string, most: number, otherwise: () => ConcordError): Promise<Buffer> {
    const size = await this.header(name, otherwise)
    if (size > most) throw foreign()
    if (this.at + size > (await this.size())) throw truncated()
    const content = await this.bytes(size)
    await this.skip(size)
    return content
  }

  async toFile(
    { name, size, sha256: wanted }: Manifest['entries'][number],
    path: string,
    count: (bytes: number) => void,
    { signal }: Work,
  ): Promise<void> {
    if ((await this.header(name, altered)) !== size) throw altered()
    const hash = createHash('sha256')
    const out = await open(path, 'wx')
    try {
      for (let left = size; left > 0;) {
        signal?.throwIfAborted()
        const part = await this.bytes(Math.min(left, PORTION))
        hash.update(part)
        await out.write(part)
        left -= part.length
        count(part.length)
      }
      await out.sync()
    } finally {
      await out.close()
    }
    if (hash.digest('hex') !== wanted) throw altered()
    await this.skip(size)
  }

  /** What fills the last block of an entry: nothing may hide there. */
  async skip(size: number): Promise<void> {
    const rest = filling(size)
    if (rest > 0 && (await this.bytes(rest)).some((byte) => byte !== 0)) throw altered()
  }

  async end(): Promise<void> {
    if ((await this.bytes(2 * block)).some((byte) => byte !== 0)) throw altered()
    if ((await this.size()) !== this.at) throw altered()
  }
}

function manifestIn(bytes: Buffer, kind: Manifest['kind']): Manifest {
  let found: unknown
  try {
    found = JSON.parse(bytes.toString())
  } catch {
    throw foreign()
  }
  const { format, version } = (found ?? {}) as { format?: unknown; version?: unknown }
  if (format !== 'concord-packet') throw foreign()
  if (typeof version === 'number' && version > VERSION)
    throw new ConcordError('packet-newer', 'This packet was made by a newer version of Concord. Install that version.')
  const manifest = manifestShape.safeParse(found)
  if (!manifest.success) throw foreign()
  if (manifest.data.kind !== kind)
    throw new ConcordError(
      'packet-other-kind',
      kind === 'study'
        ? 'This packet holds votes to be merged, not a study to be read.'
        : 'This packet holds a study to be read, not votes to be merged.',
    )
  return manifest.data
}
