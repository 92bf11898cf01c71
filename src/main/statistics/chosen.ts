import { columnsOf } from './columns.ts'
import type { Copy } from './copy.ts'
import { labelsBy, type Patterns, patternsAt, patternsOf } from './patterns.ts'
import { NONE, type OverviewQuestion } from './question.ts'
import { narrowed, select, type Selection } from './selection.ts'
import type { Counted } from './votes.ts'

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
  const one =
    (readers ?? from ?? to) !== undefined
      ? passing(copy, filter, study.categories)
      : onSite(copy, whole(copy, study.categories), site)
  yield
  if (label === undefined) return one
  const labels = yield* labelsBy(filter.rule ?? 'majority', copy, one.selection, one.patterns, study)
  const wanted = label === null ? NONE : study.categories.indexOf(label)
  return on(one, (i) => labels[i] === wanted)
}

function passing(copy: Copy, filter: OverviewQuestion['filter'], categories: readonly number[]): Chosen {
  const selection = select(copy, filter)
  return { selection, patterns: patternsOf(selection, categories) }
}

/** All votes, and who voted what by site (votes.ts): filters begin with it. */
export interface Whole extends Chosen {
  grades: number
  bySite: Record<string, Counted>
}

export function whole(copy: Copy, categories: readonly number[]): Whole {
  const columns = columnsOf(copy)
  if (columns.whole?.grades !== categories.length)
    columns.whole = { grades: categories.length, bySite: {}, ...passing(copy, {}, categories) }
  return columns.whole
}

/** The same on the scans of one site alone, if it is named. */
export function onSite(copy: Copy, one: Chosen, name: string | undefined): Chosen {
  const site = copy.siteNames.indexOf(name ?? '')
  return name === undefined ? one : on(one, (i) => copy.site[one.selection.scans[i]!] === site)
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
