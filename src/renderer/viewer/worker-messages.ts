import type { EarlySlice, LoadedVolume } from './volume.ts'

/** What the page asks of the worker. */
export type WorkerRequest =
  | {
      kind: 'load'
      load: number
      scanId: string
      url: string
      /** Send the middle slice before the rest. */ early: boolean
    }
  /** One slice of a scan whose load is under way, ahead of the rest. */
  | { kind: 'slice'; load: number; scanId: string; url: string; slice: number | 'middle' }
  | { kind: 'cancel'; load: number }

/** What the worker answers; one `loaded` or `failed` ends a load that was not cancelled. */
export type WorkerAnswer =
  | { kind: 'early'; load: number; early: EarlySlice }
  | { kind: 'progress'; load: number; received: number; total: number }
  | { kind: 'loaded'; load: number; volume: LoadedVolume }
  | { kind: 'failed'; load: number; code: string; message: string }
