import { parentPort } from 'node:worker_threads'
import type { MessagePort } from 'node:worker_threads'
import { messageOf } from '../domain/error.ts'
import { limbOf } from './bone.ts'
import type { Limb } from './bone.ts'
import { simulateSlices } from './scan.ts'
import type { ScanSpec } from './types.ts'
import { openKernels } from './wasm/kernels.ts'

/** Slices `from` to `to` (exclusive) of a scan. */
export type SliceTask = { task: number; spec: ScanSpec; from: number; to: number }
export type SliceResult =
  | { task: number; voxels: Int16Array<ArrayBuffer>; motionViews: Float32Array<ArrayBuffer> }
  | { task: number; error: string }

function serve(port: MessagePort): void {
  const kernels = openKernels()
  // The limb last worked on: a stack that comes in several parts needs it again.
  let last: { key: string; limb: Limb } | undefined
  port.on('message', ({ task, spec, from, to }: SliceTask) => {
    try {
      const key = `${spec.seed}/${spec.id}`
      if (last?.key !== key) last = { key, limb: limbOf(spec) }
      const { voxels, motionViews } = simulateSlices(spec, from, to, last.limb, kernels)
      const result: SliceResult = { task, voxels, motionViews }
      port.postMessage(result, [voxels.buffer, motionViews.buffer])
    } catch (error) {
      const result: SliceResult = { task, error: messageOf(error) }
      port.postMessage(result)
    }
  })
}

if (parentPort) serve(parentPort)
