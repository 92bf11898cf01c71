import type { Random } from '../random.ts'
import { resampleCounts } from '../binomial.ts'
import type { Table } from './table.ts'

/**
 * Clusters (patients) sorted into kinds: two clusters are of one kind when their subjects have the same rows of votes. A
 * resample of whole clusters needs only how many of each kind are drawn, so that its time follows the number of kinds.
 */
export type ClusterKinds = {
  /** How many clusters have a subject with two votes or more. */
  readonly length: number
  /** Adds the weights of one resample: as many clusters as there are, drawn with replacement. */
  draw(weights: Float64Array, random: Random): void
}

/** Kinds with fewer clusters than this are drawn one cluster at a time: that is quicker than a binomial deviate each. */
const RARE = 12
/** Clusters looked at in one step. */
const STEP = 4096

/**
 * The kinds of clusters of a table's subjects with two votes or more. `clusters` holds a number for each subject. The
 * order of subjects, and the numbers of the clusters, make no difference to what is drawn. In steps of some clusters.
 */
export function* clusterKinds(table: Table, clusters: Int32Array): Generator<void, ClusterKinds> {
  const { start, rows } = rowsByCluster(table, clusters)
  const found = new Map<string, { rows: Int32Array; count: number }>()
  let length = 0
  for (let c = 0; c + 1 < start.length; c += 1) {
    if (c % STEP === STEP - 1) yield
    const own = rows.subarray(start[c], start[c + 1])
    if (own.length === 0) continue
    length += 1
    if (own.length > 1) own.sort()
    const key = keyOf(own)
    const kind = found.get(key)
    if (kind) kind.count += 1
    else found.set(key, { rows: own, count: 1 })
  }
  const kinds = [...found].sort(([a, x], [b, y]) => y.count - x.count || (a < b ? -1 : 1)).map(([, kind]) => kind)
  const common = kinds.findIndex(({ count }) => count < RARE)
  return kindsDrawer(length, kinds, common < 0 ? kinds.length : common)
}

/** A short text for a sorted list of rows; character codes hold any row number below 65,536, higher ones take two. */
function keyOf(rows: Int32Array): string {
  let key = ''
  for (const row of rows) key += row < 0xff00 ? String.fromCharCode(row) : `\uffff${row}\uffff`
  return key
}

/** The rows (of subjects with two votes or more) of each cluster: those of cluster c from start[c] to start[c + 1]. */
function rowsByCluster(table: Table, clusters: Int32Array): { start: Int32Array; rows: Int32Array } {
  let size = 0
  for (let s = 0; s < clusters.length; s += 1) if (clusters[s]! >= size) size = clusters[s]! + 1
  const start = new Int32Array(size + 1)
  const counts = (s: number): boolean => table.votes[table.rowOf[s]!]! >= 2
  for (let s = 0; s < clusters.length; s += 1) if (counts(s)) start[clusters[s]! + 1]! += 1
  for (let c = 0; c < size; c += 1) start[c + 1]! += start[c]!
  const next = start.slice()
  const rows = new Int32Array(start[size]!)
  for (let s = 0; s < clusters.length; s += 1) {
    if (!counts(s)) continue
    const cluster = clusters[s]!
    rows[next[cluster]!] = table.rowOf[s]!
    next[cluster]! += 1
  }
  return { start, rows }
}

/** The first `common` kinds are drawn by their number, the clusters of the others one by one: both are exact. */
function kindsDrawer(length: number, kinds: { rows: Int32Array; count: number }[], common: number): ClusterKinds {
  const rest = kinds.slice(common).flatMap(({ rows, count }) => new Array<Int32Array>(count).fill(rows))
  // One entry a kind, and one for all the rare ones together.
  const counts = Float64Array.from([...kinds.slice(0, common).map(({ count }) => count), rest.length])
  const places = Int32Array.from(counts, (_, i) => i).filter((i) => counts[i]! > 0)
  const drawn = new Float64Array(counts.length)
  return {
    length,
    draw(weights, random) {
      drawn.fill(0)
      resampleCounts(random, counts, places, drawn)
      for (let i = 0; i < common; i += 1) {
        const times = drawn[i]!
        if (times > 0) for (const row of kinds[i]!.rows) weights[row]! += times
      }
      for (let left = drawn[common]!; left > 0; left -= 1)
        for (const row of rest[(random.uniform() * rest.length) | 0]!) weights[row]! += 1
    },
  }
}
