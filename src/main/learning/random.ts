import { randomFrom } from '../domain/random.ts'
import type { Random } from '../domain/random.ts'

/**
 * A stream of random numbers named by what it is for. It follows from the run's seed, the purpose and the epoch alone,
 * so a run resumed after epoch n draws in epoch n + 1 what the uninterrupted run would have drawn: a checkpoint needs no
 * generator state.
 * @param epoch For `draw`, the step.
 */
export function stream(seed: number, purpose: 'weights' | 'order' | 'change' | 'draw', epoch = 0): Random {
  return randomFrom(`${seed}/${purpose}/${epoch}`)
}
