import { columnsOf } from './columns.ts'
import type { Copy } from './copy.ts'
import { labelsBy, type Patterns, patternsAt, patternsOf } from './patterns.ts'
import { NONE, type OverviewQuestion } from './question.ts'
import { narrowed, select, type Selection } from './selection.ts'

/** The votes that pass a filter, and their patterns. */
export interface Chosen {
  selection: Selection
  patterns: Patterns
}

export function* chosen(
  copy: Copy,
  { study, filter }: Pick<OverviewQuestion, 'study' | 'filter'>,
): Generator<undefined, Chosen> {
  const { site, readers, from, to, label } = filter
  let one = (readers ?? from ?? to) ? votesOf(copy, filter, study.categories) : whole(copy, study.categories)
  yield
  if (site !== undefined) {
    const wanted = copy.siteNames.indexOf(site)
    one = on(one, (i) => copy.site[one.selection.scans[i]!] === wanted)
  }
  if (label === undefined) return one
  const labels = yield* labelsBy(filter.rule ?? 'majority', copy, one.selection, one.patterns, study)
  const wanted = label === null ? NONE : study.categories.indexOf(label)
  return on(one, (i) => labels[i] === wanted)
}

function votesOf(copy: Copy, filter: OverviewQuestion['filter'], categories: readonly number[]): Chosen {
  const selection = select(copy, filter)
  return { selection, patterns: patternsOf(selection, categories) }
}

/** All votes: what filters by site and label begin with. */
function whole(copy: Copy, categories: readonly number[]): Chosen {
  const columns = columnsOf(copy)
  if (columns.whole?.grades !== categories.length)
    columns.whole = { grades: categories.length, ...votesOf(copy, {}, categories) }
  return columns.whole
}

/** The same on some of the scans alone. */
function on({ selection, patterns }: Chosen, keep: (place: number) => boolean): Chosen {
  const all = new Int32Array(selection.scans.length)
  let n = 0
  for (let i = 0; i < all.length; i += 1) {
    if (!keep(i)) continue
    all[n] = i
    n += 1
  }
  const places = all.subarray(0, n)
  return { selection: narrowed(selection, places), patterns: patternsAt(patterns, places) }
}
