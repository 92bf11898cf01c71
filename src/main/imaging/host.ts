import { ConcordError } from '../domain/error.ts'
import { forkDecoder, type DecoderProcess } from './decoder-process.ts'
import { defaultLimits } from './limits.ts'
import type {
  DecodedVolume,
  Discovered,
  EstimatedMotion,
  Inspected,
  InspectOptions,
  Request,
  Source,
} from './protocol.ts'

export type { DecodedVolume, EstimatedMotion, Inspected, InspectOptions, Source } from './protocol.ts'

export interface Discovery {
  sources: Source[]
  refused: { path: string; error: ConcordError }[]
}

/**
 * Decoding in a process of its own: a file that crashes or hangs it is one failed file (`decoder-crashed`,
 * `decoder-timeout`), and the next request starts a new process. Requests are served one after another.
 */
export interface DecoderHost {
  /** Walks files and folders; bad files are in `refused`. onProgress gets the number of files seen so far. */
  discover(
    paths: string[],
    options?: { signal?: AbortSignal; onProgress?: (files: number) => void },
  ): Promise<Discovery>
  /** Decodes a source and tells what is in it. */
  inspect(source: Source, options?: Partial<InspectOptions> & { signal?: AbortSignal }): Promise<Inspected>
  /** Decodes a source into `folder` (cache.ts), whole or not at all. */
  decodeToCache(source: Source, folder: string, options?: { signal?: AbortSignal }): Promise<DecodedVolume>
  /** The quantitative motion estimate of a file of projections (domain/qme.ts). */
  estimateMotion(path: string, options?: { signal?: AbortSignal }): Promise<EstimatedMotion>
  close(): Promise<void>
}

export interface HostOptions {
  /** Longest time for one request, or between two signs of progress. */
  timeoutMs?: number
  /** Bytes of voxels one volume may need. */
  maxBytes?: number
}

/** The host for scripts and tests: the decoder is a plain Node process of the same executable. */
export function createForkHost(options: HostOptions = {}): DecoderHost {
  return createDecoderHost(() => forkDecoder().decoder, options)
}

interface Pending {
  request: Request
  signal: AbortSignal | undefined
  onProgress: ((files: number) => void) | undefined
  resolve: (result: unknown) => void
  reject: (error: Error) => void
}

/** The host around any way to start the decoder. */
export function createDecoderHost(start: () => DecoderProcess, options: HostOptions = {}): DecoderHost {
  const timeoutMs = options.timeoutMs ?? 300_000
  const maxBytes = options.maxBytes ?? defaultLimits.maxBytes
  const queue: Pending[] = []
  let running: { pending: Pending; timer: NodeJS.Timeout; onAbort: () => void } | null = null
  let decoder: DecoderProcess | null = null
  let closed = false
  let nextId = 1

  /** Ends the running request; `error` null means `result` counts. */
  function settle(error: ConcordError | null, result?: unknown): void {
    if (!running) return
    const { pending, timer, onAbort } = running
    running = null
    clearTimeout(timer)
    pending.signal?.removeEventListener('abort', onAbort)
    if (error) pending.reject(error)
    else pending.resolve(result)
    advance()
  }

  /** Ends the running request and with it the process, which may be stuck in it. */
  function abandon(error: ConcordError): void {
    const stuck = decoder
    decoder = null
    stuck?.kill()
    settle(error)
  }

  function ensureDecoder(): DecoderProcess {
    if (decoder) return decoder
    const started = start()
    decoder = started
    started.onReply((reply) => {
      if (decoder !== started || !running || reply.id !== running.pending.request.id) return
      if (reply.kind === 'progress') {
        // What moves is not stuck: the time starts again.
        running.timer.refresh()
        running.pending.onProgress?.(reply.files)
      } else if (reply.kind === 'done') settle(null, reply.result)
      else settle(new ConcordError(reply.error.code, reply.error.message))
    })
    started.onExit(() => {
      if (decoder !== started) return
      decoder = null
      settle(crashed())
    })
    return started
  }

  function advance(): void {
    if (running) return
    const pending = queue.shift()
    if (!pending) return
    if (pending.signal?.aborted) {
      pending.reject(cancelled())
      return advance()
    }
    const onAbort = () => abandon(cancelled())
    const timer = setTimeout(() => abandon(timedOut(timeoutMs)), timeoutMs)
    running = { pending, timer, onAbort }
    pending.signal?.addEventListener('abort', onAbort, { once: true })
    try {
      ensureDecoder().send(pending.request)
    } catch {
      // The process could not be started at all.
      settle(crashed())
    }
  }

  type Body<K extends Request['kind']> = Omit<Extract<Request, { kind: K }>, 'id'>
  function ask<K extends Request['kind']>(
    body: Body<K>,
    signal?: AbortSignal,
    onProgress?: (files: number) => void,
  ): Promise<unknown> {
    if (closed) return Promise.reject(new ConcordError('decoder-closed', 'The program is closing.'))
    return new Promise((resolve, reject) => {
      const request = { ...body, id: nextId++ } as unknown as Request
      queue.push({ request, signal, onProgress, resolve, reject })
      advance()
    })
  }

  return {
    async discover(paths, { signal, onProgress } = {}) {
      const found = (await ask<'discover'>({ kind: 'discover', paths }, signal, onProgress)) as Discovered
      const refused = found.refused.map(({ path, error }) => ({
        path,
        error: new ConcordError(error.code, error.message),
      }))
      return { sources: found.sources, refused }
    },
    async inspect(source, { signal, at = [], digest = false, dataPath = null } = {}) {
      const body = { kind: 'inspect', source, options: { at, digest, dataPath }, maxBytes } as const
      return (await ask<'inspect'>(body, signal)) as Inspected
    },
    async decodeToCache(source, folder, { signal } = {}) {
      const body = { kind: 'decodeToCache', source, folder, maxBytes } as const
      return (await ask<'decodeToCache'>(body, signal)) as DecodedVolume
    },
    async estimateMotion(path, { signal } = {}) {
      return (await ask<'estimateMotion'>({ kind: 'estimateMotion', path }, signal)) as EstimatedMotion
    },
    async close() {
      closed = true
      for (const pending of queue.splice(0)) pending.reject(cancelled())
      abandon(cancelled())
    },
  }
}

const crashed = (): ConcordError =>
  new ConcordError(
    'decoder-crashed',
    'Reading this file ended the decoder; the file is damaged or needs too much memory.',
  )

const cancelled = (): ConcordError => new ConcordError('cancelled', 'Reading was cancelled.')

const timedOut = (ms: number): ConcordError =>
  new ConcordError('decoder-timeout', `Reading this file took longer than ${Math.round(ms / 1000)} s and was given up.`)
