import { spawnSync } from 'node:child_process'
import { performance } from 'node:perf_hooks'
import {
  bootstrapIntervals,
  coincidences,
  fleissEstimate,
  fleissKappa,
  krippendorffAlpha,
  type Ratings,
  tabulate,
} from '../../src/main/domain/agreement/index.ts'
import { randomFrom } from '../../src/main/domain/random.ts'

type Line = (name: string, value: number, unit: string, comparedWith: string, ratio: number | null) => void

/** Votes of three readers who agree on seven of ten scans. */
function votes(subjects: number): Ratings {
  const random = randomFrom(`bench/${subjects}`)
  const codes = new Int8Array(subjects * 3)
  for (let s = 0; s < subjects; s += 1) {
    const grade = random.integer(5)
    for (let r = 0; r < 3; r += 1) codes[s * 3 + r] = random.uniform() < 0.7 ? grade : random.integer(5)
  }
  const names = Array.from({ length: subjects }, (_, s) => `S${s}`)
  return { subjects: names, raters: ['A', 'B', 'C'], categories: [1, 2, 3, 4, 5], codes, clusters: null }
}

/** Median time of `runs` runs, after one that is not counted, in milliseconds. */
function median(run: () => unknown, runs = 21): number {
  run()
  const times = Array.from({ length: runs }, () => {
    const start = performance.now()
    run()
    return performance.now() - start
  })
  return times.sort((a, b) => a - b)[runs >> 1]!
}

/** The same statistics with NumPy, from a table of codes 0..4 on standard input: value and median time of each. */
const NUMPY = `
import sys, time, json
import numpy as np
def counts(a): return np.stack([(a == k).sum(1) for k in range(5)], 1)
def fleiss(a):
    c = counts(a); n, m = a.shape
    pa = ((c * c).sum(1) - m).mean() / (m * (m - 1)); p = c.sum(0) / (n * m); pe = (p * p).sum()
    return (pa - pe) / (1 - pe)
def alpha(a):
    c = counts(a).astype(float); m = a.shape[1]
    o = (c.T @ c - np.diag(c.sum(0))) / (m - 1); n = o.sum(0); cum = np.cumsum(n)
    d = np.zeros((5, 5))
    for k in range(5):
        for l in range(k + 1, 5):
            d[k, l] = d[l, k] = (cum[l] - (cum[k - 1] if k else 0) - (n[k] + n[l]) / 2) ** 2
    return 1 - (n.sum() - 1) * (o * d).sum() / (np.outer(n, n) * d).sum()
def drawn(a): return np.random.default_rng(1).integers(0, len(a), (1000, len(a)))
def boot_fleiss(a):
    i = drawn(a); c = counts(a); n, m = a.shape
    pa = (((c * c).sum(1) - m) / (m * (m - 1)))[i].mean(1); p = c[i].sum(1) / (n * m); pe = (p * p).sum(1)
    return (pa - pe) / (1 - pe)
def boot_alpha(a):
    i = drawn(a); c = counts(a).astype(float); m = a.shape[1]
    own = (c[:, :, None] * c[:, None, :] - c[:, :, None] * np.eye(5)) / (m - 1)
    o = own[i].sum(1); n = o.sum(1); cum = np.cumsum(n, 1)
    low, high = np.minimum.outer(range(5), range(5)), np.maximum.outer(range(5), range(5))
    d = (cum[:, high] - cum[:, low] + (n[:, low] - n[:, high]) / 2) ** 2
    return 1 - (n.sum(1) - 1) * (o * d).sum((1, 2)) / (n[:, :, None] * n[:, None, :] * d).sum((1, 2))
def timed(f, runs):
    f(); t = []
    for _ in range(runs):
        s = time.perf_counter(); f(); t.append((time.perf_counter() - s) * 1000)
    return sorted(t)[runs // 2]
n = int(sys.argv[1]); data = np.frombuffer(sys.stdin.buffer.read(), np.int8)
a = data[: n * 3].reshape(n, 3); b = data[n * 3 :].reshape(-1, 3)
print(json.dumps([fleiss(a), timed(lambda: fleiss(a), 11), alpha(a), timed(lambda: alpha(a), 11),
    timed(lambda: boot_fleiss(b), 5), timed(lambda: boot_alpha(b), 5)]))
`

type Numpy = {
  fleiss: number
  fleissMs: number
  alpha: number
  alphaMs: number
  bootFleissMs: number
  bootAlphaMs: number
}

/** Null where there is no Python or no NumPy: then there is nothing to compare with. */
function numpy(large: Ratings, small: Ratings): Numpy | null {
  const { status, stdout } = spawnSync('python3', ['-c', NUMPY, String(large.subjects.length)], {
    input: Buffer.concat([large, small].map(({ codes }) => Buffer.from(codes.buffer))),
    env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
  })
  if (status !== 0) return null
  const [fleiss, fleissMs, alpha, alphaMs, bootFleissMs, bootAlphaMs] = JSON.parse(String(stdout)) as number[]
  return {
    fleiss: fleiss!,
    fleissMs: fleissMs!,
    alpha: alpha!,
    alphaMs: alphaMs!,
    bootFleissMs: bootFleissMs!,
    bootAlphaMs: bootAlphaMs!,
  }
}

/** Times Fleiss' kappa and ordinal alpha against NumPy on the same votes; a ratio above 1 means faster than NumPy. */
export function bench(line: Line): Promise<void> {
  const large = votes(100_000)
  const small = votes(1000)
  const other = numpy(large, small)
  const table = tabulate(small)
  const ordinal = (of: typeof table) => krippendorffAlpha(coincidences(of), of.categories, 'ordinal').estimate
  if (other && Math.abs(fleissEstimate(tabulate(large))! - other.fleiss) > 1e-9)
    throw new Error("Fleiss' kappa differs from NumPy's")
  if (other && Math.abs(ordinal(tabulate(large))! - other.alpha) > 1e-9) throw new Error("Alpha differs from NumPy's")
  const options = { resamples: 1000, seed: 1 }
  const figures: [string, number, number | undefined][] = [
    ['Fleiss kappa, 100,000 x 3', median(() => fleissKappa(tabulate(large))), other?.fleissMs],
    ['ordinal alpha, 100,000 x 3', median(() => ordinal(tabulate(large))), other?.alphaMs],
    [
      'Fleiss kappa, 1000 resamples of 1000',
      median(() => bootstrapIntervals(table, (of) => [fleissEstimate(of)], options), 5),
      other?.bootFleissMs,
    ],
    [
      'ordinal alpha, 1000 resamples of 1000',
      median(() => bootstrapIntervals(table, (of) => [ordinal(of)], options), 5),
      other?.bootAlphaMs,
    ],
  ]
  for (const [name, ms, theirs] of figures) {
    const against = theirs === undefined ? 'NumPy (not installed)' : `NumPy ${theirs.toFixed(1)} ms`
    line(name, ms, 'ms', against, theirs === undefined ? null : theirs / ms)
  }
  return Promise.resolve()
}
