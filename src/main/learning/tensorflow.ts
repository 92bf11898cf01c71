import type * as tfjs from '@tensorflow/tfjs-node'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import util from 'node:util'
import { ConcordError, messageOf } from '../domain/error.ts'

export type TensorflowModule = typeof tfjs

/** All in bytes, for the whole process: every worker thread draws on the same memory. */
export interface AllocatorStatistics {
  /** In blocks that tensors and scratch hold. */
  readonly inUse: number
  /** In blocks kept for reuse. */
  readonly pooled: number
  /** The most that was in use at once since the addon was loaded. */
  readonly peak: number
  /** The most that tensors may take. */
  readonly cap: number
}

/** The addon's own allocator (native/README.md). */
export interface TensorflowAllocator {
  statistics(): AllocatorStatistics
  /** Gives the blocks kept for reuse back to the system; also happens when a worker that used TensorFlow ends. */
  trim(): void
  /** Tensors beyond `bytes` (0 or more) end in an "OOM when allocating tensor" error from now on. */
  setCap(bytes: number): void
}

export interface Tensorflow {
  readonly tf: TensorflowModule
  /** Version of the native library, such as `2.18.1`. */
  readonly version: string
  /** Null where the addon is the one that the package publishes (Windows, macOS). */
  readonly allocator: TensorflowAllocator | null
  /** `CPU`, or `GPU` followed by the card's model where the driver names it. */
  readonly device: string
}

interface Binding {
  TF_Version: string
  allocatorStatistics?(): AllocatorStatistics
  allocatorTrim?(): void
  allocatorSetCap?(bytes: number): void
}

/** Of the machine's memory, or of what its container allows: the rest is the viewer's and the system's. */
const SHARE_OF_MEMORY = 3 / 4

/**
 * Keeps TensorFlow's remarks about instruction sets and block sizes off the console. The library reads the variable as
 * it loads, and a worker's `process.env` is a copy: call this in the main thread, before the first worker starts.
 */
export function quietTensorflow(env: NodeJS.ProcessEnv = process.env): void {
  env.TF_CPP_MIN_LOG_LEVEL ??= '2'
}

/**
 * Loads TensorFlow into this thread (0.1-0.4 s; the next call returns at once). It belongs into a worker thread: its
 * operations block. Throws `tensorflow-unavailable` when the package or its addon is missing or does not load.
 */
export function loadTensorflow(): Tensorflow {
  quietTensorflow()
  restoreUtil(util)
  let tf: TensorflowModule
  try {
    // Not an import: the package finds its addon and its libraries by its own place and must stay out of any bundle.
    tf = createRequire(import.meta.url)('@tensorflow/tfjs-node') as TensorflowModule
  } catch (error) {
    const reason = messageOf(error).split('\n')[0]
    throw new ConcordError(
      'tensorflow-unavailable',
      `TensorFlow could not be loaded (${reason}); run the set-up again (node scripts/setup.mjs).`,
    )
  }
  const backend = tf.backend() as unknown as { binding: Binding; isUsingGpuDevice: boolean }
  const allocator = allocatorOf(backend.binding)
  if (allocator) lowerCap(allocator)
  return {
    tf,
    version: backend.binding.TF_Version,
    allocator,
    device: backend.isUsingGpuDevice ? ['GPU', ...graphicsCards()].join(' ') : 'CPU',
  }
}

/** tfjs-node 4.22 calls two functions that Node 23 removed from `util`. */
function restoreUtil(target: { isNullOrUndefined?: unknown; isArray?: unknown }): void {
  target.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined
  target.isArray ??= Array.isArray
}

function allocatorOf(binding: Binding): TensorflowAllocator | null {
  const { allocatorStatistics, allocatorTrim, allocatorSetCap } = binding
  if (!allocatorStatistics || !allocatorTrim || !allocatorSetCap) return null
  return {
    statistics: () => allocatorStatistics(),
    trim: () => allocatorTrim(),
    setCap: (bytes) => allocatorSetCap(bytes),
  }
}

/** The addon starts from the machine's memory; a container may allow less. */
function lowerCap(allocator: TensorflowAllocator): void {
  const limit = Math.min(totalmem(), process.constrainedMemory() || Infinity)
  const cap = Math.floor(limit * SHARE_OF_MEMORY)
  if (cap < allocator.statistics().cap) allocator.setCap(cap)
}

/** Models of the NVIDIA cards, as the Linux driver names them; empty where it does not. */
function graphicsCards(): string[] {
  const folder = '/proc/driver/nvidia/gpus'
  try {
    return readdirSync(folder).flatMap((name) => {
      const model = /^Model:\s*(.+)$/m.exec(readFileSync(join(folder, name, 'information'), 'utf8'))?.[1]
      return model ? [model.trim()] : []
    })
  } catch {
    return []
  }
}
