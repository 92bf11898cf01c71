/**
 * Area under the ROC curve: the probability that a positive scan has a higher score than a negative one, a tie counting
 * half (J. Hanley & B. McNeil, Radiology 143, 29-36, 1982). Weights are how often a scan counts, for the bootstrap by patient; DeLong’s
 * interval (E. DeLong, Biometrics 44, 837-845, 1988) takes the scans of one patient for independent.
 */
export type AucOrder = {
  /** Scans by ascending score. */
  order: Int32Array
  /** 1 where the scan's score equals that of the scan before it in the order. */
  tied: Uint8Array
}

/** Sorts once; each resample then walks the same order. */
export function aucOrder(scores: Float64Array): AucOrder {
  const order = Int32Array.from(scores.keys()).sort((a, b) => scores[a]! - scores[b]! || a - b)
  const tied = Uint8Array.from(order, (scan, at) => (at > 0 && scores[scan] === scores[order[at - 1]!] ? 1 : 0))
  return { order, tied }
}

/** Null where no scan is positive, or none negative. */
export function auc({ order, tied }: AucOrder, positive: Uint8Array, weights: Float64Array): number | null {
  let positives = 0
  let negatives = 0
  let area = 0
  for (let at = 0; at < order.length;) {
    let up = 0
    let down = 0
    do {
      const scan = order[at]!
      if (positive[scan]) up += weights[scan]!
      else down += weights[scan]!
      at += 1
    } while (at < order.length && tied[at])
    area += up * (negatives + down / 2)
    positives += up
    negatives += down
  }
  return positives > 0 && negatives > 0 ? area / (positives * negatives) : null
}
