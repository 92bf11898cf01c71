import { agreementSteps, standingOf } from '../domain/agreement/report.ts'
import { figureOfPatients, type RescanFigure } from '../domain/agreement/rescan-figure.ts'
import { rescanDisagreement } from '../domain/agreement/rescan.ts'
import { consensusRules } from '../domain/consensus/report.ts'
import { chosen } from './chosen.ts'
import { classesOf } from './classes.ts'
import type { Copy } from './copy.ts'
import { type Groups, monthsOf, monthText, patientsOfGroups, sitesOf, standingByPatient, together } from './groups.ts'
import { pairFigures } from './pairs.ts'
import type { Pattern } from './known-patterns.ts'
import { labelCounts, labelsBy } from './patterns.ts'
import type { OverviewAnswer, OverviewQuestion, RuleLabels, StudyAsked } from './question.ts'
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
  const standing = standingByPatient(copy, selection, standingOf(table, study.rescanFrom))
  const [patients] = patientsOfGroups(standing, together(selection))
  const report = yield* agreementSteps({ raters, clusters }, options, table, { ...votes, patients: patients! })
  yield
  const { reason } = rescanDisagreement(table, study.rescanFrom)
  const rescanIn = (groups: Groups): { key: number; rescan: RescanFigure }[] =>
    patientsOfGroups(standing, groups).map((patients, group) => ({
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
    const counts =
      rule !== 'dawid-skene'
        ? labelCounts(rule, copy, selection, patterns, study)
        : everything
          ? counted(yield* labelsBy(rule, copy, selection, patterns, study), study)
          : null
    labels.push({ rule, counts: counts && namedCounts(counts, study) })
    yield
  }
  const { days, readers } = yield* readersOf(copy, selection, patterns, votes, study)
  const scansWhere = (is: (pattern: Pattern) => boolean): number =>
    patterns.votes.reduce((sum, pattern, at) => (is(pattern) ? sum + patterns.counts[at]! : sum), 0)
  return {
    report,
    bySite: bySite.map(({ key, rescan }) => ({ site: copy.siteNames[key]!, rescan })),
    byMonth: byMonth.sort((a, b) => a.key - b.key).map(({ key, rescan }) => ({ month: monthText(key), rescan })),
    byPair,
    days,
    readers,
    labels,
    ruleConflicts: scansWhere(({ dispute }) => dispute.conflict),
    disputed: scansWhere(({ dispute }) => dispute.differs),
    classes: study.condition ? classesOf(copy, selection, study, { bootstrap: resamples, seed }) : null,
  }
}

/** By the label, the first number those without one. */
function counted(labels: Int8Array, { categories }: StudyAsked): Int32Array {
  const counts = new Int32Array(categories.length + 1)
  for (let i = 0; i < labels.length; i += 1) counts[labels[i]! + 1]! += 1
  return counts
}

const namedCounts = (counts: Int32Array, { categories }: StudyAsked): NonNullable<RuleLabels['counts']> => [
  ...categories.map((grade, code) => ({ grade, count: counts[code + 1]! })),
  { grade: null, count: counts[0]! },
]
