import { sql, type Compilable } from 'kysely'
import type { Reader, Steps } from '../store/reader.ts'
import {
  addReaderKeys,
  CANNOT_BE_GRADED,
  envelopeColumns,
  gradeNumber,
  openedGrade,
  type Envelope,
} from '../store/sealed/grades.ts'
import { addScan, emptyVotes, type Copy, type OwnVotes } from './copy.ts'
import { CANNOT, NONE, type StudyAsked } from './question.ts'

const DAY = 86_400_000
/** How old the readers' queue lengths may be, in milliseconds, while no vote comes. */
const COUNT_AGE = 2000

type Scale = readonly number[]

/** As `catchUp`; two questions about the same study share the work instead of doing it twice. */
export function* current(reader: Reader, study: StudyAsked, copy: Copy): Steps<void> {
  copy.busy ??= catchUp(reader, study, copy)
  const { busy } = copy
  try {
    for (;;) {
      // What a server is asked for is awaited by both; whoever comes first goes on.
      if (copy.awaited) {
        yield copy.awaited
        continue
      }
      const { done, value } = busy.next()
      if (done) break
      if (value) copy.awaited = value.finally(() => (copy.awaited = null))
      else yield
    }
  } catch (error) {
    copy.failure = { error }
  }
  if (copy.busy === busy) copy.busy = null
  if (copy.failure) throw copy.failure.error
}

/**
 * Brings the copy up to date: all of a study at the first time (a step a reader, so that others can be answered in
 * between), afterwards only what has been cast since. Votes are never changed, and each one's identifier sorts after those of
 * all that were committed before it (store/identity.ts).
 */
function* catchUp(reader: Reader, study: StudyAsked, copy: Copy): Steps<void> {
  const { id: studyId, categories } = study
  const encrypted = (study.keys ?? null) !== null
  // Asked before anything is read: what is committed meanwhile is seen the next time.
  const changes = yield* reader.changes()
  if (changes === copy.changes) return
  const merged = yield* mergedPackets(reader, studyId)
  const first = copy.lastVote === '' || merged !== copy.merged
  const newest = yield* newestVote(reader)
  yield* readReaders(reader, studyId, copy)
  yield* readScans(reader, studyId, copy)
  yield* readKeys(reader, study, copy)
  yield
  const codeOf = codes(categories)
  const voted = new Set<string>()
  if (first) {
    for (const one of copy.readers) {
      if (merged !== copy.merged) one.votes = emptyVotes(copy.site.length)
      const query = allVotes(reader, studyId, one.accountId, encrypted)
      yield* reader.read<VoteRow>(query, (row) => take(copy, one.votes, row, codeOf))
      yield
    }
  } else if (newest > copy.lastVote) {
    const query = votesSince(reader, studyId, copy.lastVote, encrypted)
    yield* reader.read<[string, ...VoteRow]>(query, ([accountId, ...row]) => {
      const own = copy.readers.find((one) => one.accountId === accountId)
      if (own) take(copy, own.votes, row, codeOf)
      voted.add(accountId)
    })
  }
  if (newest > copy.lastVote || merged !== copy.merged) copy.version += 1
  copy.lastVote = newest
  copy.merged = merged
  yield* readSettled(reader, studyId, copy)
  yield* readTruth(reader, studyId, copy)
  if (yield* countQueues(reader, studyId, copy, voted)) copy.changes = changes
}

/** scan, grade (or one of the two below zero), day, place, revision, what the scan is shown for (below). */
type VoteRow = [
  ...[scan: string, grade: number, day: string, place: number, revision: number, shown: number],
  ...envelope: Envelope | [],
]

const day = sql<string>`substr(vote.cast_at, 1, 10)`
/** The first time, again, or for something else: second votes after a model's grade was shown, too, are no votes that count. */
const [FIRST, AGAIN, ELSE] = [0, 1, 2]
const shown = sql<number>`case when assignment.follows is not null then ${sql.lit(ELSE)}
  when assignment.kind = 'primary' then ${sql.lit(FIRST)} when assignment.kind = 'repeat' then ${sql.lit(AGAIN)}
  else ${sql.lit(ELSE)} end`

function allVotes({ build }: Reader, studyId: string, accountId: string, encrypted: boolean) {
  return build
    .selectFrom('assignment')
    .innerJoin('vote', 'vote.assignment_id', 'assignment.id')
    .select(['assignment.scan_id', gradeNumber.as('g'), day.as('d'), 'assignment.position', 'vote.revision'])
    .select(shown.as('r'))
    .$if(encrypted, (query) => query.select(envelopeColumns))
    .where('assignment.study_id', '=', studyId)
    .where('assignment.account_id', '=', accountId)
    .where('assignment.voted', '=', 1)
    .where('assignment.kind', 'in', ['primary', 'repeat'])
    .where('assignment.follows', 'is', null)
}

function votesSince({ build }: Reader, studyId: string, after: string, encrypted: boolean) {
  return build
    .selectFrom('vote')
    .innerJoin('assignment', 'assignment.id', 'vote.assignment_id')
    .select(['assignment.account_id', 'assignment.scan_id', gradeNumber.as('g'), day.as('d'), 'assignment.position'])
    .select(['vote.revision', shown.as('r')])
    .$if(encrypted, (query) => query.select(envelopeColumns))
    .where('vote.id', '>', after)
    .where('assignment.study_id', '=', studyId)
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

function take(copy: Copy, own: OwnVotes, row: VoteRow, codeOf: Int8Array) {
  const [scanId, value, cast, place, revision, kind, ...envelope] = row
  const scan = copy.scanOf.get(scanId)
  if (scan === undefined || kind === ELSE) return
  const code = codeOf[openedGrade(value, envelope, copy.keys) + 2]!
  if (kind === AGAIN) {
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

/** The keys of readers' votes, with the study's own key; new ones come with a reader's first vote. */
export function* readKeys(reader: Reader, { keys }: StudyAsked, copy: Pick<Copy, 'keys'>): Steps<void> {
  if (!keys) return
  copy.keys ??= new Map()
  for (const study of keys) {
    const query = reader.build.selectFrom('reader_key').select(['id', 'box']).where('study_key_id', '=', study.id)
    const rows = yield* all<[string, string]>(reader, query)
    addReaderKeys(
      study,
      rows.map(([id, box]) => ({ id, box })),
      copy.keys,
    )
  }
}

/** The few rows of a query. */
function* all<T extends unknown[]>(reader: Reader, query: Compilable): Steps<T[]> {
  const rows: T[] = []
  yield* reader.read<T>(query, (row) => void rows.push(row))
  return rows
}

function* readReaders(reader: Reader, studyId: string, copy: Copy): Steps<void> {
  const query = reader.build
    .selectFrom('study_reader')
    .select(['account_id', 'letter'])
    .where('study_id', '=', studyId)
    .orderBy('letter')
  const known = new Map(copy.readers.map((one) => [one.accountId, one]))
  const rows = yield* all<[string, string]>(reader, query)
  if (
    rows.every(
      ([accountId, letter], at) => copy.readers[at]?.accountId === accountId && copy.readers[at].letter === letter,
    )
  )
    return
  copy.version += 1
  copy.readers = rows.map(([accountId, letter]) => ({
    ...(known.get(accountId) ?? { accountId, votes: emptyVotes(copy.site.length), cast: 0, total: 0 }),
    letter,
  }))
}

/** Scans come at any workstation, whose clocks differ: where there are more than are known all are looked at. */
function* readScans(reader: Reader, studyId: string, copy: Copy): Steps<void> {
  const count = reader.build
    .selectFrom('scan')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where('study_id', '=', studyId)
  const [there] = yield* all<[number]>(reader, count)
  if (Number(there?.[0]) === copy.scans) return
  const query = reader.build
    .selectFrom('scan')
    .select(['id', 'patient_id', 'site'])
    .where('study_id', '=', studyId)
    .orderBy('id')
  yield* reader.read<[string, string, string]>(query, ([id, patient, site]) => {
    if (!copy.scanOf.has(id)) addScan(copy, id, patient, site)
  })
}

function* readSettled(reader: Reader, studyId: string, copy: Copy): Steps<void> {
  const query = reader.build
    .selectFrom('adjudication')
    .select(['scan_id', 'grade'])
    .where('study_id', '=', studyId)
    .orderBy('id')
  keep(yield* all<[string, number]>(reader, query), copy.settled, copy)
}

function* readTruth(reader: Reader, studyId: string, copy: Copy): Steps<void> {
  const query = reader.build
    .selectFrom('scan_reference')
    .select(['scan_id', 'grade'])
    .where('study_id', '=', studyId)
    .orderBy('id')
  keep(yield* all<[string, number]>(reader, query), copy.truth, copy)
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

/**
 * Where votes came since all were counted, only the queues of those who voted: a million places are not counted for each vote.
 * False where not all were counted: they are the next time.
 */
function* countQueues(reader: Reader, studyId: string, copy: Copy, voted: ReadonlySet<string>): Steps<boolean> {
  const { at, version } = copy.counted
  if (version === copy.version && Date.now() - at < COUNT_AGE) return false
  const query = reader.build
    .selectFrom('assignment')
    .select(({ fn }) => ['account_id', fn.countAll<number>().as('n'), fn.sum<number>('voted').as('cast')])
    .where('study_id', '=', studyId)
    .$if(voted.size > 0, (some) => some.where('account_id', 'in', [...voted]))
    .groupBy('account_id')
  for (const [accountId, total, cast] of yield* all<[string, number, number]>(reader, query)) {
    const own = copy.readers.find((one) => one.accountId === accountId)
    if (!own || (own.total === Number(total) && own.cast === Number(cast))) continue
    Object.assign(own, { total: Number(total), cast: Number(cast) })
    copy.version += 1
  }
  copy.counted = { at: voted.size > 0 ? at : Date.now(), version: copy.version }
  return voted.size === 0
}

/** Votes that come with a packet sort before those that were cast here meanwhile. */
function* mergedPackets(reader: Reader, studyId: string): Steps<number> {
  const query = reader.build
    .selectFrom('packet')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where('study_id', '=', studyId)
    .where('act', '=', 'merged')
  const [row] = yield* all<[number]>(reader, query)
  return Number(row?.[0] ?? 0)
}

function* newestVote(reader: Reader): Steps<string> {
  const query = reader.build.selectFrom('vote').select(({ fn }) => fn.max('id').as('id'))
  const [row] = yield* all<[string | null]>(reader, query)
  return row?.[0] ?? ''
}
