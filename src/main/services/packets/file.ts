import { createHash, randomUUID } from 'node:crypto'
import { open, rename, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { ConcordError, messageOf } from '../../domain/error.ts'
import { storageError } from '../../domain/storage-error.ts'
import { block, parseTarHeader, tarHeader } from '../../learning/tar.ts'
import { isSignedBy } from '../../store/sealed/pairs.ts'

/**
 * A packet is a tar archive: a manifest that lists everything else with its SHA-256, the Ed25519 signature of the manifest, the
 * rows as JSON, then pictures. What was signed is the manifest's bytes; nothing is believed that it does not list.
 */
const names = { manifest: 'concord-packet.json', signature: 'signature', rows: 'rows.json' } as const
/** Rises when an older program could not read a packet any more. */
const VERSION = 1
const MANIFEST_MOST = 64 << 20
const ROWS_MOST = 256 << 20
const PORTION = 4 << 20

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const short = z.string().min(1).max(400)
const manifestShape = z.strictObject({
  format: z.literal('concord-packet'),
  version: z.literal(VERSION),
  kind: z.enum(['study', 'votes']),
  made: short,
  study: z.strictObject({ id: short, title: short }),
  reader: z.strictObject({ id: short, name: short }),
  signer: z.strictObject({ accountId: short, keyId: short, publicKey: short }),
  entries: z.array(z.strictObject({ name: z.string().max(100), sha256, size: z.int().min(0) })).min(1),
})
export type Manifest = z.infer<typeof manifestShape>
export interface Packet {
  manifest: Manifest
  /** SHA-256 of what was signed: names the packet. */
  digest: string
  rows: unknown
  /** Content of each picture -> the file that it lies in for now. */
  pictures: Map<string, string>
}
type Sign = (message: Uint8Array) => { keyId: string; publicKey: string; signature: string } | null

const message = (manifest: Uint8Array): Buffer => Buffer.concat([Buffer.from('concord packet 1\n'), manifest])
const pictureName = (content: string): string => `volumes/${content}.vol`
const digestOfBytes = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Writes a packet whole or not at all. Errors: `keys-locked`, `volume-missing`, `packet-unwritable`, those of the disk. */
export async function writePacket(
  path: string,
  about: Omit<Manifest, 'format' | 'version' | 'entries' | 'signer'> & { accountId: string },
  rows: unknown,
  pictures: readonly { content: string; path: string }[],
  sign: Sign,
): Promise<{ digest: string; bytes: number; publicKey: string }> {
  const own = sign(message(Buffer.alloc(0)))
  if (!own) throw new ConcordError('keys-locked', 'Your own key is locked. Sign in again, then make the packet.')
  const { accountId, ...rest } = about
  const text = Buffer.from(JSON.stringify(rows))
  const entries: Manifest['entries'] = [{ name: names.rows, sha256: digestOfBytes(text), size: text.length }]
  for (const { content, path: from } of pictures)
    entries.push({ name: pictureName(content), ...(await measured(from)) })
  const manifest: Manifest = {
    ...{ format: 'concord-packet', version: VERSION, ...rest },
    ...{ signer: { accountId, keyId: own.keyId, publicKey: own.publicKey }, entries },
  }
  const head = Buffer.from(JSON.stringify(manifest))
  const signature = Buffer.from(sign(message(head))!.signature)
  const temporary = `${path}.${randomUUID()}.part`
  try {
    const file = await open(temporary, 'wx', 0o600)
    try {
      for (const [name, content] of [
        [names.manifest, head],
        [names.signature, signature],
        [names.rows, text],
      ] as const) {
        await file.write(tarHeader(name, content.length))
        await file.write(content)
        await file.write(filling(content.length))
      }
      for (const [index, { path: from }] of pictures.entries()) {
        const { name, size } = entries[index + 1]!
        await file.write(tarHeader(name, size))
        for await (const part of portions(from)) await file.write(part)
        await file.write(filling(size))
      }
      await file.write(Buffer.alloc(2 * block))
      await file.sync()
      const { size } = await file.stat()
      await file.close()
      await rename(temporary, path)
      return { digest: digestOfBytes(head), bytes: size, publicKey: own.publicKey }
    } finally {
      await file.close().catch(() => undefined)
    }
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw error instanceof ConcordError
      ? error
      : (storageError(error) ??
          new ConcordError('packet-unwritable', `The packet could not be written to ${path} (${messageOf(error)}).`))
  }
}

/**
 * Reads a packet and checks all of it. Pictures go into the folder under names that nobody looks for; whoever keeps them
 * renames them, `discard` removes them. Errors: `packet-missing`, `packet-foreign`, `packet-newer`, `packet-unsigned`,
 * `packet-altered`, `packet-truncated`, those of the disk.
 */
export async function readPacket(path: string, kind: Manifest['kind'], folder: string): Promise<Packet> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw new ConcordError('packet-missing', `The packet ${path} cannot be read (${messageOf(error)}).`)
  })
  const pictures = new Map<string, string>()
  try {
    const from = new Archive(file)
    const head = await from.whole(names.manifest, MANIFEST_MOST, foreign)
    const manifest = manifestIn(head, kind)
    const signature = (await from.whole(names.signature, 1024, unsigned)).toString('latin1')
    if (!isSignedBy(manifest.signer.publicKey, message(head), signature)) throw altered()
    const [first, ...others] = manifest.entries
    const text = await from.whole(names.rows, ROWS_MOST, altered)
    if (first!.name !== names.rows || first!.size !== text.length || first!.sha256 !== digestOfBytes(text))
      throw altered()
    for (const entry of others) {
      const content = /^volumes\/([0-9a-f]{64})\.vol$/.exec(entry.name)?.[1]
      if (content === undefined || pictures.has(content)) throw altered()
      const part = join(folder, `.${content}.${randomUUID()}.part`)
      pictures.set(content, part)
      await from.toFile(entry, part)
    }
    await from.end()
    let rows: unknown
    try {
      rows = JSON.parse(text.toString())
    } catch {
      throw foreign()
    }
    return { manifest, digest: digestOfBytes(head), rows, pictures }
  } catch (error) {
    await discard(pictures)
    throw error instanceof ConcordError ? error : (storageError(error) ?? error)
  } finally {
    await file.close()
  }
}

export async function discard(pictures: ReadonlyMap<string, string>): Promise<void> {
  for (const part of pictures.values()) await rm(part, { force: true })
}

/** Where one entry after the other is read from. */
class Archive {
  readonly file: FileHandle
  at = 0

  constructor(file: FileHandle) {
    this.file = file
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
    const content = await this.bytes(size)
    await this.skip(size)
    return content
  }

  async toFile({ name, size, sha256: wanted }: Manifest['entries'][number], path: string): Promise<void> {
    if ((await this.header(name, altered)) !== size) throw altered()
    const hash = createHash('sha256')
    const out = await open(path, 'wx')
    try {
      for (let left = size; left > 0;) {
        const part = await this.bytes(Math.min(left, PORTION))
        hash.update(part)
        await out.write(part)
        left -= part.length
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
    const rest = (block - (size % block)) % block
    if (rest > 0 && (await this.bytes(rest)).some((byte) => byte !== 0)) throw altered()
  }

  async end(): Promise<void> {
    if ((await this.bytes(2 * block)).some((byte) => byte !== 0)) throw altered()
    if ((await this.file.stat()).size !== this.at) throw altered()
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

async function measured(path: string): Promise<{ sha256: string; size: number }> {
  const hash = createHash('sha256')
  let size = 0
  for await (const part of portions(path)) {
    hash.update(part)
    size += part.length
  }
  return { sha256: hash.digest('hex'), size }
}

/** Error: `volume-missing`. */
async function* portions(path: string): AsyncGenerator<Buffer> {
  const file = await open(path, 'r').catch(() => {
    throw new ConcordError(
      'volume-missing',
      'The pictures of a scan are missing on this machine. Make the packet where they are, or import the scan again.',
    )
  })
  try {
    for (;;) {
      const buffer = Buffer.allocUnsafe(PORTION)
      const { bytesRead } = await file.read(buffer, 0, PORTION, null)
      if (bytesRead === 0) return
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}

const filling = (size: number): Buffer => Buffer.alloc((block - (size % block)) % block)

export const foreign = (): ConcordError =>
  new ConcordError('packet-foreign', 'This is not a packet that Concord made. Nothing was changed.')
export const altered = (): ConcordError =>
  new ConcordError('packet-altered', 'This packet was altered after it was signed. Make it again; nothing was changed.')
const truncated = (): ConcordError =>
  new ConcordError('packet-truncated', 'This packet is cut off. Copy it again; nothing was changed.')
const unsigned = (): ConcordError =>
  new ConcordError('packet-unsigned', 'This packet has no signature. Make it again; nothing was changed.')
