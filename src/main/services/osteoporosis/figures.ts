import type { Interval } from '../../domain/agreement/outcome.ts'
import { patientIntervals } from '../../domain/evaluation/resample.ts'
import type { Protocol, Training } from './plan.ts'
import type { TestedPicture, TrainingResult } from './run.ts'

/** Counts and rates as in the paper's Tables 3 and 4: osteoporotic is positive (equations 2 to 4); 0 / 0 is null. */
export interface Counts {
  tp: number
  tn: number
  fp: number
  fn: number
  acc: number | null
  sn: number | null
  sp: number | null
}

export function countsOf(test: readonly Pick<TestedPicture, 'truth' | 'predicted'>[]): Counts {
  const count = (truth: number, predicted: number): number =>
    test.filter((picture) => picture.truth === truth && picture.predicted === predicted).length
  return rates({ tp: count(1, 1), tn: count(0, 0), fp: count(0, 1), fn: count(1, 0) })
}

export function rates({ tp, tn, fp, fn }: Record<'tp' | 'tn' | 'fp' | 'fn', number>): Counts {
  const share = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null)
  const acc = share(tp + tn, tp + tn + fp + fn)
  return { tp, tn, fp, fn, acc, sn: share(tp, tp + fn), sp: share(tn, tn + fp) }
}

/**
 * Max-voting (section 3.6): each network has one vote on a picture; more than half decide, four of six.
 * @param tie What a picture of equally many votes is called: the paper does not say; the study chooses.
 */
export function maxVoting(results: readonly TrainingResult[], tie: 0 | 1): { test: TestedPicture[]; ties: number } {
  const votes = new Map<string, { picture: TestedPicture; op: number; all: number; probability: number }>()
  for (const { test } of results) {
    for (const picture of test) {
      const seen = votes.get(picture.id) ?? { picture, op: 0, all: 0, probability: 0 }
      const { op, all, probability } = seen
      votes.set(picture.id, {
        picture,
        op: op + picture.predicted,
        all: all + 1,
        probability: probability + picture.probability,
      })
    }
  }
  const decided = [...votes.values()].map(({ picture, op, all, probability }) => {
    const predicted = 2 * op === all ? tie : 2 * op > all ? 1 : 0
    return { ...picture, predicted, probability: probability / all } as const
  })
  return { test: decided, ties: [...votes.values()].filter(({ op, all }) => 2 * op === all).length }
}

/** How much better the leaky protocol looks: accuracies, their difference and its 95 % interval by patient. */
export interface Gap {
  leaky: number
  honest: number
  difference: number
  ci: Interval | null
}

export function gapOf(
  leaky: readonly TestedPicture[],
  honest: readonly TestedPicture[],
  seed: number,
  resamples = 2000,
): Gap | null {
  if (leaky.length === 0 || honest.length === 0) return null
  const all = [...leaky, ...honest]
  // Both parts are of the same patients, but tested by two networks: each part's are drawn on their own.
  const names = all.map(({ patient }, index) => `${index < leaky.length ? 'leaky' : 'honest'} ${patient}`)
  const numbers = new Map([...new Set(names)].map((name, index) => [name, index]))
  const right = all.map(({ truth, predicted }) => truth === predicted)
  const accuracy = (weights: Float64Array, from: number, to: number): number | null => {
    let sum = 0
    let hits = 0
    for (let at = from; at < to; at++) {
      sum += weights[at]!
      if (right[at]) hits += weights[at]!
    }
    return sum > 0 ? hits / sum : null
  }
  const parts = (weights: Float64Array): [number | null, number | null] => [
    accuracy(weights, 0, leaky.length),
    accuracy(weights, leaky.length, all.length),
  ]
  const [interval] = patientIntervals(
    Int32Array.from(names, (name) => numbers.get(name)!),
    numbers.size,
    (weights) => {
      const [a, b] = parts(weights)
      return [a === null || b === null ? null : a - b]
    },
    { resamples, seed },
  )
  const [a, b] = parts(new Float64Array(all.length).fill(1))
  return { leaky: a!, honest: b!, difference: a! - b!, ci: interval!.ci }
}

/** Results of one kind, e.g. E4's under one protocol. */
export function select(
  results: readonly TrainingResult[],
  wanted: Partial<Pick<Training, 'experiment' | 'network'>> & { protocol: Protocol },
): TrainingResult[] {
  return results.filter(({ training }) =>
    (Object.keys(wanted) as (keyof typeof wanted)[]).every((key) => training[key] === wanted[key]),
  )
}
