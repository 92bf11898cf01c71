import { ConcordError } from './error.ts'
import { randomFrom } from './random.ts'

/** A picture to place: made of a patient's original, perhaps with others of the same original. */
export interface LeakyItem {
  id: string
  label: number
}

/**
 * The 2021 paper's order: augment, shuffle, split. Pictures made of one original come to lie on both sides, so that a network
 * is tested on what it was trained on: figures from it are too good. It is here for comparison with a split by patient
 * (splits.ts) alone; whoever uses it labels the figures "leaky protocol".
 *
 * Each label apart gives the share `test` of its pictures, rounded (174 pictures: 17 and 17). The same items in the same
 * order and the same seed give the same split.
 * @returns The ids of the test part. Error: `split-share`.
 */
export function leakyTestPart(items: readonly LeakyItem[], test: number, seed: number | string): Set<string> {
  if (!(test > 0 && test < 1)) throw new ConcordError('split-share', 'The test part must leave a share for training.')
  return new Set(
    byLabel(items, seed).flatMap((group) => group.slice(0, Math.round(test * group.length)).map(({ id }) => id)),
  )
}

/** `k` folds of shuffled pictures, each label spread evenly: picture -> fold from 0. Leaky as `leakyTestPart`. */
export function leakyFolds(items: readonly LeakyItem[], k: number, seed: number | string): Map<string, number> {
  if (!Number.isInteger(k) || k < 2) throw new ConcordError('split-share', 'Cross-validation needs two folds or more.')
  return new Map(byLabel(items, seed).flatMap((group) => group.map(({ id }, index) => [id, index % k] as const)))
}

function byLabel(items: readonly LeakyItem[], seed: number | string): LeakyItem[][] {
  const random = randomFrom(`leaky split/${seed}`)
  const labels = [...new Set(items.map(({ label }) => label))].sort((a, b) => a - b)
  return labels.map((label) => random.shuffle(items.filter((item) => item.label === label)))
}
