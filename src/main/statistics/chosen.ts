import type { Scale } from '../domain/scale.ts'
import { columnsOf } from './columns.ts'
import type { Copy } from './copy.ts'
import type { KnownPatterns } from './known-patterns.ts'
import { packedOf } from './packed.ts'
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
    (readers ?? from ?? to) !== undefined ? passing(copy, filter, study) : onSite(copy, whole(copy, study), site)
  yield
  if (label === undefined) return one
  const labels = yield* labelsBy(filter.rule ?? 'majority', copy, one.selection, one.patterns, study)
  const wanted = label === null ? NONE : study.categories.indexOf(label)
  return on(one, (i) => labels[i] === wanted)
}

function passing(copy: Copy, filter: OverviewQuestion['filter'], scale: Scale): Chosen {
  const packed = packedOf(copy, columnsOf(copy), scale)
  const { selection, sums } = select(copy, filter, packed)
  return { selection, patterns: patternsOf(sums, packed.known) }
}

/** All votes, and by site: filters begin with them. */
export interface Whole extends Chosen {
  known: KnownPatterns
  sites: Record<string, Chosen>
  /** Who voted what (votes.ts). */
  bySite: Record<string, Counted>
}

export function whole(copy: Copy, scale: Scale): Whole {
  const columns = columnsOf(copy)
  const { known } = packedOf(copy, columns, scale)
  if (columns.whole?.known !== known) columns.whole = { known, sites: {}, bySite: {}, ...passing(copy, {}, scale) }
  return columns.whole
}

/** All votes on the scans of one site, if it is named. */
export function onSite(copy: Copy, all: Whole, name: string | undefined): Chosen {
  if (name === undefined) return all
  const site = copy.siteNames.indexOf(name)
  return (all.sites[name] ??= on(all, (i) => copy.site[all.selection.scans[i]!] === site))
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
