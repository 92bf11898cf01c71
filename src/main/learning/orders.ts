import type { Random } from '../domain/random.ts'

/** Every slice once, in random order. */
export const everyOnce = (labels: readonly number[], random: Random): number[] => random.shuffle([...labels.keys()])

/**
 * As many slices as there are, the classes in turn, so that a batch holds as many of one as of another (to one slice). Within a class the
 * slices come in random order, and again in another once all have come: rare ones several times an epoch, common
 * ones not all.
 * @param labels Class of each slice. @returns Numbers of slices.
 */
export function balancedOrder(labels: readonly number[], random: Random): number[] {
  const classes = [...new Set(labels)].sort((a, b) => a - b)
  const own = new Map(classes.map((label) => [label, labels.flatMap((one, index) => (one === label ? [index] : []))]))
  const waiting = new Map<number, number[]>()
  const take = (label: number): number => {
    let queue = waiting.get(label) ?? []
    if (queue.length === 0) waiting.set(label, (queue = random.shuffle([...own.get(label)!])))
    return queue.pop()!
  }
  const order: number[] = []
  while (order.length < labels.length) {
    for (const label of random.shuffle([...classes])) if (order.length < labels.length) order.push(take(label))
  }
  return order
}
