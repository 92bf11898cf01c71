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
 * same whoever else is looked at. For some days those left out are taken away, where they are fewer; for labels, or few days,
 * the votes are counted anew.
 */
export function votesOf(
  copy: Copy,
  { selection }: Chosen,
  { filter, study }: Pick<OverviewQuestion, 'filter' | 'study'>,
): RaterVotes {
  const q = study.categories.length
  const days = filter.from !== undefined || filter.to !== undefined
  if (filter.label !== undefined) return ofReaders([counted(selection, q)], selection, q)
  const all = whole(copy, study)
  const sites = copy.siteNames.filter((name) => (filter.site ?? name) === name)
  const there = sites.map((name) => onSite(copy, all, name).selection)
  if (days && 2 * pairsIn(selection) < there.reduce((sum, one) => sum + pairsIn(one), 0))
    return ofReaders([counted(selection, q)], selection, q)
  const parts = sites.map((name, at) => (all.bySite[name] ??= counted(there[at]!, q)))
  const less = days ? there.map((one) => counted(one, q, selection)) : []
  return ofReaders(parts, selection, q, less)
}

/** How many pairs of votes scans have in the time from `start` to `end`, whose ever they are; twice. */
function pairsIn({ start, end }: Selection): number {
  let pairs = 0
  for (let i = 0; i < start.length; i += 1) pairs += (end[i]! - start[i]!) * (end[i]! - start[i]! - 1)
  return pairs
}

/**
 * One pass over the scans counts for all pairs: of thirty readers' 435 few have seen the same scan. With `except` only what is
 * not in that selection too, which may be narrower in its days alone.
 */
export function counted({ columns, passing, scans, start, end }: Selection, q: number, except?: Selection): Counted {
  const { reader, code } = columns
  const size = columns.queues.length
  const cells = q * q
  const own = new Int32Array(size * q)
  // A reader's grade by another reader's, whichever of the two comes first.
  const width = size * q
  const ordered = new Int32Array(width * width)
  // The grades of one scan: their places among all readers' grades, those of `except` last.
  const places = new Int32Array(size)
  const graded = (from: number, to: number, before: number): number => {
    let n = before
    for (let at = from; at < to; at += 1) {
      const whose = reader[at]!
      if (code[at]! < 0 || passing.reader[whose] === 0) continue
      places[n] = whose * q + code[at]!
      n += 1
    }
    return n
  }
  const { first, second } = pairsOfFew(size)
  for (let i = 0; i < start.length; i += 1) {
    const kept = except ? except.place[scans[i]!]! : -1
    const from = kept < 0 ? end[i]! : except!.start[kept]!
    const to = kept < 0 ? end[i]! : except!.end[kept]!
    let n = graded(start[i]!, from, 0)
    n = graded(to, end[i]!, n)
    for (let x = 0; x < n; x += 1) own[places[x]!]! += 1
    for (let pair = (n * (n - 1)) / 2 - 1; pair >= 0; pair -= 1)
      ordered[places[first[pair]!]! * width + places[second[pair]!]!]! += 1
    if (from === to) continue
    const all = graded(from, to, n)
    for (let y = n; y < all; y += 1) {
      const row = places[y]! * width
      for (let x = 0; x < n; x += 1) ordered[row + places[x]!]! += 1
    }
  }
  const pairs = new Int32Array(((size * (size - 1)) / 2) * cells)
  for (let a = 0, at = 0; a < size; a += 1)
    for (let b = a + 1; b < size; b += 1)
      for (let x = a * q; x < (a + 1) * q; x += 1)
        for (let y = b * q; y < (b + 1) * q; y += 1, at += 1)
          pairs[at] = ordered[x * width + y]! + ordered[y * width + x]!
  return { own, pairs }
}

/**
 * All pairs of so many things, those of the first few before all others: one loop of known length goes through a scan's, where
 * two would end each time at another place.
 */
function pairsOfFew(size: number): { first: Uint16Array; second: Uint16Array } {
  const first = new Uint16Array((size * (size - 1)) / 2)
  const second = new Uint16Array(first.length)
  for (let y = 1, at = 0; y < size; y += 1)
    for (let x = 0; x < y; x += 1, at += 1) {
      first[at] = x
      second[at] = y
    }
  return { first, second }
}

/** The sum of the parts less what is taken away, of these readers alone. */
function ofReaders(
  parts: readonly Counted[],
  { readers, columns }: Selection,
  q: number,
  less: readonly Counted[] = [],
): RaterVotes {
  const cells = q * q
  const sum = (of: (part: Counted) => Int32Array, from: number, length: number): Float64Array => {
    const all = new Float64Array(length)
    for (const part of parts) {
      const one = of(part)
      for (let at = 0; at < length; at += 1) all[at]! += one[from + at]!
    }
    for (const part of less) {
      const one = of(part)
      for (let at = 0; at < length; at += 1) all[at]! -= one[from + at]!
    }
    return all
  }
  const own = new Float64Array(readers.length * q)
  readers.forEach((r, column) =>
    own.set(
      sum((part) => part.own, r * q, q),
      column * q,
    ),
  )
  const size = columns.queues.length
  return {
    own,
    pairs: raterPairs(readers.length).map(([a, b]) =>
      sum((part) => part.pairs, (firstPair(readers[a]!, size) + readers[b]!) * cells, cells),
    ),
  }
}

/** As in `raterPairs`: the pairs with first reader a begin after those of the readers before; (a, b) is this and b. */
const firstPair = (a: number, size: number): number => (a * (2 * size - a - 1)) / 2 - a - 1
