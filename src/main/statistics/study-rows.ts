import type { Compilable } from 'kysely'
import type { Reader, Steps } from '../store/reader.ts'
import { addReaderKeys } from '../store/sealed/grades.ts'
import { addScan, emptyVotes, type Copy } from './copy.ts'
import type { StudyAsked } from './question.ts'

/** How old the readers' queue lengths may be, in milliseconds, while no vote comes. */
const COUNT_AGE = 2000

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

/** Who reads, by their letters. */
export function* readReaders(reader: Reader, studyId: string, copy: Copy): Steps<void> {
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
export function* readScans(reader: Reader, studyId: string, copy: Copy): Steps<void> {
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

/** What the lead settled. */
export function* readSettled(reader: Reader, studyId: string, copy: Copy): Steps<void> {
  const query = reader.build
    .selectFrom('adjudication')
    .select(['scan_id', 'grade'])
    .where('study_id', '=', studyId)
    .orderBy('id')
  keep(yield* all<[string, number]>(reader, query), copy.settled, copy)
}

/** What is known of scans. */
export function* readTruth(reader: Reader, studyId: string, copy: Copy): Steps<void> {
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
export function* countQueues(reader: Reader, studyId: string, copy: Copy, voted: ReadonlySet<string>): Steps<boolean> {
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
export function* mergedPackets(reader: Reader, studyId: string): Steps<number> {
  const query = reader.build
    .selectFrom('packet')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where('study_id', '=', studyId)
    .where('act', '=', 'merged')
  const [row] = yield* all<[number]>(reader, query)
  return Number(row?.[0] ?? 0)
}

/** The newest vote of any study; the empty text where there is none. */
export function* newestVote(reader: Reader): Steps<string> {
  const query = reader.build.selectFrom('vote').select(({ fn }) => fn.max('id').as('id'))
  const [row] = yield* all<[string | null]>(reader, query)
  return row?.[0] ?? ''
}

/** The few rows of a query. */
function* all<T extends unknown[]>(reader: Reader, query: Compilable): Steps<T[]> {
  const rows: T[] = []
  yield* reader.read<T>(query, (row) => void rows.push(row))
  return rows
}
