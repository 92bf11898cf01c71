/**
 * Weight of each class so that every class present counts the same in the loss: n / (k n_c), with n scans, k classes that
 * occur and n_c scans of class c ("balanced" of King and Zeng 2001). Mean over the scans is 1; a class without scans gets 0.
 * @param labels  Class indices of the training scans.
 */
export function balancedClassWeights(labels: number[], classes: number): number[] {
  const counts = new Array<number>(classes).fill(0)
  for (const label of labels) counts[label]!++
  const present = counts.filter((count) => count > 0).length
  return counts.map((count) => (count === 0 ? 0 : labels.length / (present * count)))
}
