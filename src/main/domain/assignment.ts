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
 * A queue with scans added while it is being read. What was shown stays where it is; the scans still to come keep their
 * order among one another, and the new ones fall between them by the same seed.
 * `shown` are the scans voted on or on the screen, in queue order; `waiting` the others. Ids already queued are ignored.
 */
export function extendedQueue(
  shown: readonly string[],
  waiting: readonly string[],
  added: readonly string[],
  seed: string,
): string[] {
  const known = new Set([...shown, ...waiting])
  const fresh = readerOrder(
    [...new Set(added)].filter((id) => !known.has(id)),
    seed,
  )
  const rank = new Map(readerOrder([...waiting, ...fresh], seed).map((id, index) => [id, index]))
  const queue = [...shown]
  let next = 0
  for (const id of waiting) {
    while (next < fresh.length && rank.get(fresh[next]!)! < rank.get(id)!) queue.push(fresh[next++]!)
    queue.push(id)
  }
  return [...queue, ...fresh.slice(next)]
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
