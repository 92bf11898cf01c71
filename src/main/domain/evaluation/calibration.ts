/** One bar of a reliability diagram: of the scans with a probability in (from, to], how many, the mean probability, and the share that came true. */
export type CalibrationBin = { from: number; to: number; n: number; mean: number | null; share: number | null }
export type Calibration = {
  n: number
  bins: CalibrationBin[]
  /** Expected calibration error: mean distance of share and probability, weighted by the scans. Null without scans. */
  ece: number | null
  /** The largest such distance of any bin. */
  mce: number | null
}

const calibrationBins = 10

/**
 * Reliability in equal bins (C. Guo, G. Pleiss, Y. Sun & K. Weinberger, On calibration of modern neural networks, ICML
 * 2017, eqs 1-4). A probability of 0 belongs to the first bin.
 * @param probabilities 0 to 1. @param came Whether what was predicted came true.
 */
export function calibrationOf(
  probabilities: readonly number[],
  came: readonly boolean[],
  bins = calibrationBins,
): Calibration {
  const sums = Array.from({ length: bins }, () => ({ n: 0, probability: 0, true: 0 }))
  probabilities.forEach((p, scan) => {
    const bin = sums[Math.min(bins - 1, Math.max(0, Math.ceil(p * bins) - 1))]!
    bin.n += 1
    bin.probability += p
    if (came[scan]) bin.true += 1
  })
  const n = probabilities.length
  const gaps = sums.map((bin) => (bin.n === 0 ? 0 : Math.abs(bin.true - bin.probability) / bin.n))
  return {
    n,
    bins: sums.map((bin, k) => ({
      from: k / bins,
      to: (k + 1) / bins,
      n: bin.n,
      mean: bin.n === 0 ? null : bin.probability / bin.n,
      share: bin.n === 0 ? null : bin.true / bin.n,
    })),
    ece: n === 0 ? null : gaps.reduce((sum, gap, k) => sum + gap * sums[k]!.n, 0) / n,
    mce: n === 0 ? null : Math.max(...gaps),
  }
}

/** Below this a probability counts as this: its logarithm must be a number. */
const least = 1e-12

/** p^(1/T), scaled to sum to 1: above 1 the temperature flattens, below it sharpens; the most probable stays so. */
export function tempered(probabilities: readonly number[], temperature: number): number[] {
  const logs = probabilities.map((p) => Math.log(Math.max(p, least)) / temperature)
  const top = Math.max(...logs)
  const raised = logs.map((log) => Math.exp(log - top))
  const sum = raised.reduce((total, value) => total + value, 0)
  return raised.map((value) => value / sum)
}

/** Limits between which a temperature is sought: beyond them the fit has no information. */
export const temperatures = { least: 0.05, most: 20 } as const

/**
 * Temperature scaling (Guo 2017, section 4.2): the one temperature that makes the labels of held-out scans most probable.
 * Fit it on validation scans and judge it on others. The log-likelihood is concave in 1/T: bisection of its slope.
 * Null without scans, or where the network is right about all of them (no temperature is best, the lowest wins) or wrong.
 * @param labels Index of each scan's label.
 */
export function fitTemperature(rows: readonly (readonly number[])[], labels: readonly number[]): number | null {
  if (rows.length === 0) return null
  const logs = rows.map((row) => row.map((p) => Math.log(Math.max(p, least))))
  /** Slope of the log-likelihood by 1/T. */
  const slope = (inverse: number): number =>
    logs.reduce((sum, row, scan) => {
      const top = Math.max(...row)
      const raised = row.map((log) => Math.exp(inverse * (log - top)))
      const total = raised.reduce((all, value) => all + value, 0)
      const mean = raised.reduce((all, value, k) => all + value * row[k]!, 0) / total
      return sum + row[labels[scan]!]! - mean
    }, 0)
  let [low, high] = [1 / temperatures.most, 1 / temperatures.least]
  if (slope(low) <= 0 || slope(high) >= 0) return null
  for (let step = 0; step < 100; step += 1) {
    const middle = (low + high) / 2
    if (slope(middle) > 0) low = middle
    else high = middle
  }
  return 2 / (low + high)
}
