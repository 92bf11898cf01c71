import fc from 'fast-check'
import { expect, test } from 'vitest'
import { agreementReport, ratingsFromTable } from '../../../src/main/domain/agreement/index.ts'
import { toTheEnd } from '../../../src/main/domain/agreement/bootstrap.ts'
import { drift } from '../../../src/main/domain/agreement/over-time.ts'
import { APART, rescanFigureOf, TOGETHER, UNKNOWN } from '../../../src/main/domain/agreement/rescan-figure.ts'
import { consensusOfScan, type ScanVote } from '../../../src/main/domain/consensus/scan.ts'
import { type VoteRule, voteRules } from '../../../src/main/domain/consensus/rules.ts'
import { randomFrom } from '../../../src/main/domain/random.ts'
import { addScan, emptyCopy, emptyVotes } from '../../../src/main/statistics/copy.ts'
import { overview } from '../../../src/main/statistics/overview.ts'
import { CANNOT, type VoteFilter } from '../../../src/main/statistics/question.ts'

// The figures of the lead's page through any filter, against the same from a plain list of votes.

// So many grades that two numbers are needed to tell patterns apart; four of them are given.
const scale = { categories: [0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12], rescanFrom: 6 }
const sites = ['tibia', 'radius', 'other']
const FIRST = 20_000
const dayText = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10)

interface Vote {
  scan: number
  reader: number
  code: number
  day: number
  place: number
  again: number | null
}

/** A study of some readers, each with an own part of the scans in an own order, over some months. */
function studyOf(seed: number) {
  const random = randomFrom(seed)
  const readers = 1 + random.integer(7)
  const scans = random.integer(24)
  const some = (): number => 10 * random.integer(2) + random.integer(2)
  const share = 0.2 + 0.8 * random.uniform()
  const scanRows = Array.from({ length: scans }, (_, s) => ({
    site: sites[random.integer(3)]!,
    patient: s >> random.integer(3),
  }))
  const votes = Array.from({ length: readers }, (_, reader) =>
    random.shuffle([...scanRows.keys()].filter(() => random.uniform() < share)).map((scan, place): Vote => ({
      // Votes are changed on later days: not every queue is in the order of its days.
      ...{ scan, reader, place: 2 * place + 1, day: FIRST + 3 * place + random.integer(seed % 2 === 0 ? 2 : 20) },
      code: random.uniform() < 0.1 ? CANNOT : some(),
      again: random.uniform() < 0.1 ? some() : null,
    })),
  ).flat()
  const settled = new Map(scanRows.flatMap((_, s) => (random.uniform() < 0.1 ? [[s, scale.categories[some()]!]] : [])))
  const letters = [...'ABCDEFGH'].slice(0, readers)
  const sometimes = <T>(value: T): T | undefined => (random.uniform() < 0.4 ? value : undefined)
  const filter = (): VoteFilter => ({
    site: sometimes(sites[random.integer(3)]!),
    readers: sometimes(letters.filter(() => random.uniform() < 0.7)),
    from: sometimes(dayText(FIRST + random.integer(60))),
    // Before the first one, too.
    to: sometimes(dayText(FIRST + random.integer(100))),
    rule: voteRules[random.integer(3)]!,
    label: sometimes([null, 6, ...Array.from({ length: 4 }, () => scale.categories[some()]!)][random.integer(6)]!),
  })
  return { letters, scanRows, votes, settled, filter: filter(), before: filter() }
}
type Study = ReturnType<typeof studyOf>

function copyOf({ letters, scanRows, votes, settled }: Study) {
  const copy = emptyCopy()
  scanRows.forEach(({ site, patient }, s) => addScan(copy, `scan ${s}`, `patient ${patient}`, site))
  copy.readers = letters.map((letter) => ({
    ...{ accountId: letter, letter, cast: 0, total: 0 },
    votes: emptyVotes(copy.site.length),
  }))
  for (const { scan, reader, code, day, place, again } of votes) {
    const own = copy.readers[reader]!.votes
    own.code[scan] = code
    own.day[scan] = day
    own.place[scan] = place
    if (again !== null) own.repeats.set(scan, { code: again, place: 0, revision: 1 })
  }
  copy.settled = settled
  return copy
}

const gradeOf = (code: number): ScanVote => (code === CANNOT ? 'cannot' : scale.categories[code]!)
const labelOf = ({ settled }: Study, votes: readonly Vote[], scan: number, rule: VoteRule): number | null =>
  consensusOfScan(
    votes.filter((one) => one.scan === scan).map(({ code }) => gradeOf(code)),
    rule,
    scale,
    settled.get(scan) ?? null,
  ).label

/** The votes that pass, one condition after the other. */
function passing(study: Study): Vote[] {
  const { letters, scanRows, filter } = study
  const some = study.votes.filter(
    ({ scan, reader, day }) =>
      (filter.site === undefined || scanRows[scan]!.site === filter.site) &&
      (filter.readers?.includes(letters[reader]!) ?? true) &&
      dayText(day) >= (filter.from ?? '') &&
      dayText(day) <= (filter.to ?? '9'),
  )
  if (filter.label === undefined) return some
  return some.filter(({ scan }) => labelOf(study, some, scan, filter.rule as VoteRule) === filter.label)
}

/** The figures of these votes, each by itself. */
function plain(study: Study) {
  const { letters, scanRows } = study
  const votes = passing(study)
  const readers = letters.map((_, r) => r).filter((r) => votes.some(({ reader }) => reader === r))
  const scans = [...scanRows.keys()].filter((s) => votes.some(({ scan }) => scan === s))
  const grade = (scan: number, reader: number): number | null => {
    const vote = votes.find((one) => one.scan === scan && one.reader === reader)
    return vote && vote.code !== CANNOT ? scale.categories[vote.code]! : null
  }
  const rows = scans.map((scan) => readers.map((reader) => grade(scan, reader)))
  const ratings = {
    ...ratingsFromTable(rows, scale.categories, readers.length),
    raters: readers.map((r) => letters[r]!),
  }
  const clusters = Int32Array.from(scans, (scan) => scanRows[scan]!.patient)
  const standing = (row: (number | null)[]): number => {
    const sides = row.filter((one) => one !== null).map((one) => one >= scale.rescanFrom)
    return readers.length < 2 || sides.length < 2 ? UNKNOWN : new Set(sides).size > 1 ? APART : TOGETHER
  }
  const rescanOf = (keep: (scan: number) => boolean) => {
    const own = [...scans.keys()].filter((i) => keep(scans[i]!))
    const all = Uint8Array.from(own, (i) => standing(rows[i]!))
    const { reason: _, ...figure } = rescanFigureOf(
      all,
      clusters.filter((_, i) => own.includes(i)),
      { bootstrap: 50, seed: 1 },
    )
    return figure
  }
  const monthOf = (scan: number): string =>
    dayText(Math.max(...votes.filter((one) => one.scan === scan).map(({ day }) => day))).slice(0, 7)
  return {
    report: agreementReport(
      { ...ratings, clusters },
      { rescanFrom: scale.rescanFrom, bootstrap: 0, rescanBootstrap: 50, seed: 1 },
    ),
    bySite: [...new Set(scans.map((s) => scanRows[s]!.site))].map((site) => ({
      ...{ site, rescan: rescanOf((s) => scanRows[s]!.site === site) },
    })),
    byMonth: [...new Set(scans.map(monthOf))]
      .sort()
      .map((month) => ({ month, rescan: rescanOf((s) => monthOf(s) === month) })),
    readers: letters.map((letter, r) => {
      const own = votes.filter(({ reader }) => reader === r).sort((a, b) => a.place - b.place)
      const differences = own.flatMap(({ scan, code }) => {
        const others = votes.filter((one) => one.scan === scan && one.reader !== r && one.code !== CANNOT)
        const sum = others.reduce((all, one) => all + scale.categories[one.code]!, 0)
        return code === CANNOT || others.length === 0 ? [] : [scale.categories[code]! - sum / others.length]
      })
      return {
        letter,
        days: Object.fromEntries(own.map(({ day }) => [dayText(day), own.filter((one) => one.day === day).length])),
        distribution: [...scale.categories.keys(), CANNOT].map((code) => own.filter((one) => one.code === code).length),
        repeats: own.filter(({ code, again }) => code !== CANNOT && again !== null).length,
        drift: drift(differences),
        driftParts: differences.length,
      }
    }),
    labels: voteRules.map((rule) =>
      [...scale.categories, null].map((one) => scans.filter((s) => labelOf(study, votes, s, rule) === one).length),
    ),
    disputed: scans.filter((s) => new Set(votes.filter(({ scan }) => scan === s).map(({ code }) => code)).size > 1)
      .length,
  }
}

/** The answer of the page in the same words. */
function answered(study: Study) {
  const copy = copyOf(study)
  const common = {
    kind: 'overview',
    study: { id: 'study', ...scale },
    resamples: 50,
    seed: 1,
    everything: false,
  } as const
  // What is kept of a filter must be true of the next one.
  for (const filter of [{}, study.before]) toTheEnd(overview(copy, { ...common, filter }))
  const answer = toTheEnd(overview(copy, { ...common, filter: study.filter }))
  const withoutReason = <T extends { rescan: object }>(one: T): T => {
    const { reason: _, ...rescan } = one.rescan as { reason?: string }
    return { ...one, rescan }
  }
  return {
    report: answer.report,
    bySite: answer.bySite.map(withoutReason),
    byMonth: answer.byMonth.map(withoutReason),
    readers: answer.readers.map(({ letter, byDay, distribution, repeats, drift, driftParts }) => ({
      ...{ letter, drift, repeats: repeats.n, driftParts: driftParts.reduce((sum, { n }) => sum + n, 0) },
      days: Object.fromEntries(
        answer.days.map((day, at) => [day, byDay[at]!] as const).filter(([, count]) => count > 0),
      ),
      distribution: distribution.map(({ count }) => count),
    })),
    labels: answer.labels.slice(0, 3).map(({ counts }) => counts!.map(({ count }) => count)),
    disputed: answer.disputed,
  }
}

/** Numbers within rounding, everything else the same. */
function alike(a: unknown, b: unknown, at = ''): void {
  if (typeof a === 'number' && typeof b === 'number')
    expect(Math.abs(a - b), at).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(a)))
  else if (a !== null && b !== null && typeof a === 'object' && typeof b === 'object') {
    expect(Object.keys(a).sort(), at).toEqual(Object.keys(b).sort())
    for (const [key, value] of Object.entries(a)) alike(value, (b as Record<string, unknown>)[key], `${at}.${key}`)
  } else expect(a, at).toBe(b)
}

test('the figures through a filter are those of the votes that pass it', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const study = studyOf(seed)
      alike(answered(study), plain(study))
    }),
    { numRuns: 100 },
  )
})
