import { createReadStream, createWriteStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ConcordError } from '../../domain/error.ts'
import { storageError } from '../../domain/storage-error.ts'
import { fetcher, type Patience } from './fetch.ts'

/** Where updates lie: a folder of the department, or an address of it. */
export interface UpdateSource {
  /** A small text file. */
  text(name: string): Promise<string>
  /** Copies a file of at most `bytes`; one that is longer is given up. Error: `update-altered`. */
  copy(name: string, to: string, bytes: number): Promise<void>
}

/** @param place an absolute path, or an https address. Errors: `update-place`; while it is read, those of fetch.ts. */
export function updateSource(place: string, patience?: Patience): UpdateSource {
  if (isAbsolute(place)) return fromFolder(place)
  if (/^https:\/\/[^\s]+$/.test(place) && URL.canParse(place)) return fromAddress(place, patience)
  throw new ConcordError(
    'update-place',
    'Name a folder by its whole path, or an address that begins with https.',
    'updatesFrom',
  )
}

const fromFolder = (folder: string): UpdateSource => ({
  text: (name) => readFile(join(folder, name), 'utf8').catch(() => Promise.reject(unreachable())),
  copy: (name, to, bytes) => save(createReadStream(join(folder, name)), to, bytes),
})

/** The longest that the signed file may be, in bytes: a manifest has at most 100,000 characters. */
const longestText = 200_000

function fromAddress(address: string, patience?: Patience): UpdateSource {
  const fetched = fetcher(address, patience)
  return {
    async text(name) {
      const chunks: Buffer[] = []
      let length = 0
      for await (const chunk of fetched(name)) {
        chunks.push(chunk)
        // What is longer is no manifest, and its beginning is none either: it is refused as unsigned.
        if ((length += chunk.length) > longestText) break
      }
      return Buffer.concat(chunks).toString('utf8')
    },
    copy: (name, to, bytes) => save(fetched(name), to, bytes),
  }
}

async function save(from: AsyncIterable<Buffer>, to: string, bytes: number): Promise<void> {
  let seen = 0
  const limit = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      seen += chunk.length
      next(seen > bytes ? altered() : null, chunk)
    },
  })
  try {
    await pipeline(from, limit, createWriteStream(to, { mode: 0o600 }))
  } catch (error) {
    if (error instanceof ConcordError) throw error
    // Ours is the disk that is written to; what cannot be read is the department's.
    const disk = (error as { code?: string }).code === 'ENOSPC' ? storageError(error) : null
    throw disk ?? unreachable()
  }
}

export const altered = (): ConcordError =>
  new ConcordError(
    'update-altered',
    'The file is not the one that was signed: it is damaged or was changed. It was deleted. Ask whoever put it there.',
  )

const unreachable = (): ConcordError =>
  new ConcordError(
    'update-unreachable',
    'The place for updates cannot be reached or holds none. Check it, then look again.',
  )
