/** How near two grades count as agreeing: 1 on the diagonal, down to 0. */
export type WeightScheme = 'none' | 'linear' | 'quadratic' | 'ordinal'

/**
 * Agreement weights, q x q, row by row, over the DECLARED scale.
 * linear: 1 - |a - b| / range; quadratic: 1 - ((a - b) / range)^2, both by value (Cohen 1968; Fleiss & Cohen 1973).
 * ordinal: by rank, 1 - C(|k - l| + 1, 2) / C(q, 2) (Gwet 2014, Handbook of Inter-Rater Reliability, 4th ed., sec. 3.5).
 */
export function agreementWeights(categories: readonly number[], scheme: WeightScheme): Float64Array {
  const q = categories.length
  const range = categories[q - 1]! - categories[0]!
  const weights = new Float64Array(q * q)
  for (let k = 0; k < q; k += 1) {
    for (let l = 0; l < q; l += 1) {
      const gap = Math.abs(categories[k]! - categories[l]!)
      const steps = Math.abs(k - l)
      weights[k * q + l] =
        k === l
          ? 1
          : scheme === 'none'
            ? 0
            : scheme === 'linear'
              ? 1 - gap / range
              : scheme === 'quadratic'
                ? 1 - (gap / range) ** 2
                : 1 - (steps * (steps + 1)) / (q * (q - 1))
    }
  }
  return weights
}
