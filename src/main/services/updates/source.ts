import { createReadStream, createWriteStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { get } from 'node:https'
import { isAbsolute, join } from 'node:path'
import { Transform, type Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { getCACertificates } from 'node:tls'
import { ConcordError } from '../../domain/error.ts'
import { storageError } from '../../domain/storage-error.ts'

/** Where updates lie: a folder of the department, or an address of it. */
export interface UpdateSource {
  /** A small text file. */
  text(name: string): Promise<string>
  /** Copies a file of at most `bytes`; one that is longer is given up. */
  copy(name: string, to: string, bytes: number): Promise<void>
}

/** @param place an absolute path, or an https address. Errors: `update-place`. */
export function updateSource(place: string): UpdateSource {
  if (isAbsolute(place)) return fromFolder(place)
  if (/^https:\/\/[^\s]+$/.test(place)) return fromAddress(place)
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

/**
 * Asked only when an administrator presses the button; never by itself. Redirections are not followed. Certificates are those that
 * come with the program and those that the system trusts, as of a department's own authority.
 */
function fromAddress(address: string): UpdateSource {
  const ca = [...new Set([...getCACertificates('default'), ...getCACertificates('system')])]
  const fetched = (name: string): Promise<IncomingMessage> =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const url = new URL(name, address.endsWith('/') ? address : `${address}/`)
      get(url, { ca, signal: AbortSignal.timeout(600_000) }, (reply) => {
        if (reply.statusCode === 200) return resolve(reply)
        reply.destroy()
        reject(unreachable())
      }).on('error', () => reject(unreachable()))
    })
  return {
    async text(name) {
      const reply = await fetched(name)
      let text = ''
      try {
        for await (const chunk of reply.setEncoding('utf8')) {
          text += chunk as string
          if (text.length > 200_000) throw unreachable()
        }
      } catch {
        throw unreachable()
      }
      return text
    },
    copy: async (name, to, bytes) => save(await fetched(name), to, bytes),
  }
}

async function save(from: Readable, to: string, bytes: number): Promise<void> {
  let seen = 0
  const limit = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      seen += chunk.length
      next(seen > bytes ? new Error('longer than signed for') : null, chunk)
    },
  })
  try {
    await pipeline(from, limit, createWriteStream(to, { mode: 0o600 }))
  } catch (error) {
    // Ours is the disk that is written to; what cannot be read is the department's.
    const disk = (error as { code?: string }).code === 'ENOSPC' ? storageError(error) : null
    throw disk ?? unreachable()
  }
}

const unreachable = (): ConcordError =>
  new ConcordError(
    'update-unreachable',
    'The place for updates cannot be reached or holds none. Check it, then look again.',
  )
