import { fileURLToPath } from 'node:url'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-node'
import { loadTensorflow } from '../../src/main/learning/tensorflow.ts'
import { limbOf, limbSlice } from '../../src/main/phantom/bone.ts'
import { motionless } from '../../src/main/phantom/motion.ts'
import { lanes, project } from '../../src/main/phantom/project.ts'
import { reconstruct } from '../../src/main/phantom/reconstruct.ts'
import { attenuationOf, densityIntercept } from '../../src/main/phantom/units.ts'
import { openKernels } from '../../src/main/phantom/wasm/kernels.ts'
import type { Line } from './line.ts'
import { specOf } from './phantom-spec.ts'

/** Four slices at once, as the phantom's own loops take them; few views, as TensorFlow is slow at it. */
const [size, views] = [512, 50]
const pixel = 92 / size

interface Figures {
  own: { forward: number; backward: number }
  tensorflow: { forward: number; backward: number }
  /** Largest difference of the projections over their largest value. */
  difference: number
}

/** The projector and back-projector beside the same sums in TensorFlow, in a worker thread that loads it as the learner does. */
export async function compareWithTensorflow(line: Line): Promise<void> {
  const figures = await new Promise<Figures>((resolve, reject) => {
    const worker = new Worker(fileURLToPath(import.meta.url))
    worker.once('message', resolve)
    worker.once('error', reject)
  })
  const { own, tensorflow, difference } = figures
  const say = (what: string, ours: number, theirs: number): void =>
    line(
      `${what} of four ${size} x ${size} slices, ${views} views, processor time`,
      ours,
      's',
      `TensorFlow in a worker ${theirs.toPrecision(3)} s`,
      theirs / ours,
    )
  say('projections', own.forward, tensorflow.forward)
  say('filter and back-projection', own.backward, tensorflow.backward)
  line('projections, largest difference from TensorFlow over the largest value', difference, '', '', null)
}

/** Processor time of all threads, the smaller of two turns after a first. */
async function timed<T>(work: () => T | Promise<T>): Promise<[T, number]> {
  let best = Infinity
  let result = await work()
  for (let turn = 0; turn < 2; turn++) {
    const before = process.cpuUsage()
    result = await work()
    const { user, system } = process.cpuUsage(before)
    best = Math.min(best, (user + system) / 1e6)
  }
  return [result, best]
}

async function measure(): Promise<Figures> {
  const { tf } = loadTensorflow()
  const geometry = { size, pixel, views }
  const kernels = openKernels()
  const slices = new Float32Array(size * size * lanes)
  const limb = limbOf(specOf('tibia', size, 4, views, 'tensorflow'))
  for (let lane = 0; lane < lanes; lane++)
    limbSlice(limb, lane, size, pixel).forEach((value, p) => {
      if (value > densityIntercept + 0.01) slices[p * lanes + lane] = attenuationOf(value)
    })
  const angles = Float64Array.from({ length: views }, (_, k) => (k * Math.PI) / views)
  const [sinogram, ownForward] = await timed(() => project(slices, geometry, motionless, angles, kernels))
  const [, ownBackward] = await timed(() => reconstruct(sinogram, geometry, kernels))

  const half = (size - 1) / 2
  const byRow = tf.tensor2d(slices, [size * size, lanes])
  const byColumn = tf.tidy(() =>
    byRow
      .reshape([size, size, lanes])
      .transpose([1, 0, 2])
      .reshape([size * size, lanes]),
  )
  const steps = tf.range(0, size, 1, 'float32')
  const lines = steps.expandDims(1)
  /** Joseph's rays (project.ts): where each bin meets each line, its two neighbours looked up. */
  const view = (theta: number): Tensor =>
    tf.tidy(() => {
      const [cos, sin] = [Math.cos(theta), Math.sin(theta)]
      const steep = Math.abs(sin) > Math.abs(cos)
      const step = steep ? -1 / sin : 1 / cos
      const slope = steep ? cos / sin : sin / cos
      const at = lines.sub(half).mul(slope).add(steps.sub(half).mul(step)).add(half)
      const low = at.floor()
      const share = at.sub(low).expandDims(2)
      const inside = at
        .greaterEqual(0)
        .logicalAnd(at.lessEqual(size - 1))
        .toFloat()
        .expandDims(2)
      const index = low
        .clipByValue(0, size - 2)
        .add(lines.mul(size))
        .toInt()
      const source = (steep ? byRow : byColumn) as Tensor2D
      const [a, b] = [tf.gather(source, index), tf.gather(source, index.add(tf.scalar(1, 'int32')))]
      const sums = a.add(b.sub(a).mul(share)).mul(inside).sum(0)
      return sums.mul((Math.abs(step) * pixel) / 10)
    })
  const [theirs, forward] = await timed(async () => {
    const all = tf.tidy(() => tf.stack([...angles].map(view)))
    const data = await all.data()
    all.dispose()
    return data
  })
  const [x, y] = [steps.sub(half).expandDims(0), steps.sub(half).expandDims(1)]
  const table = tf.tensor3d(sinogram, [views, size, lanes])
  /** The unfiltered views smeared back, nearest bins: the same sums as ours, without filter and finer bins. */
  const [, backward] = await timed(async () => {
    const sum = tf.tidy(() => {
      let all: Tensor = tf.zeros([size * size, lanes])
      for (const [k, theta] of angles.entries())
        all = tf.tidy(() => {
          const s = y
            .mul(Math.cos(theta))
            .sub(x.mul(Math.sin(theta)))
            .add(half)
            .round()
            .clipByValue(0, size - 1)
          return all.add(tf.gather(table.slice([k, 0, 0], [1, -1, -1]).squeeze([0]), s.reshape([-1]).toInt()))
        })
      return all
    })
    const data = await sum.data()
    sum.dispose()
    return data
  })
  const peak = sinogram.reduce((a, b) => Math.max(a, b), 0)
  const difference = sinogram.reduce((worst, value, i) => Math.max(worst, Math.abs(value - theirs[i]!)), 0) / peak
  return {
    own: { forward: ownForward, backward: ownBackward },
    tensorflow: { forward, backward },
    difference,
  }
}

if (!isMainThread) void measure().then((figures) => parentPort!.postMessage(figures))
