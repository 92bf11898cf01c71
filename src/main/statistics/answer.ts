import { raterPairs } from '../domain/agreement/confusion.ts'
import { type Ratings, subsetOf } from '../domain/agreement/ratings.ts'
import { agreementReport, rescanOfGroup } from '../domain/agreement/report.ts'
import { MISSING } from '../domain/scale.ts'
import { type Answer, CANNOT, NONE, type Question } from './question.ts'

const DAY = 86_400_000
const isoDay = (day: number): string => new Date(day * DAY).toISOString().slice(0, 10)

/** Everything the lead's page shows of the votes that pass the filter. */
export function answer(question: Question): Answer {
  const { votes, categories, options } = question
  const passed = passing(question)
  const kept = votes.readers.map((_, r) => r).filter((r) => passed.codes[r]!.some((code) => code !== NONE))
  const scans: number[] = []
  for (let s = 0; s < votes.scans; s += 1) if (kept.some((r) => passed.codes[r]![s] !== NONE)) scans.push(s)
  const whole = ratingsOf(question, passed.codes, kept, scans)
  const groupsOf = <K>(keys: K[]): [K, Ratings][] => {
    const members = new Map<K, number[]>()
    keys.forEach((key, i) => {
      const list = members.get(key)
      if (list) list.push(i)
      else members.set(key, [i])
    })
    return [...members].map(([key, list]) => [key, subsetOf(whole, list)])
  }
  return {
    report: agreementReport(whole, options),
    bySite: groupsOf(scans.map((s) => votes.siteNames[votes.site[s]!]!)).map(([site, part]) => ({
      site,
      rescan: rescanOfGroup(part, options),
    })),
    byPair: raterPairs(kept.length).map(([a, b]) => ({
      raters: [whole.raters[a]!, whole.raters[b]!],
      rescan: rescanOfGroup(ratingsOf(question, passed.codes, [kept[a]!, kept[b]!], scans), options),
    })),
    byMonth: groupsOf(lastMonths(question, passed.codes, kept, scans))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([month, part]) => ({ month, rescan: rescanOfGroup(part, options) })),
    readers: votes.readers.map(({ letter, day }, r) => ({ letter, ...tally(passed.codes[r]!, day, categories) })),
    disputed: scans.filter((s) => differs(passed.codes, kept, s)).length,
  }
}

/** The votes with those that the filter leaves out taken away. */
function passing({ votes, filter }: Question): { codes: Int8Array[] } {
  const site = filter.site === undefined ? null : votes.siteNames.indexOf(filter.site)
  const from = filter.from === undefined ? -Infinity : Date.parse(filter.from) / DAY
  const to = filter.to === undefined ? Infinity : Date.parse(filter.to) / DAY
  const codes = votes.readers.map(({ letter, code, day }) =>
    filter.readers && !filter.readers.includes(letter)
      ? new Int8Array(votes.scans).fill(NONE)
      : code.map((value, s) =>
          day[s]! < from || day[s]! > to || (site !== null && votes.site[s] !== site) ? NONE : value,
        ),
  )
  return { codes }
}

function ratingsOf({ votes, categories }: Question, codes: Int8Array[], readers: number[], scans: number[]): Ratings {
  const width = readers.length
  const out = new Int8Array(scans.length * width)
  readers.forEach((r, column) => {
    const own = codes[r]!
    for (let i = 0; i < scans.length; i += 1) {
      const code = own[scans[i]!]!
      out[i * width + column] = code < 0 ? MISSING : code
    }
  })
  return {
    // Names of scans take no part in a statistic; only their number does.
    subjects: new Array<string>(scans.length).fill(''),
    raters: readers.map((r) => votes.readers[r]!.letter),
    categories,
    codes: out,
    clusters: Int32Array.from(scans, (s) => votes.patient[s]!),
  }
}

function lastMonths({ votes }: Question, codes: Int8Array[], readers: number[], scans: number[]): string[] {
  const months = new Map<number, string>()
  return scans.map((s) => {
    let last = 0
    for (const r of readers) if (codes[r]![s] !== NONE) last = Math.max(last, votes.readers[r]!.day[s]!)
    let month = months.get(last)
    if (month === undefined) months.set(last, (month = isoDay(last).slice(0, 7)))
    return month
  })
}

function tally(codes: Int8Array, days: Int32Array, categories: number[]) {
  const byDay = new Map<number, number>()
  const counts = new Map<number, number>()
  codes.forEach((code, s) => {
    if (code === NONE) return
    byDay.set(days[s]!, (byDay.get(days[s]!) ?? 0) + 1)
    counts.set(code, (counts.get(code) ?? 0) + 1)
  })
  return {
    byDay: [...byDay].sort(([a], [b]) => a - b).map(([day, count]) => ({ day: isoDay(day), count })),
    distribution: [
      ...categories.map((grade, code) => ({ grade, count: counts.get(code) ?? 0 })),
      { grade: null, count: counts.get(CANNOT) ?? 0 },
    ],
  }
}

/** Not all said the same; "cannot be graded" beside a grade is a difference too. */
function differs(codes: Int8Array[], readers: number[], scan: number): boolean {
  let first = NONE
  for (const r of readers) {
    const code = codes[r]![scan]!
    if (code === NONE) continue
    if (first === NONE) first = code
    else if (code !== first) return true
  }
  return false
}
