import { randomFrom } from './random.ts'

/**
 * The order in which a reader sees scans: every reader has an own one, so that fatigue and learning do not fall on the
 * same scans for all. Each scan has a key drawn from seed and scan alone and the keys are sorted: the order of `ids` in
 * the argument does not matter, and a scan added later takes its place among the others without moving them relative to
 * one another. `seed` should name study seed, reader and round, e.g. `${study}:${reader}:${round}`.
 */
export function readerOrder(ids: readonly string[], seed: string): string[] {
  return ids
    .map((id) => {
      const random = randomFrom(`order/${seed}/${id}`)
      return { id, high: random.integer(2 ** 32), low: random.integer(2 ** 32) }
    })
    .sort((a, b) => a.high - b.high || a.low - b.low || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
    .map(({ id }) => id)
}

/**
 * Who reads which scan where a study has more readers than votes a scan: each scan goes to the `perScan` readers with the
 * fewest scans so far, ties by seed, so that no reader has more than one scan above another. `load` counts what readers
 * already have; it is not changed. Returns scan -> readers; fewer readers than `perScan` all read.
 */
export function readersForScans(
  scans: readonly string[],
  readers: readonly string[],
  perScan: number,
  seed: string,
  load: ReadonlyMap<string, number> = new Map(),
): Map<string, string[]> {
  const has = new Map(readers.map((reader) => [reader, load.get(reader) ?? 0]))
  const result = new Map<string, string[]>()
  for (const scan of readerOrder(scans, `${seed}/scans`)) {
    const chosen = readerOrder(readers, `${seed}/${scan}`)
      .sort((a, b) => has.get(a)! - has.get(b)!)
      .slice(0, perScan)
    for (const reader of chosen) has.set(reader, has.get(reader)! + 1)
    result.set(scan, chosen)
  }
  return result
}
