import { expect, test } from 'vitest'
import { agreementReport, ratingsFromTable } from '../../../src/main/domain/agreement/index.ts'
import { toTheEnd } from '../../../src/main/domain/agreement/bootstrap.ts'
import { randomFrom } from '../../../src/main/domain/random.ts'
import { addScan, emptyCopy, emptyVotes } from '../../../src/main/statistics/copy.ts'
import { overview } from '../../../src/main/statistics/overview.ts'
import { CANNOT, type OverviewQuestion } from '../../../src/main/statistics/question.ts'

const random = randomFrom('a department')
const readers = 9
const categories = [1, 2, 3, 4]
/** Of nine readers the first and some of the others grade a scan, every tenth all; some say that it cannot be graded. Codes, or null. */
const votes = Array.from({ length: 300 }, (_, scan) =>
  Array.from({ length: readers }, (_, r) =>
    scan % 10 > 0 && r > 0 && random.uniform() < 0.6 ? null : random.uniform() < 0.05 ? CANNOT : random.integer(4),
  ),
)

/** The copy of a study with these votes, two scans a patient. */
function copyOf(rows: typeof votes) {
  const copy = emptyCopy()
  rows.forEach((_, s) => addScan(copy, `scan ${s}`, `patient ${s >> 1}`, s % 2 ? 'radius' : 'tibia'))
  for (let r = 0; r < readers; r += 1) {
    const own = emptyVotes(copy.site.length)
    rows.forEach((row, s) => {
      if (row[r] === null) return
      own.code[s] = row[r]!
      own.day[s] = 20_000 + s
      own.place[s] = s
      own.revision[s] = 1
    })
    copy.readers.push({ accountId: `r${r}`, letter: 'ABCDEFGHI'[r]!, votes: own, cast: 0, total: 0 })
  }
  return copy
}

const question = (everything: boolean): OverviewQuestion => ({
  ...{ kind: 'overview', filter: {}, resamples: 200, seed: 1, everything },
  study: { id: 'study', categories, rescanFrom: 3 },
})
const answer = (rows: typeof votes, everything: boolean) => toTheEnd(overview(copyOf(rows), question(everything)))

/** The same votes as the command `agreement` takes them: one row a scan, one column a reader. */
const table = votes.map((row) => row.map((code) => (code === null || code === CANNOT ? null : categories[code]!)))
const ratings = { ...ratingsFromTable(table, categories, readers), raters: [...'ABCDEFGHI'] }
const whole = agreementReport(
  { ...ratings, clusters: Int32Array.from(votes, (_, s) => s >> 1) },
  { rescanFrom: 3, bootstrap: 0, rescanBootstrap: 200, seed: 1 },
)

/** Numbers within rounding, everything else the same. */
function alike(a: unknown, b: unknown, at = ''): void {
  if (typeof a === 'number' && typeof b === 'number') expect(a, at).toBeCloseTo(b, 10)
  else if (a !== null && b !== null && typeof a === 'object' && typeof b === 'object') {
    expect(Object.keys(a), at).toEqual(Object.keys(b))
    for (const [key, value] of Object.entries(a)) alike(value, (b as Record<string, unknown>)[key], `${at}.${key}`)
  } else expect(a, at).toBe(b)
}

test('figures from patterns of votes are those of every reader’s own column', () => {
  alike(answer(votes, false).report, whole)
})

test('the pairs’ rates come at once, their intervals with everything', () => {
  const [quick, full] = [answer(votes, false).byPair, answer(votes, true).byPair]
  expect(quick).toHaveLength(36)
  full.forEach(({ raters, rescan }, pair) => {
    const apart = table.filter((row) => {
      const [a, b] = raters.map((letter) => row['ABCDEFGHI'.indexOf(letter)]!)
      return a != null && b != null && a >= 3 !== b >= 3
    })
    expect(rescan.count).toBe(apart.length)
    expect(rescan.ci).not.toBeNull()
    expect(quick[pair]!.rescan).toEqual({ ...rescan, ci: null, interval: null })
  })
})

test('nothing depends on the order of the scans', () => {
  // Patients stay together; the drift is over the order of the votes, which is another one.
  const turned = votes.toReversed()
  const [one, other] = [answer(votes, true), answer(turned, true)]
  alike(other.report, one.report)
  alike(other.byPair, one.byPair)
  alike(other.labels, one.labels)
})
