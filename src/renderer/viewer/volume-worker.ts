/// <reference lib="webworker" />
import { contactSlices, thumbnailOf } from './contact-slices.ts'
import { blackenNotFinite, percentilesOf } from './percentiles.ts'
import { StreamError } from './volume-header.ts'
import { VolumeReceiver } from './volume-receiver.ts'
import type { LoadedVolume, Percentiles, VolumeHeader, Voxels } from './volume.ts'
import type { WorkerAnswer, WorkerRequest } from './worker-messages.ts'

// Reads scan streams outside the page's thread: the page stays free to scroll and to take keys while 84 MB arrive.

declare const self: DedicatedWorkerGlobalScope
const running = new Map<number, AbortController>()
/** About what a contact sheet shows: averaged here, so that the page does not have to skip pixels. */
const THUMBNAIL = 192
const PROGRESS_EVERY_MS = 100

const answer = (message: WorkerAnswer, transfer: Transferable[] = []) => self.postMessage(message, transfer)

/** The error body of the scheme is {code, message}. */
async function refusal(response: Response): Promise<{ code: string; message: string }> {
  try {
    const body = (await response.json()) as { code?: unknown; message?: unknown }
    if (typeof body.code === 'string' && typeof body.message === 'string')
      return { code: body.code, message: body.message }
  } catch {
    // Not JSON: the status has to do.
  }
  return { code: 'volume-refused', message: `The scan could not be opened (status ${response.status}).` }
}

async function receive(load: number, url: string, signal: AbortSignal, slices: number | null): Promise<VolumeReceiver> {
  const response = await fetch(url, { signal })
  if (!response.ok || !response.body) {
    const { code, message } = await refusal(response)
    throw Object.assign(new Error(message), { code })
  }
  const receiver = new VolumeReceiver(slices)
  const reader = response.body.getReader()
  let told = performance.now()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return receiver
    receiver.push(value)
    const now = performance.now()
    if (slices !== null || now - told < PROGRESS_EVERY_MS) continue
    told = now
    answer({ kind: 'progress', load, ...receiver.progress })
  }
}

function percentiles(header: VolumeHeader, voxels: Voxels): Percentiles {
  return header.percentiles ?? (percentilesOf(voxels, [0.005, 0.05, 0.5, 0.95, 0.995]) as Percentiles)
}

/** One slice before the rest: half a megabyte instead of a hundred. */
async function early(load: number, scanId: string, url: string, wanted: number | 'middle', signal: AbortSignal) {
  const { header, voxels } = (await receive(load, `${url}?slices=${wanted}`, signal, 1)).finish()
  blackenNotFinite(voxels)
  const slice = wanted === 'middle' ? Math.floor(header.dims[2] / 2) : wanted
  if (signal.aborted) return
  const one = { scanId, header, slice, voxels, percentiles: percentiles(header, voxels) }
  answer({ kind: 'early', load, early: one }, [voxels.buffer])
}

function prepare(scanId: string, receiver: VolumeReceiver): LoadedVolume {
  const { header, voxels } = receiver.finish()
  blackenNotFinite(voxels)
  const thumbnails = contactSlices(header.dims[2]).map((slice) => thumbnailOf(voxels, header, slice, THUMBNAIL))
  return { scanId, header, voxels, thumbnails, percentiles: percentiles(header, voxels) }
}

async function run(request: Extract<WorkerRequest, { kind: 'load' }>): Promise<void> {
  const { load, scanId, url } = request
  const abort = new AbortController()
  running.set(load, abort)
  try {
    if (request.early) await early(load, scanId, url, 'middle', abort.signal)
    const volume = prepare(scanId, await receive(load, url, abort.signal, null))
    if (abort.signal.aborted) return
    answer({ kind: 'loaded', load, volume }, [volume.voxels.buffer, ...volume.thumbnails.map((t) => t.values.buffer)])
  } catch (caught) {
    if (abort.signal.aborted) return
    const message = caught instanceof Error ? caught.message : String(caught)
    const code = caught instanceof StreamError ? caught.code : (caught as { code?: unknown }).code
    answer({ kind: 'failed', load, code: typeof code === 'string' ? code : 'volume-interrupted', message })
  } finally {
    running.delete(load)
  }
}

self.onmessage = (event: MessageEvent<WorkerRequest>) => {
  const request = event.data
  const abort = running.get(request.load)
  if (request.kind === 'load') void run(request)
  else if (request.kind === 'cancel') abort?.abort()
  else if (abort) {
    const { load, scanId, url, slice } = request
    // The load itself says what is wrong, if anything is.
    early(load, scanId, url, slice, abort.signal).catch(() => undefined)
  }
}
