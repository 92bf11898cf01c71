import { createHash } from 'node:crypto'
import { open, stat, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ConcordError, messageOf } from '../../domain/error.ts'
import { storageError } from '../../domain/storage-error.ts'
import { clearDrafts } from '../../files/drafts.ts'
import { writeWhole } from '../../files/whole.ts'
import { block, tarHeader } from '../../learning/tar.ts'
import {
  digestOfBytes,
  filling,
  message,
  names,
  pictureName,
  PORTION,
  taken,
  VERSION,
  type Manifest,
} from './format.ts'
import { counted, type Work } from './work.ts'

type Sign = (message: Uint8Array) => { keyId: string; publicKey: string; signature: string } | null

/**
 * Writes a packet whole or not at all; a file of that name is replaced when the new one is whole. Pictures are read twice: to be
 * measured, then to be written. Errors: `keys-locked`, `volume-missing`, `packet-no-room`, `packet-too-large`,
 * `packet-unwritable`, those of the disk.
 */
export async function writePacket(
  path: string,
  about: Omit<Manifest, 'format' | 'version' | 'entries' | 'signer'> & { accountId: string },
  rows: unknown,
  pictures: readonly { content: string; path: string }[],
  sign: Sign,
  work: Work = {},
): Promise<{ digest: string; bytes: number; publicKey: string }> {
  const signed = (text: Uint8Array) => {
    const found = sign(message(text))
    if (found) return found
    throw new ConcordError('keys-locked', 'Your own key is locked. Sign in again, then make the packet.')
  }
  const own = signed(Buffer.alloc(0))
  const { accountId, ...rest } = about
  const text = Buffer.from(JSON.stringify(rows))
  const sizes = await Promise.all(pictures.map((picture) => sizeOf(picture.path)))
  const total = sizes.reduce((sum, size) => sum + size, 0)
  const count = counted(work, 2 * total + text.length)
  await clearDrafts(dirname(path))
  await requireRoom(path, [text.length, ...sizes].map(taken))
  const entries: Manifest['entries'] = [{ name: names.rows, sha256: digestOfBytes(text), size: text.length }]
  for (const { content, path: from } of pictures)
    entries.push({ name: pictureName(content), ...(await measured(from, count, work)) })
  const manifest: Manifest = {
    ...{ format: 'concord-packet', version: VERSION, ...rest },
    ...{ signer: { accountId, keyId: own.keyId, publicKey: own.publicKey }, entries },
  }
  const head = Buffer.from(JSON.stringify(manifest))
  const signature = Buffer.from(signed(head).signature)
  async function* archive(): AsyncGenerator<Buffer> {
    for (const [name, content] of [
      [names.manifest, head],
      [names.signature, signature],
      [names.rows, text],
    ] as const)
      yield* [tarHeader(name, content.length), content, Buffer.alloc(filling(content.length))]
    count(text.length)
    for (const [index, { path: from }] of pictures.entries()) {
      const { name, size } = entries[index + 1]!
      yield tarHeader(name, size)
      for await (const part of portions(from, work)) {
        yield part
        count(part.length)
      }
      yield Buffer.alloc(filling(size))
    }
    yield Buffer.alloc(2 * block)
  }
  try {
    await writeWhole(path, archive(), 0o600)
    const { size } = await stat(path)
    return { digest: digestOfBytes(head), bytes: size, publicKey: own.publicKey }
  } catch (error) {
    if (error instanceof ConcordError || work.signal?.aborted) throw error
    if ((error as { code?: unknown }).code === 'EFBIG') throw tooLarge()
    throw (
      storageError(error) ??
      new ConcordError('packet-unwritable', `The packet could not be written to ${path} (${messageOf(error)}).`)
    )
  }
}

const tooLarge = (): ConcordError =>
  new ConcordError(
    'packet-too-large',
    'The file system there takes no file of this size (FAT32: 4 GB at most). Nothing was written: format the stick as exFAT, or take another one.',
  )

/** Whether there is room, before minutes are spent: a disk that does not say is tried. Error: `packet-no-room`. */
async function requireRoom(path: string, parts: readonly number[]): Promise<void> {
  const needed = parts.reduce((sum, size) => sum + size, 0)
  const found = await statfs(dirname(path)).catch(() => null)
  if (!found || found.bsize <= 0 || found.bavail * found.bsize >= needed) return
  const gigabytes = (bytes: number): string => `${(bytes / 1e9).toPrecision(3)} GB`
  throw new ConcordError(
    'packet-no-room',
    `The packet takes ${gigabytes(needed)}, and there are ${gigabytes(found.bavail * found.bsize)} free. Make room, or take another stick; nothing was written.`,
  )
}

const missing = (): ConcordError =>
  new ConcordError(
    'volume-missing',
    'The pictures of a scan are missing on this machine. Make the packet where they are, or import the scan again.',
  )

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => {
      throw missing()
    },
  )

async function measured(path: string, count: (bytes: number) => void, work: Work) {
  const hash = createHash('sha256')
  let size = 0
  for await (const part of portions(path, work)) {
    hash.update(part)
    size += part.length
    count(part.length)
  }
  return { sha256: hash.digest('hex'), size }
}

/** Error: `volume-missing`. */
async function* portions(path: string, { signal }: Work): AsyncGenerator<Buffer> {
  const file = await open(path, 'r').catch(() => {
    throw missing()
  })
  try {
    for (;;) {
      signal?.throwIfAborted()
      const buffer = Buffer.allocUnsafe(PORTION)
      const { bytesRead } = await file.read(buffer, 0, PORTION, null)
      if (bytesRead === 0) return
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}
