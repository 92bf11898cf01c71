import type { LossName } from './types.ts'

/**
 * The loss of one slice from the network's probabilities, so that held-out slices are measured as the training slices are.
 * A probability of 0 counts as 1e-7, as Keras does.
 * @param target Shares of the classes, sum 1.
 */
export function lossOf(
  target: readonly number[],
  probabilities: readonly number[],
  loss: LossName = 'cross-entropy',
  gamma = 2,
): number {
  const sure = (p: number): number => Math.log(Math.max(p, 1e-7))
  let [sum, targetAbove, above] = [0, 1, 1]
  probabilities.forEach((p, grade) => {
    const t = target[grade]!
    if (loss === 'cross-entropy') sum -= t * sure(p)
    else if (loss === 'focal') sum -= t * (1 - p) ** gamma * sure(p)
    else {
      targetAbove -= t
      above -= p
      if (loss === 'squared-emd') sum += (above - targetAbove) ** 2
      // CORAL asks whether the grade is above this one; above the last there is nothing.
      else if (grade < probabilities.length - 1) sum -= targetAbove * sure(above) + (1 - targetAbove) * sure(1 - above)
    }
  })
  return sum
}
