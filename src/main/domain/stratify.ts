import type { Random } from './random.ts'

/** A thing to place whole, with how much of each label it holds. */
export type Group = { labels: Float64Array }

/** How many partners of a swap are tried for each group in one pass of the refinement. */
const PARTNERS = 60
const PASSES = 8

/**
 * Places groups into parts so that each part comes near to its share of every label. A part's cost is the sum over labels
 * of (held - share x total)^2 / total. First greedily, groups with most to place first (ties in seeded order), each where
 * it costs least: stratification as Sechidis, Tsoumakas & Vlahavas do it for several labels (ECML 2011). Then single groups
 * move or trade places as long as that lowers the cost. `groups` is reordered. Returns the part of each group.
 */
export function stratify<G extends Group>(
  groups: G[],
  totals: Float64Array,
  shares: readonly number[],
  random: Random,
): Map<G, number> {
  const weight = (group: G) => group.labels.reduce((sum, count, l) => sum + (count * count) / totals[l]!, 0)
  random.shuffle(groups)
  const weights = new Map(groups.map((group) => [group, weight(group)]))
  groups.sort((a, b) => weights.get(b)! - weights.get(a)!)
  const held = shares.map(() => new Float64Array(totals.length))
  const partOf = new Map<G, number>()
  /** What it costs a part to take `add` and to give `drop` away. */
  const change = (part: number, add: Float64Array | null, drop: Float64Array | null) => {
    let cost = 0
    for (let l = 0; l < totals.length; l += 1) {
      const step = (add?.[l] ?? 0) - (drop?.[l] ?? 0)
      if (step !== 0) cost += (step * (2 * (held[part]![l]! - shares[part]! * totals[l]!) + step)) / totals[l]!
    }
    return cost
  }
  const put = (group: G, part: number) => {
    const from = partOf.get(group)
    group.labels.forEach((count, l) => {
      if (from !== undefined) held[from]![l]! -= count
      held[part]![l]! += count
    })
    partOf.set(group, part)
  }
  const parts = [...shares.keys()].filter((part) => shares[part]! > 0)
  for (const group of groups) {
    const costs = parts.map((part) => change(part, group.labels, null))
    put(group, parts[costs.indexOf(Math.min(...costs))]!)
  }
  for (let pass = 0; pass < PASSES; pass += 1) if (!refine()) break
  return partOf

  function refine(): boolean {
    let better = false
    for (const group of groups) {
      const from = partOf.get(group)!
      let least = -1e-9
      let apply: (() => void) | null = null
      const leave = change(from, null, group.labels)
      for (const part of parts) {
        if (part === from) continue
        const cost = leave + change(part, group.labels, null)
        if (cost >= least) continue
        least = cost
        apply = () => put(group, part)
      }
      for (let t = 0; t < PARTNERS; t += 1) {
        const other = groups[random.integer(groups.length)]!
        const part = partOf.get(other)!
        if (part === from) continue
        const cost = change(from, other.labels, group.labels) + change(part, group.labels, other.labels)
        if (cost >= least) continue
        least = cost
        apply = () => {
          put(group, part)
          put(other, from)
        }
      }
      apply?.()
      better ||= apply !== null
    }
    return better
  }
}
