import { describe, expect, it } from 'vitest'
import type { Pair } from '../../../src/preload/contract/models.ts'
import { verdictOf } from '../../../src/renderer/training/evaluation/figures.ts'

type Compared = NonNullable<Pair['comparison']>
const mcnemar = (p: number | null) => ({ onlyFirst: 2, onlySecond: 9, p })

/** Right about the re-scan by `cut` more of the scans, about the grade by `all`; second less first, as the service has it. */
function pair(cut: [number, [number, number] | null] | null, all: [number, [number, number] | null]): Compared {
  const difference = (target: 'cut' | 'all', [value, ci]: [number, [number, number] | null]) => ({
    ...{ name: 'accuracy', target, first: 0.5, second: 0.5 + value, difference: value, ci },
  })
  return {
    ...{ scans: 40, patients: 20, grade: mcnemar(0.3), rescan: cut && mcnemar(0.02) },
    differences: [difference('all', all), ...(cut ? [difference('cut', cut)] : [])],
  }
}

describe('a model that was trained again', () => {
  it.each<[string, Compared, ReturnType<typeof verdictOf>]>([
    [
      'better about the re-scan, whatever the grades say',
      pair([0.2, [0.05, 0.4]], [-0.3, [-0.5, -0.1]]),
      { kind: 'better', difference: 0.2, low: 0.05, high: 0.4, p: 0.02 },
    ],
    [
      'worse',
      pair([-0.2, [-0.4, -0.05]], [0.3, [0.1, 0.5]]),
      { kind: 'worse', difference: -0.2, low: -0.4, high: -0.05, p: 0.02 },
    ],
    [
      'neither where the interval holds 0',
      pair([0.1, [-0.1, 0.3]], [0, null]),
      { kind: 'open', difference: 0.1, low: -0.1, high: 0.3, p: 0.02 },
    ],
    [
      'neither where the interval ends at 0',
      pair([0.1, [0, 0.3]], [0, null]),
      { kind: 'open', difference: 0.1, low: 0, high: 0.3, p: 0.02 },
    ],
    [
      'told of by its difference alone where that has no interval',
      pair([0, null], [0, null]),
      { kind: 'plain', difference: 0, low: null, high: null, p: 0.02 },
    ],
    [
      'judged by its grades where the scale has no cut',
      pair(null, [0.3, [0.1, 0.5]]),
      { kind: 'better', difference: 0.3, low: 0.1, high: 0.5, p: 0.3 },
    ],
  ])('is %s', (_, compared, verdict) => expect(verdictOf(compared)).toEqual(verdict))
})
