import type { EarlySlice, LoadedVolume } from './volume.ts'
import type { WorkerAnswer, WorkerRequest } from './worker-messages.ts'

export type VolumeOutcome = { ok: true; volume: LoadedVolume } | { ok: false; code: string; message: string }
export interface Progress {
  received: number
  total: number
}
/** What somebody who waits for a scan is told meanwhile. */
export interface Waiting {
  progress?: (progress: Progress) => void
  /** A slice is here before the rest. */
  early?: (slice: EarlySlice) => void
}
/** A scan that will be wanted soon, and about how many bytes it takes. */
export interface Wish {
  scanId: string
  bytes: number
}
/** A scan to be fetched ahead; its pictures have 16 bits a voxel. */
export const wishOf = ({ scanId, dims }: { scanId: string; dims: readonly [number, number, number] }): Wish => ({
  scanId,
  bytes: dims[0] * dims[1] * dims[2] * 2,
})
/** The part of a Worker that the store needs. */
export interface LoadWorker {
  postMessage: (request: WorkerRequest) => void
  onmessage: ((event: { data: WorkerAnswer }) => void) | null
  onerror: ((event: { message?: string }) => void) | null
  terminate: () => void
}

interface Running {
  load: number
  scanId: string
  /** Somebody looks at a progress bar; otherwise it is loaded ahead. */
  urgent: boolean
  promise: Promise<VolumeOutcome>
  settle: (outcome: VolumeOutcome) => void
  listeners: Set<Waiting>
}

/** Scans kept that are neither on the screen nor wished for: the one before, and exemplars that were looked at. */
const MOST_SPARE = 5

const urlOf = (scanId: string): string => `scan://volume/${encodeURIComponent(scanId)}`

/**
 * Volumes near at hand: the least recently used go first once `budget` bytes are held. A scan that is waited for
 * comes before those loaded ahead, which come one after another.
 */
export class VolumeStore {
  readonly #start: () => LoadWorker
  readonly #budget: number
  /** In order of use, the latest last. */
  readonly #held = new Map<string, LoadedVolume>()
  readonly #running = new Map<string, Running>()
  #wishes: Wish[] = []
  /** Scans on the screen, and in how many places: never dropped. */
  readonly #shown = new Map<string, number>()
  #worker: LoadWorker | null = null
  #loads = 0

  constructor(start: () => LoadWorker, budget: number) {
    this.#start = start
    this.#budget = budget
  }

  /** Bytes of voxels held. */
  get bytes(): number {
    let sum = 0
    for (const volume of this.#held.values()) sum += volume.voxels.byteLength
    return sum
  }

  /** The volume if it is here; counts as use. */
  get(scanId: string): LoadedVolume | undefined {
    const volume = this.#held.get(scanId)
    if (!volume) return undefined
    this.#held.delete(scanId)
    this.#held.set(scanId, volume)
    return volume
  }

  has(scanId: string): boolean {
    return this.#held.has(scanId)
  }

  /** The volume for the screen: from memory, from a load under way, or loaded now, before anything loaded ahead. */
  async open(scanId: string, waiting: Waiting = {}): Promise<VolumeOutcome> {
    this.#shown.set(scanId, (this.#shown.get(scanId) ?? 0) + 1)
    const volume = this.get(scanId)
    if (volume) {
      this.#next()
      return { ok: true, volume }
    }
    for (const other of [...this.#running.values()]) if (other.scanId !== scanId && !other.urgent) this.#stop(other)
    const under = this.#running.get(scanId)
    const running = under ?? this.#load(scanId, true)
    running.urgent = true
    running.listeners.add(waiting)
    // A load ahead that is under way sends its slices in order: the middle one must not wait for them.
    if (under) this.slice(scanId, 'middle')
    return running.promise
  }

  /** Asks for one slice (0-based) ahead of the rest while a scan is on its way; it comes to the `early` of those who wait. */
  slice(scanId: string, slice: number | 'middle'): void {
    const running = this.#running.get(scanId)
    if (running) this.#worker?.postMessage({ kind: 'slice', load: running.load, scanId, url: urlOf(scanId), slice })
  }

  /** One place waits for it no more. When it was the last, a load that is not wished for ahead is stopped. */
  leave(scanId: string): void {
    const places = (this.#shown.get(scanId) ?? 1) - 1
    if (places > 0) return void this.#shown.set(scanId, places)
    this.#shown.delete(scanId)
    const running = this.#running.get(scanId)
    if (!running) return
    running.urgent = false
    running.listeners.clear()
    if (!this.#wishes.some((wish) => wish.scanId === scanId)) this.#stop(running)
    this.#next()
  }

  /** Drops a scan that is shown nowhere: it is not kept for a step back. */
  forget(scanId: string): void {
    if (!this.#shown.has(scanId)) this.#held.delete(scanId)
  }

  /** Starts the worker before there is anything to load. */
  warm(): void {
    this.#awake()
  }

  /** The scans to load ahead, soonest first; replaces what was wished before. */
  ahead(wishes: readonly Wish[]): void {
    this.#wishes = [...wishes]
    for (const running of [...this.#running.values()]) {
      if (!running.urgent && !wishes.some((wish) => wish.scanId === running.scanId)) this.#stop(running)
    }
    this.#next()
  }

  /** Forgets everything and ends the worker: when somebody else signs in, nothing of the scans is left. */
  clear(): void {
    this.#wishes = []
    this.#shown.clear()
    for (const running of [...this.#running.values()]) this.#stop(running)
    this.#held.clear()
    this.#worker?.terminate()
    this.#worker = null
  }

  #load(scanId: string, early: boolean): Running {
    let settle: (outcome: VolumeOutcome) => void = () => undefined
    const promise = new Promise<VolumeOutcome>((resolve) => (settle = resolve))
    const running: Running = { load: ++this.#loads, scanId, urgent: false, promise, settle, listeners: new Set() }
    this.#running.set(scanId, running)
    this.#awake().postMessage({ kind: 'load', load: running.load, scanId, url: urlOf(scanId), early })
    return running
  }

  #stop(running: Running): void {
    this.#worker?.postMessage({ kind: 'cancel', load: running.load })
    this.#end(running, { ok: false, code: 'volume-cancelled', message: 'Loading was stopped.' })
  }

  #end(running: Running, outcome: VolumeOutcome): void {
    this.#running.delete(running.scanId)
    running.settle(outcome)
  }

  /** Starts the next wish when nothing else is loading and it fits beside the scans that are needed more. */
  #next(): void {
    if (this.#running.size > 0) return
    let needed = 0
    for (const scanId of this.#shown.keys()) needed += this.#held.get(scanId)?.voxels.byteLength ?? 0
    for (const wish of this.#wishes) {
      const held = this.#held.get(wish.scanId)
      needed += held?.voxels.byteLength ?? wish.bytes
      if (needed > this.#budget) return
      if (held) continue
      this.#load(wish.scanId, false)
      return
    }
  }

  #keep(volume: LoadedVolume): void {
    this.#held.set(volume.scanId, volume)
    const wished = new Set(this.#wishes.map((wish) => wish.scanId))
    const dispensable = (scanId: string) => !this.#shown.has(scanId) && scanId !== volume.scanId
    let spare = 0
    // The latest first: what was seen before and is neither wished for nor shown stays for a step back only, so that
    // memory does not grow with the queue.
    for (const scanId of [...this.#held.keys()].reverse()) {
      if (dispensable(scanId) && !wished.has(scanId) && ++spare > MOST_SPARE) this.#held.delete(scanId)
    }
    for (const sparing of [true, false]) {
      for (const scanId of [...this.#held.keys()]) {
        if (this.bytes <= this.#budget) return
        if (dispensable(scanId) && !(sparing && wished.has(scanId))) this.#held.delete(scanId)
      }
    }
  }

  #awake(): LoadWorker {
    if (this.#worker) return this.#worker
    const worker = this.#start()
    worker.onmessage = ({ data }) => this.#hear(data)
    worker.onerror = ({ message }) => {
      worker.terminate()
      this.#worker = null
      const sentence = message || 'The part of the program that reads scans stopped.'
      this.#wishes = []
      for (const running of [...this.#running.values()]) {
        this.#end(running, { ok: false, code: 'volume-interrupted', message: sentence })
      }
    }
    this.#worker = worker
    return worker
  }

  #hear(answer: WorkerAnswer): void {
    const running = [...this.#running.values()].find((one) => one.load === answer.load)
    if (!running) return
    if (answer.kind === 'progress') {
      for (const { progress } of running.listeners) progress?.({ received: answer.received, total: answer.total })
      return
    }
    if (answer.kind === 'early') {
      for (const { early } of running.listeners) early?.(answer.early)
      return
    }
    if (answer.kind === 'loaded') {
      this.#keep(answer.volume)
      this.#end(running, { ok: true, volume: answer.volume })
    } else {
      // Not asked for again by itself: the page that needs it says what happened and offers to try again.
      this.#wishes = this.#wishes.filter((wish) => wish.scanId !== running.scanId)
      this.#end(running, { ok: false, code: answer.code, message: answer.message })
    }
    this.#next()
  }
}
