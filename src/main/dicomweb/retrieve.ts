import { createHash } from 'node:crypto'
import { createWriteStream, existsSync } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { ConcordError } from '../domain/error.ts'
import { storageError } from '../domain/storage-error.ts'
import { AT_ONCE, type Answer, type Client } from './client.ts'
import { tooLarge, truncated, wrongAnswer } from './failures.ts'
import { boundaryOf, partsOf } from './multipart.ts'
import { instancesOf } from './query.ts'

export interface WantedSeries {
  studyUid: string
  seriesUid: string
  /** How many instances the PACS counts; null where it does not say. */
  instances: number | null
}

/**
 * Fetches a series into a folder, a file an instance, as it is stored (WADO-RS, PS3.18 10.4). A file is there whole or not
 * at all, and what is there already is not fetched again: the same call goes on where another one ended.
 */
export async function retrieveSeries(
  client: Client,
  { studyUid, seriesUid, instances: counted }: WantedSeries,
  folder: string,
  {
    signal,
    onProgress = () => undefined,
  }: { signal?: AbortSignal; onProgress?: (done: number, total: number) => void },
): Promise<number> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const instances = await instancesOf(client, studyUid, seriesUid, counted, signal)
  const fileOf = (uid: string): string =>
    join(folder, `${createHash('sha256').update(uid).digest('hex').slice(0, 32)}.dcm`)
  const missing = instances.filter(({ uid }) => !existsSync(fileOf(uid)))
  let done = instances.length - missing.length
  onProgress(done, instances.length)
  // The first failure stops the others too.
  const stop = new AbortController()
  const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal
  const worker = async (): Promise<void> => {
    for (let next = missing.shift(); next !== undefined && !either.aborted; next = missing.shift()) {
      await fetchInstance(client, { studyUid, seriesUid, uid: next.uid }, fileOf(next.uid), either)
      onProgress(++done, instances.length)
    }
  }
  const ended = await Promise.allSettled(
    Array.from({ length: AT_ONCE }, () =>
      worker().catch((error: unknown) => {
        stop.abort()
        throw error
      }),
    ),
  )
  const errors = ended.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))
  const first = errors.find((error) => !(error instanceof ConcordError && error.code === 'cancelled')) ?? errors[0]
  if (first !== undefined) throw storageError(first) ?? (first as Error)
  if (signal?.aborted) throw new ConcordError('cancelled', 'This was stopped.')
  return instances.length
}

/** Fetches one instance into a file. Errors: of the network (failures.ts), `pacs-wrong-instance`, of the disk. */
async function fetchInstance(
  client: Client,
  { studyUid, seriesUid, uid }: { studyUid: string; seriesUid: string; uid: string },
  file: string,
  signal: AbortSignal,
): Promise<void> {
  const path = ['studies', studyUid, 'series', seriesUid, 'instances', uid]
  const dicom = 'multipart/related; type="application/dicom"'
  // As it is stored; a PACS that does not know the asterisk (406) is asked for what it likes.
  const as = (accept: string, also: number[]) => client.ask(path, { accept, signal, also })
  let answer = await as(`${dicom}; transfer-syntax=*`, [406])
  if (answer.status === 406) {
    answer.drop()
    answer = await as(dicom, [])
  }
  const part = `${file}.part`
  try {
    await pipeline(instanceIn(answer, client.limits.instanceBytes), createWriteStream(part, { mode: 0o600 }))
    if ((await instanceUidOf(part)) !== uid)
      throw new ConcordError('pacs-wrong-instance', 'The PACS gave another picture than it was asked for.')
    await rename(part, file)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
}

/** The bytes of the one instance in an answer, bare or as the first of its parts. */
async function* instanceIn(answer: Answer, most: number): AsyncGenerator<Buffer> {
  if (answer.type === 'application/dicom') {
    let bytes = 0
    for await (const chunk of answer.body) {
      bytes += chunk.length
      if (bytes > most) throw tooLarge()
      yield chunk
    }
    return
  }
  if (answer.type !== 'multipart/related') {
    answer.drop()
    throw wrongAnswer('with something that is no picture')
  }
  let count = 0
  for await (const part of partsOf(answer.body, boundaryOf(answer.contentType), most)) {
    const type = (part.headers.get('content-type') ?? '').split(';')[0]!.trim().toLowerCase()
    if (type !== 'application/dicom') throw wrongAnswer('with a part that is no DICOM')
    if (++count === 1) yield* part.body
  }
  if (count === 0) throw truncated()
}

/** Media Storage SOP Instance UID (0002,0003) of a file's meta information (PS3.10 7.1); null where it is no DICOM file. */
async function instanceUidOf(path: string): Promise<string | null> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0)
    const head = buffer.subarray(0, bytesRead)
    if (head.length < 140 || head.toString('latin1', 128, 132) !== 'DICM') return null
    const at = head.indexOf(Buffer.from([0x02, 0x00, 0x03, 0x00, 0x55, 0x49]), 132)
    if (at < 0 || at + 8 > head.length) return null
    return head.toString('latin1', at + 8, at + 8 + head.readUInt16LE(at + 6)).replace(/[\0 ]+$/, '')
  } finally {
    await file.close()
  }
}
