import { stream } from './random.ts'

/** Length of the feed below. */
export const drawSize = 3

/** Seeds stay exact as float32. */
const seeds = 2 ** 24

/**
 * What a step's random layers and its gradient noise follow from: two seeds, and the noise's deviation. They follow from the
 * run's seed and the step alone, so a resumed run draws as the uninterrupted one.
 * @param step 1 for the first.
 * @param eta  Gradient noise (Neelakantan et al. 2015, eqs 1 and 2): variance eta / (1 + t)^0.55, t = 0 at the first step.
 */
export function drawFeed(seed: number, step: number, eta = 0): Float32Array {
  const random = stream(seed, 'draw', step)
  const number = (): number => Math.floor(random.uniform() * seeds)
  return Float32Array.of(number(), number(), Math.sqrt(eta / step ** 0.55))
}
