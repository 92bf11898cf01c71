import type { LoadedVolume } from './volume.ts'

/** What the page asks of the worker. */
export type WorkerRequest =
  { kind: 'load'; load: number; scanId: string; url: string } | { kind: 'cancel'; load: number }

/** What the worker answers; one `loaded` or `failed` ends a load that was not cancelled. */
export type WorkerAnswer =
  | { kind: 'progress'; load: number; received: number; total: number }
  | { kind: 'loaded'; load: number; volume: LoadedVolume }
  | { kind: 'failed'; load: number; code: string; message: string }
