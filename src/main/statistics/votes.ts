import { raterPairs, type RaterVotes } from '../domain/agreement/confusion.ts'
import { type Chosen, onSite, whole } from './chosen.ts'
import type { Copy } from './copy.ts'
import type { OverviewQuestion } from './question.ts'
import type { Selection } from './selection.ts'

/** Who voted what, of all readers of the copy: readers x grades, and pairs x grades x grades in the order of `raterPairs`. */
export interface Counted {
  own: Int32Array
  pairs: Int32Array
}

/**
 * Who of the chosen readers voted what. Counts of all votes are kept by site: they add up, and those of two readers are the
 * same whoever else is looked at. Only for some days or labels the votes are counted anew.
 */
export function votesOf(
  copy: Copy,
  { selection }: Chosen,
  { filter, study }: Pick<OverviewQuestion, 'filter' | 'study'>,
): RaterVotes {
  const q = study.categories.length
  if (filter.from !== undefined || filter.to !== undefined || filter.label !== undefined)
    return ofReaders([counted(selection, q)], selection, q)
  const all = whole(copy, study.categories)
  const sites = copy.siteNames.filter((name) => (filter.site ?? name) === name)
  const parts = sites.map((name) => (all.bySite[name] ??= counted(onSite(copy, all, name).selection, q)))
  return ofReaders(parts, selection, q)
}

/** One pass over the scans counts for all pairs: of thirty readers' 435 few have seen the same scan. */
export function counted({ columns, scans, start, end, reader, code }: Selection, q: number): Counted {
  const size = columns.queues.length
  const cells = q * q
  const own = new Int32Array(size * q)
  const pairs = new Int32Array(((size * (size - 1)) / 2) * cells)
  const pairsFrom = Int32Array.from({ length: size }, (_, a) => firstPair(a, size) * cells)
  // Of the votes of one scan that are grades: where in a pair's table the second reader's leads.
  const seconds = new Int32Array(size)
  for (let i = 0; i < scans.length; i += 1) {
    // From the last vote to the first: each meets those of the readers after.
    let later = 0
    for (let at = end[i]! - 1; at >= start[i]!; at -= 1) {
      const grade = code[at]!
      if (grade < 0) continue
      const a = reader[at]!
      own[a * q + grade]! += 1
      const row = pairsFrom[a]! + grade * q
      for (let y = 0; y < later; y += 1) pairs[row + seconds[y]!]! += 1
      seconds[later] = a * cells + grade
      later += 1
    }
  }
  return { own, pairs }
}

/** The sum of the parts, of these readers alone. */
function ofReaders(parts: readonly Counted[], { readers, columns }: Selection, q: number): RaterVotes {
  const cells = q * q
  const sum = (counts: readonly Int32Array[], from: number, length: number): Float64Array => {
    const all = new Float64Array(length)
    for (const one of counts) for (let at = 0; at < length; at += 1) all[at]! += one[from + at]!
    return all
  }
  const own = new Float64Array(readers.length * q)
  const owns = parts.map((part) => part.own)
  readers.forEach((r, column) => own.set(sum(owns, r * q, q), column * q))
  const tables = parts.map((part) => part.pairs)
  const size = columns.queues.length
  return {
    own,
    pairs: raterPairs(readers.length).map(([a, b]) =>
      sum(tables, (firstPair(readers[a]!, size) + readers[b]!) * cells, cells),
    ),
  }
}

/** As in `raterPairs`: the pairs with first reader a begin after those of the readers before; (a, b) is this and b. */
const firstPair = (a: number, size: number): number => (a * (2 * size - a - 1)) / 2 - a - 1
