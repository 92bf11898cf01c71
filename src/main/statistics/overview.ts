import { agreementSteps, standingOf } from '../domain/agreement/report.ts'
import { rescanFigureOf, type RescanFigure } from '../domain/agreement/rescan-figure.ts'
import { rescanDisagreement } from '../domain/agreement/rescan.ts'
import type { Table } from '../domain/agreement/table.ts'
import { consensusRules } from '../domain/consensus/report.ts'
import { classesOf } from './classes.ts'
import type { Copy } from './copy.ts'
import { pairFigures } from './pairs.ts'
import { disputesOf, labelsBy, type Patterns, patternsOf } from './patterns.ts'
import { NONE, type OverviewAnswer, type OverviewQuestion, type RuleLabels } from './question.ts'
import { readersOf } from './readers.ts'
import { narrowed, patientsOf, select, type Selection } from './selection.ts'
import { tableOf, votesOf } from './table.ts'

/** Everything the lead's page shows of the votes that pass the filter; in steps, so that others are answered in between. */
export function* overview(copy: Copy, question: OverviewQuestion): Generator<void, OverviewAnswer> {
  const { study, resamples, seed, everything } = question
  const { selection, patterns } = yield* chosen(copy, question)
  yield
  const table = tableOf(selection, patterns, study.categories)
  yield
  const votes = votesOf(selection, study.categories.length)
  yield
  const clusters = patientsOf(copy, selection.scans)
  const raters = selection.readers.map((r) => copy.readers[r]!.letter)
  const options = {
    rescanFrom: study.rescanFrom,
    bootstrap: everything ? resamples : 0,
    rescanBootstrap: resamples,
    seed,
  }
  const report = yield* agreementSteps({ raters, clusters }, options, table, votes)
  yield
  const figure = (standing: Uint8Array, clusters: Int32Array | null, why?: string): RescanFigure =>
    rescanFigureOf(standing, clusters, { bootstrap: resamples, seed }, why)
  const parts = partsOf(clusters, table, study.rescanFrom, figure)
  const byPair = yield* pairFigures(
    ...([copy, selection, study, votes.pairs] as const),
    everything ? { bootstrap: resamples, seed } : null,
  )
  const labels: RuleLabels[] = []
  for (const rule of consensusRules) {
    const left = rule === 'dawid-skene' && !everything
    const counts = left ? null : labelCounts(yield* labelsBy(rule, copy, selection, patterns, study), study)
    labels.push({ rule, counts })
    yield
  }
  const disputes = disputesOf(patterns, study)
  const scansWhere = (is: (pattern: number) => boolean): number =>
    patterns.counts.reduce((sum, count, pattern) => (is(pattern) ? sum + count : sum), 0)
  return {
    report,
    bySite: parts(siteOf(copy, selection)).map(({ key, rescan }) => ({ site: copy.siteNames[key]!, rescan })),
    byMonth: parts(monthOf(copy, selection))
      .sort((a, b) => a.key - b.key)
      .map(({ key, rescan }) => ({ month: monthText(key), rescan })),
    byPair,
    readers: readersOf(copy, selection, study),
    labels,
    ruleConflicts: scansWhere((pattern) => disputes[pattern]!.conflict),
    disputed: scansWhere((pattern) => disputes[pattern]!.differs),
    classes: study.condition ? classesOf(copy, selection, study, { bootstrap: resamples, seed }) : null,
  }
}

/** The votes that pass the filter, and their patterns. */
export function* chosen(
  copy: Copy,
  { study, filter }: Pick<OverviewQuestion, 'study' | 'filter'>,
): Generator<undefined, { selection: Selection; patterns: Patterns }> {
  const selection = select(copy, filter)
  const patterns = patternsOf(selection, study.categories)
  if (filter.label === undefined) return { selection, patterns }
  const labels = yield* labelsBy(filter.rule ?? 'majority', copy, selection, patterns, study)
  const wanted = filter.label === null ? NONE : study.categories.indexOf(filter.label)
  const kept = narrowed(selection, (i) => labels[i] === wanted)
  return { selection: kept, patterns: patternsOf(kept, study.categories) }
}

/** Re-scan figures of groups of scans: `keys` has the group of each scan of the whole. */
function partsOf(
  patients: Int32Array,
  table: Table,
  rescanFrom: number | null,
  figure: (standing: Uint8Array, clusters: Int32Array | null, why?: string) => RescanFigure,
) {
  const standing = standingOf(table, rescanFrom)
  const { reason } = rescanDisagreement(table, rescanFrom)
  return (keys: Int32Array): { key: number; rescan: RescanFigure }[] => {
    const sizes = new Map<number, number>()
    for (let i = 0; i < keys.length; i += 1) sizes.set(keys[i]!, (sizes.get(keys[i]!) ?? 0) + 1)
    return [...sizes].map(([key, size]) => {
      // Only the group's own scans: a study of many months has many groups.
      const own = new Uint8Array(size)
      const clusters = new Int32Array(size)
      for (let i = 0, at = 0; i < keys.length; i += 1) {
        if (keys[i] !== key) continue
        own[at] = standing[i]!
        clusters[at] = patients[i]!
        at += 1
      }
      return { key, rescan: figure(own, clusters, reason) }
    })
  }
}

const siteOf = (copy: Copy, { scans }: Selection): Int32Array => scans.map((s) => copy.site[s]!)

/** Months since the year 0 of each scan's last vote. */
function monthOf(copy: Copy, { codes, readers, scans }: Selection): Int32Array {
  const lastDay = new Uint16Array(copy.scans)
  for (const r of readers) {
    const { day } = copy.readers[r]!.votes
    const own = codes[r]!
    for (let s = 0; s < own.length; s += 1) if (own[s] !== NONE && day[s]! > lastDay[s]!) lastDay[s] = day[s]!
  }
  const months = new Map<number, number>()
  return scans.map((scan) => {
    const last = lastDay[scan]!
    let month = months.get(last)
    if (month === undefined) {
      const date = new Date(last * 86_400_000)
      months.set(last, (month = date.getUTCFullYear() * 12 + date.getUTCMonth()))
    }
    return month
  })
}

const monthText = (month: number): string => `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`

function labelCounts(labels: Int8Array, { categories }: OverviewQuestion['study']): NonNullable<RuleLabels['counts']> {
  const counts = new Int32Array(categories.length + 1)
  for (let i = 0; i < labels.length; i += 1) counts[labels[i]! + 1]! += 1
  return [...categories.map((grade, code) => ({ grade, count: counts[code + 1]! })), { grade: null, count: counts[0]! }]
}
