import { availableParallelism } from 'node:os'
import { motionAngles } from '../domain/qme.ts'
import { geometryOf } from './scan.ts'
import { stackLength } from './sites.ts'
import { planStudy } from './plan.ts'
import type { PlannedScan, StudyOptions } from './plan.ts'
import { cancelled, openPool } from './pool.ts'
import type { Pool } from './pool.ts'
import type { ScanSpec, SimulatedSlices } from './types.ts'

/** A scan with its voxels and the views for the motion estimate. */
export type SimulatedScan = PlannedScan & SimulatedSlices

export type SimulationControl = {
  /** Gets each scan in the plan's order; the next ones are held back until it is done. */
  onScan(scan: SimulatedScan): void | Promise<void>
  onProgress?(progress: { done: number; total: number }): void
  signal?: AbortSignal
  /** Names of scans that there are already: they count as done and are not made. */
  made?: ReadonlySet<string>
  /** Threads; by default one a core, two at most: the program has other work. */
  workers?: number
}

/** Slices a thread makes at a time: enough to use the shared geometry, few enough to share a large scan. */
const part = 16

/** Makes one scan on a pool's threads. */
export async function simulateScan(spec: ScanSpec, pool: Pool, perTask = part): Promise<SimulatedSlices> {
  const { size, slices } = spec
  const { size: bins, pixel } = geometryOf(spec)
  const plane = size * size
  const voxels = new Int16Array(slices * plane)
  const views = new Float32Array(3 * slices * bins)
  const tasks: Promise<void>[] = []
  for (let from = 0; from < slices; from += perTask) {
    const to = Math.min(slices, from + perTask)
    tasks.push(
      pool.slices(spec, from, to).then((made) => {
        voxels.set(made.voxels, from * plane)
        for (let view = 0; view < 3; view++)
          views.set(
            made.motionViews.subarray(view * (to - from) * bins, (view + 1) * (to - from) * bins),
            (view * slices + from) * bins,
          )
      }),
    )
  }
  await Promise.all(tasks)
  return {
    volume: { voxels, dims: [size, size, slices], spacing: [pixel, pixel, stackLength / slices] },
    motionViews: { angles: [...motionAngles], rows: slices, columns: bins, data: views },
  }
}

/**
 * Makes a study's scans, a few ahead of `onScan` at most, so that memory holds a handful however many there are.
 * Resolves to the plan, without voxels. Rejects with `cancelled` when the signal fires, and with what `onScan` throws.
 */
export async function simulateStudy(options: StudyOptions, control: SimulationControl): Promise<PlannedScan[]> {
  const plan = planStudy(options)
  const todo = plan.filter(({ id }) => !control.made?.has(id))
  const there = plan.length - todo.length
  const workers = control.workers ?? Math.min(2, availableParallelism())
  if (control.signal?.aborted) throw cancelled()
  if (todo.length === 0) {
    control.onProgress?.({ done: there, total: plan.length })
    return plan
  }
  const pool = openPool(workers)
  const stop = (): void => void pool.close()
  control.signal?.addEventListener('abort', stop)
  // Scans of few slices go whole to one thread; a lone scan is shared out evenly.
  const perTask = plan.length > 1 ? part : Math.min(part, Math.max(4, Math.ceil(options.slices / workers / 4) * 4))
  try {
    const ahead: Promise<SimulatedSlices>[] = []
    let started = 0
    const start = (): void => {
      const made = simulateScan(todo[started++]!.spec, pool, perTask)
      // Reported where it is awaited; a later scan's failure must not count as unhandled meanwhile.
      made.catch(() => undefined)
      ahead.push(made)
    }
    control.onProgress?.({ done: there, total: plan.length })
    for (let done = 0; done < todo.length; done++) {
      while (started < todo.length && ahead.length <= workers) start()
      const made = await ahead.shift()!
      // A scan that was finished ahead is not kept either: it stops where the person saw it stop.
      if (control.signal?.aborted) throw cancelled()
      await control.onScan({ ...todo[done]!, ...made })
      if (control.signal?.aborted) throw cancelled()
      control.onProgress?.({ done: there + done + 1, total: plan.length })
    }
    return plan
  } finally {
    control.signal?.removeEventListener('abort', stop)
    await pool.close()
  }
}
