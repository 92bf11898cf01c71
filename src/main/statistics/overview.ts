import { agreementSteps, standingOf } from '../domain/agreement/report.ts'
import { figureOfPatients, type RescanFigure } from '../domain/agreement/rescan-figure.ts'
import { rescanDisagreement } from '../domain/agreement/rescan.ts'
import { consensusRules } from '../domain/consensus/report.ts'
import { chosen } from './chosen.ts'
import { classesOf } from './classes.ts'
import type { Copy } from './copy.ts'
import { type Groups, monthsOf, monthText, patientsOfGroups, sitesOf } from './groups.ts'
import { pairFigures } from './pairs.ts'
import { disputesOf, labelsBy } from './patterns.ts'
import type { OverviewAnswer, OverviewQuestion, RuleLabels } from './question.ts'
import { readersOf } from './readers.ts'
import { patientsOf } from './selection.ts'
import { tableOf } from './table.ts'
import { votesOf } from './votes.ts'

/** Everything the lead's page shows of the votes that pass the filter; in steps, so that others are answered in between. */
export function* overview(copy: Copy, question: OverviewQuestion): Generator<void, OverviewAnswer> {
  const { study, resamples, seed, everything } = question
  const one = yield* chosen(copy, question)
  const { selection, patterns } = one
  yield
  const table = tableOf(selection, patterns, study.categories)
  yield
  const votes = votesOf(copy, one, question)
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
  const standing = standingOf(table, study.rescanFrom)
  const { reason } = rescanDisagreement(table, study.rescanFrom)
  const rescanIn = (groups: Groups): { key: number; rescan: RescanFigure }[] =>
    patientsOfGroups(copy, selection, groups, standing).map((patients, group) => ({
      key: groups.keys[group]!,
      rescan: figureOfPatients(patients, { bootstrap: resamples, seed }, reason),
    }))
  const bySite = rescanIn(sitesOf(copy, selection))
  yield
  const byMonth = rescanIn(monthsOf(selection))
  yield
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
  const { days, readers } = yield* readersOf(copy, selection, patterns, votes, study)
  const disputes = disputesOf(patterns, study)
  const scansWhere = (is: (pattern: number) => boolean): number =>
    patterns.counts.reduce((sum, count, pattern) => (is(pattern) ? sum + count : sum), 0)
  return {
    report,
    bySite: bySite.map(({ key, rescan }) => ({ site: copy.siteNames[key]!, rescan })),
    byMonth: byMonth.sort((a, b) => a.key - b.key).map(({ key, rescan }) => ({ month: monthText(key), rescan })),
    byPair,
    days,
    readers,
    labels,
    ruleConflicts: scansWhere((pattern) => disputes[pattern]!.conflict),
    disputed: scansWhere((pattern) => disputes[pattern]!.differs),
    classes: study.condition ? classesOf(copy, selection, study, { bootstrap: resamples, seed }) : null,
  }
}

function labelCounts(labels: Int8Array, { categories }: OverviewQuestion['study']): NonNullable<RuleLabels['counts']> {
  const counts = new Int32Array(categories.length + 1)
  for (let i = 0; i < labels.length; i += 1) counts[labels[i]! + 1]! += 1
  return [...categories.map((grade, code) => ({ grade, count: counts[code + 1]! })), { grade: null, count: counts[0]! }]
}
