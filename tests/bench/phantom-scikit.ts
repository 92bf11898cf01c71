import { spawnSync } from 'node:child_process'
import { limbOf, limbSlice } from '../../src/main/phantom/bone.ts'
import { motionless } from '../../src/main/phantom/motion.ts'
import { lanes, project } from '../../src/main/phantom/project.ts'
import { reconstruct } from '../../src/main/phantom/reconstruct.ts'
import { attenuationOf, densityIntercept } from '../../src/main/phantom/units.ts'
import { openKernels } from '../../src/main/phantom/wasm/kernels.ts'
import type { Line } from './line.ts'
import { specOf } from './phantom-spec.ts'

/** Odd, so that the middle of the picture is the same point in both programs. */
const edge = 511
const views = 750

/**
 * The same slice through scikit-image: its radon of the picture, and its iradon of our projections, with the times.
 * Their views run along the columns, ours along the rows, hence the transposition. Exit code 3: it is not installed.
 */
const SCIKIT = `
import sys, time, json, warnings
import numpy as np
try: from skimage.transform import radon, iradon
except ImportError: sys.exit(3)
warnings.simplefilter('ignore')
n, views = int(sys.argv[1]), int(sys.argv[2])
data = np.frombuffer(sys.stdin.buffer.read(), np.float32).copy()
image = data[: n * n].reshape(n, n); ours = data[n * n : n * n + views * n].reshape(views, n)
theta = np.arange(views) * 180.0 / views
s = time.process_time(); theirs = radon(image.T, theta, circle=True).T; forward = time.process_time() - s
s = time.process_time(); back = iradon(ours.T.astype(float), theta, filter_name='hann', circle=True).T; backward = time.process_time() - s
y, x = np.mgrid[:n, :n] - n // 2; inside = x * x + y * y < (n // 2 - 2) ** 2
rms = lambda a: float(np.sqrt(np.mean(a ** 2)))
print(json.dumps([rms(ours - theirs) / rms(theirs), forward, backward, rms((back - image)[inside]) / rms(image[inside])]))
`

/** Our projector and back-projection beside scikit-image's, values and times, where Python has it (CONCORD_PYTHON or python3). */
export function compareWithScikit(line: Line): void {
  const pixel = 92 / edge
  const geometry = { size: edge, pixel, views }
  const density = limbSlice(limbOf(specOf('tibia', edge, 1, views, 'scikit')), 0, edge, pixel)
  const slice = density.map((value) => (value > densityIntercept + 0.01 ? attenuationOf(value) : 0))
  const slices = new Float32Array(edge * edge * lanes)
  for (let p = 0; p < slice.length; p++) for (let lane = 0; lane < lanes; lane++) slices[p * lanes + lane] = slice[p]!
  const angles = Float64Array.from({ length: views }, (_, k) => (k * Math.PI) / views)
  const kernels = openKernels()
  const timed = <T>(work: () => T): [T, number] => {
    work()
    const before = process.cpuUsage()
    const result = work()
    const { user, system } = process.cpuUsage(before)
    return [result, (user + system) / 1e6 / lanes]
  }
  const [sinogram, forward] = timed(() => project(slices, geometry, motionless, angles, kernels))
  const [back, backward] = timed(() => reconstruct(sinogram, geometry, kernels))
  // Line integrals in pixels, as radon gives them.
  const own = Float32Array.from({ length: views * edge }, (_, i) => sinogram[i * lanes]! / (pixel / 10))
  const theirs = scikit(slice, own)
  const [inside, error] = [squares(slice, () => 0), squares(slice, (p) => back[p * lanes]!)]
  const ours = Math.sqrt(error / inside)
  const versus = (name: string, value: number | undefined, unit: string): string =>
    value === undefined ? 'scikit-image (not installed)' : `scikit-image's ${name} ${value.toPrecision(3)} ${unit}`
  const ratio = (value: number | undefined, of: number): number | null => (value === undefined ? null : value / of)
  line(
    'projections of a 511 x 511 slice, 750 views, processor time',
    forward,
    's',
    versus('radon', theirs?.forward, 's'),
    ratio(theirs?.forward, forward),
  )
  line(
    'filter and back-projection of a slice, processor time',
    backward,
    's',
    versus('iradon', theirs?.backward, 's'),
    ratio(theirs?.backward, backward),
  )
  if (theirs) line('projections, RMS difference from radon over RMS', theirs.difference, '', 'radon', null)
  line(
    'reconstruction, RMS error over RMS of the slice',
    ours,
    '',
    versus('iradon (Hann)', theirs?.error, ''),
    ratio(theirs?.error, ours),
  )
}

/** Sum of squared differences within the circle that all views see. */
function squares(slice: Float32Array, other: (p: number) => number): number {
  const half = (edge - 1) / 2
  let sum = 0
  for (let p = 0; p < slice.length; p++)
    if (Math.hypot((p % edge) - half, Math.floor(p / edge) - half) < half - 2) sum += (slice[p]! - other(p)) ** 2
  return sum
}

function scikit(slice: Float32Array, sinogram: Float32Array) {
  const { status, stdout, stderr } = spawnSync(
    process.env.CONCORD_PYTHON ?? 'python3',
    ['-c', SCIKIT, String(edge), String(views)],
    {
      input: Buffer.concat([slice, sinogram].map((part) => Buffer.from(part.buffer))),
      env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
    },
  )
  if (status === 3 || status === null) return undefined
  if (status !== 0) throw new Error(`scikit-image failed: ${String(stderr)}`)
  const [difference, forward, backward, error] = JSON.parse(String(stdout)) as [number, number, number, number]
  return { difference, forward, backward, error }
}
