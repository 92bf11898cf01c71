import { sql } from 'kysely'
import type { Reader } from '../store/reader.ts'
import { addScan, emptyVotes, type Copy, type OwnVotes } from './copy.ts'
import { CANNOT, NONE } from './question.ts'

const DAY = 86_400_000
/** Another process may commit a vote whose identifier was made a moment before the newest one read: read that far back. */
const OVERLAP = 10_000
/** How old the readers' queue lengths may be, in milliseconds, while no vote comes. */
const COUNT_AGE = 2000
/** Grades of other scales than the study's cannot be stored; these two stand for no grade. */
const WITHDRAWN = -2
const CANNOT_BE_GRADED = -1

type Scale = readonly number[]

/** As `catchUp`; two questions about the same study share the work instead of doing it twice. */
export function* current(reader: Reader, studyId: string, categories: Scale, copy: Copy): Generator<void, void> {
  copy.busy ??= catchUp(reader, studyId, categories, copy)
  const { busy } = copy
  try {
    while (!busy.next().done) yield
  } catch (error) {
    copy.failure = { error }
  }
  if (copy.busy === busy) copy.busy = null
  if (copy.failure) throw copy.failure.error
}

/**
 * Brings the copy up to date: all of a study at the first time (a step a reader, so that others can be answered in
 * between), afterwards only what has been cast since. Votes are never changed, and their identifiers sort by time.
 */
function* catchUp(reader: Reader, studyId: string, categories: Scale, copy: Copy): Generator<void, void> {
  // Asked before anything is read: what is committed meanwhile is seen the next time.
  const changes = reader.changes()
  if (changes === copy.changes) return
  const first = copy.lastVote === ''
  const newest = newestVote(reader)
  readReaders(reader, studyId, copy)
  readScans(reader, studyId, copy)
  yield
  const codeOf = codes(categories)
  if (first) {
    for (const one of copy.readers) {
      for (const row of reader.rows<VoteRow>(allVotes(reader, studyId, one.accountId)))
        take(copy, one.votes, row, codeOf)
      yield
    }
  } else if (newest > copy.lastVote) {
    const after = earlier(copy.lastVote)
    for (const [accountId, ...row] of reader.rows<[string, ...VoteRow]>(votesSince(reader, studyId, after))) {
      const own = copy.readers.find((one) => one.accountId === accountId)
      if (own) take(copy, own.votes, row, codeOf)
    }
  }
  if (newest > copy.lastVote) copy.version += 1
  copy.lastVote = newest
  readSettled(reader, studyId, copy)
  readTruth(reader, studyId, copy)
  if (countQueues(reader, studyId, copy)) copy.changes = changes
}

/** scan, grade (or one of the two below zero), day, place, revision, 1 where the scan is shown again. */
type VoteRow = [scan: string, grade: number, day: string, place: number, revision: number, again: number]

const grade = sql<number>`case when vote.kind = 'withdrawn' then ${sql.lit(WITHDRAWN)}
  when vote.grade is null then ${sql.lit(CANNOT_BE_GRADED)} else vote.grade end`
const day = sql<string>`substr(vote.cast_at, 1, 10)`
const again = sql<number>`case when assignment.kind = 'repeat' then 1 else 0 end`

/** Second votes after a model's grade was shown (`follows`) are neither votes that count nor repeats. */
const counted = ['primary', 'repeat'] as const

function allVotes({ build }: Reader, studyId: string, accountId: string) {
  return build
    .selectFrom('assignment')
    .innerJoin('vote', 'vote.assignment_id', 'assignment.id')
    .select(['assignment.scan_id', grade.as('g'), day.as('d'), 'assignment.position', 'vote.revision', again.as('r')])
    .where('assignment.study_id', '=', studyId)
    .where('assignment.account_id', '=', accountId)
    .where('assignment.voted', '=', 1)
    .where('assignment.kind', 'in', counted)
    .where('assignment.follows', 'is', null)
}

function votesSince({ build }: Reader, studyId: string, after: string) {
  return build
    .selectFrom('vote')
    .innerJoin('assignment', 'assignment.id', 'vote.assignment_id')
    .select(['assignment.account_id', 'assignment.scan_id', grade.as('g'), day.as('d'), 'assignment.position'])
    .select(['vote.revision', again.as('r')])
    .where('vote.id', '>', after)
    .where('assignment.study_id', '=', studyId)
    .where('assignment.kind', 'in', counted)
    .where('assignment.follows', 'is', null)
    .orderBy('vote.id')
}

/** A code for each stored grade, shifted by two so that the two below zero have a place. */
function codes(categories: Scale): Int8Array {
  const most = Math.max(...categories)
  const codeOf = new Int8Array(most + 3).fill(NONE)
  codeOf[CANNOT_BE_GRADED + 2] = CANNOT
  categories.forEach((value, code) => (codeOf[value + 2] = code))
  return codeOf
}

const days = new Map<string, number>()
function dayNumber(text: string): number {
  let number = days.get(text)
  if (number === undefined) days.set(text, (number = Math.floor(Date.parse(text) / DAY)))
  return number
}

function take(copy: Copy, own: OwnVotes, [scanId, value, cast, place, revision, repeat]: VoteRow, codeOf: Int8Array) {
  const scan = copy.scanOf.get(scanId)
  if (scan === undefined) return
  const code = codeOf[value + 2]!
  if (repeat === 1) {
    const known = own.repeats.get(scan)
    if (!known || place < known.place || (place === known.place && revision >= known.revision))
      own.repeats.set(scan, { code, place, revision })
    return
  }
  if (revision < own.revision[scan]!) return
  own.revision[scan] = revision
  own.code[scan] = code
  own.day[scan] = dayNumber(cast)
  own.place[scan] = place
}

function readReaders(reader: Reader, studyId: string, copy: Copy): void {
  const query = reader.build
    .selectFrom('study_reader')
    .select(['account_id', 'letter'])
    .where('study_id', '=', studyId)
    .orderBy('letter')
  const known = new Map(copy.readers.map((one) => [one.accountId, one]))
  copy.readers = Array.from(reader.rows<[string, string]>(query), ([accountId, letter]) => ({
    ...(known.get(accountId) ?? { accountId, votes: emptyVotes(copy.site.length), cast: 0, total: 0 }),
    letter,
  }))
}

function readScans(reader: Reader, studyId: string, copy: Copy): void {
  const query = reader.build
    .selectFrom('scan')
    .select(['id', 'patient_id', 'site'])
    .where('study_id', '=', studyId)
    .where('id', '>', earlier(copy.ids.at(-1) ?? ''))
    .orderBy('id')
  for (const [id, patient, site] of reader.rows<[string, string, string]>(query))
    if (!copy.scanOf.has(id)) addScan(copy, id, patient, site)
}

function readSettled(reader: Reader, studyId: string, copy: Copy): void {
  const query = reader.build
    .selectFrom('adjudication')
    .select(['scan_id', 'grade'])
    .where('study_id', '=', studyId)
    .orderBy('id')
  keep(reader.rows<[string, number]>(query), copy.settled, copy)
}

function readTruth(reader: Reader, studyId: string, copy: Copy): void {
  const query = reader.build
    .selectFrom('scan_reference')
    .select(['scan_id', 'grade'])
    .where('study_id', '=', studyId)
    .orderBy('id')
  keep(reader.rows<[string, number]>(query), copy.truth, copy)
}

/** Takes rows in their order: the newest of a scan stays. */
function keep(rows: Iterable<[scanId: string, grade: number]>, into: Map<number, number>, copy: Copy): void {
  const newest = new Map<number, number>()
  for (const [scanId, value] of rows) {
    const scan = copy.scanOf.get(scanId)
    if (scan !== undefined) newest.set(scan, value)
  }
  for (const [scan, value] of newest) {
    if (into.get(scan) === value) continue
    into.set(scan, value)
    copy.version += 1
  }
}

/** False where they were counted a moment ago and are not counted again yet. */
function countQueues(reader: Reader, studyId: string, copy: Copy): boolean {
  const { at, version } = copy.counted
  if (version === copy.version && Date.now() - at < COUNT_AGE) return false
  const query = reader.build
    .selectFrom('assignment')
    .select(({ fn }) => ['account_id', fn.countAll<number>().as('n'), fn.sum<number>('voted').as('cast')])
    .where('study_id', '=', studyId)
    .groupBy('account_id')
  for (const [accountId, total, cast] of reader.rows<[string, number, number]>(query)) {
    const own = copy.readers.find((one) => one.accountId === accountId)
    if (own) Object.assign(own, { total: Number(total), cast: Number(cast) })
  }
  copy.counted = { at: Date.now(), version: copy.version }
  return true
}

function newestVote(reader: Reader): string {
  const query = reader.build.selectFrom('vote').select(({ fn }) => fn.max('id').as('id'))
  const [row] = reader.rows<[string | null]>(query)
  return row?.[0] ?? ''
}

/** The least identifier (UUIDv7: the first 48 bits are milliseconds) of some seconds before another one. */
function earlier(id: string): string {
  if (id === '') return ''
  const at = Math.max(0, Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) - OVERLAP)
  const hex = at.toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}`
}
