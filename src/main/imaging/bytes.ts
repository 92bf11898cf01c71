import { open, type FileHandle } from 'node:fs/promises'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream'
import { createGunzip, createInflate } from 'node:zlib'
import { ConcordError } from '../domain/error.ts'
import { badFile } from './limits.ts'

/** Bytes read in order: offsets must not go back, save to the head that was peeked at. */
export interface ByteSource {
  readonly path: string
  /** The length in bytes, null where it is only known at the end (compressed). */
  readonly size: number | null
  /** Up to `length` first bytes. */
  peek(length: number): Promise<Buffer>
  /** Fills `target` from `offset`; throws file-truncated where the source ends before. */
  readInto(target: Uint8Array, offset: number): Promise<void>
  close(): Promise<void>
}

/** Opens a file; refuses what is missing, empty, not a file or not readable. */
export async function openFile(path: string): Promise<ByteSource & { size: number }> {
  let handle: FileHandle
  try {
    handle = await open(path, 'r')
  } catch (error) {
    throw fileError(path, error)
  }
  try {
    const stat = await handle.stat()
    if (!stat.isFile()) throw badFile('format-unknown', path, 'is not a file.')
    if (stat.size === 0) throw badFile('file-empty', path, 'is empty. Copy it again from the scanner.')
    return plainSource(path, handle, stat.size)
  } catch (error) {
    await handle.close()
    throw error instanceof ConcordError ? error : fileError(path, error)
  }
}

function plainSource(path: string, handle: FileHandle, size: number): ByteSource & { size: number } {
  const readInto = async (target: Uint8Array, offset: number): Promise<void> => {
    let done = 0
    while (done < target.length) {
      // One read call moves at most 2 GiB.
      const length = Math.min(target.length - done, 1 << 28)
      const { bytesRead } = await handle.read(target, done, length, offset + done).catch((error: unknown) => {
        throw fileError(path, error)
      })
      if (bytesRead === 0) throw truncated(path)
      done += bytesRead
    }
  }
  return {
    path,
    size,
    peek: async (length) => {
      const head = Buffer.alloc(Math.min(length, size))
      await readInto(head, 0)
      return head
    },
    readInto,
    close: () => handle.close(),
  }
}

/** Inflates from `start` of a file as it is asked for, never further: a bomb costs only what its header declared. */
export function inflatingSource(path: string, kind: 'gzip' | 'zlib', start = 0): ByteSource {
  const inflate = kind === 'gzip' ? createGunzip() : createInflate()
  pipeline(createReadStream(path, { start }), inflate, () => undefined)
  const chunks = inflate[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  let head = Buffer.alloc(0)
  let rest: Buffer = head
  let position = 0

  const next = async (): Promise<boolean> => {
    try {
      const chunk = await chunks.next()
      if (chunk.done) return false
      rest = chunk.value
      return true
    } catch (error) {
      throw inflateError(path, error)
    }
  }
  const skipTo = async (offset: number): Promise<void> => {
    while (position < offset) {
      if (rest.length === 0 && !(await next())) throw truncated(path)
      const n = Math.min(rest.length, offset - position)
      rest = rest.subarray(n)
      position += n
    }
  }
  return {
    path,
    size: null,
    peek: async (length) => {
      while (head.length < length && (await next())) head = Buffer.concat([head, rest])
      rest = head
      return head.subarray(0, length)
    },
    readInto: async (target, offset) => {
      await skipTo(offset)
      let done = 0
      while (done < target.length) {
        if (rest.length === 0 && !(await next())) throw truncated(path)
        const n = Math.min(rest.length, target.length - done)
        target.set(rest.subarray(0, n), done)
        rest = rest.subarray(n)
        done += n
        position += n
      }
    },
    close: async () => {
      // What follows the data is read to its end where it is short, so that the checksum there is checked.
      try {
        for (let extra = 0; extra < 1 << 16 && (await next());) extra += rest.length
      } finally {
        inflate.destroy()
      }
    },
  }
}

function truncated(path: string): ConcordError {
  return badFile('file-truncated', path, 'ends before its image data does. Copy it again.')
}

/** An error of the file system as one of ours. */
export function fileError(path: string, error: unknown): ConcordError {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOENT') return badFile('file-missing', path, 'does not exist.')
  if (code === 'EACCES' || code === 'EPERM') {
    return badFile('file-unreadable', path, 'may not be read. Ask for the rights to it.')
  }
  return badFile('file-unreadable', path, `cannot be read (${code ?? 'unknown reason'}).`)
}

/** An error of zlib as one of ours. */
export function inflateError(path: string, error: unknown): ConcordError {
  if (error instanceof ConcordError) return error
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'Z_BUF_ERROR') return truncated(path)
  if (code?.startsWith('Z_') || code === 'ERR_BUFFER_TOO_LARGE') {
    return badFile('file-damaged', path, 'holds compressed data that is damaged. Copy it again.')
  }
  return fileError(path, error)
}
