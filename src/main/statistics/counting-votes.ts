import type { KeyObject } from 'node:crypto'
import type { Reader, Steps } from '../store/reader.ts'
import { CANNOT_BE_GRADED, envelopeColumns, gradeNumber, openedGrade, type Envelope } from '../store/sealed/grades.ts'
import type { StudyAsked } from './question.ts'
import { readKeys } from './study-rows.ts'
import { votedBy } from './vote-rows.ts'

/** A vote that counts, as services/votes has it: the newest revision of a scan's first showing to a reader. */
export interface CountedVote {
  reader: { accountId: string; letter: string }
  /** Null: cannot be graded. */
  grade: number | null
  castAt: string
}

/** Of a study the votes that count, by scan. */
export interface CountingVotes {
  /** Identifiers by the scans' pseudonyms, those without a vote too. */
  scans: string[]
  /** Of the scan at a place its votes, by the readers' letters. */
  of(scan: number): CountedVote[]
}

type Row =
  [scan: string, grade: number, revision: number, castAt: string, ...Envelope] | [string, number, number, string]

/**
 * Reads all of them, with the moment of each, which figures need not: a step a reader.
 * @param unknown what becomes of a sealed vote whose key was not given: left out, or an error (`study-locked`)
 * @param tell share of the readers that were read, 0 to 1
 */
export function* readCountingVotes(
  reader: Reader,
  study: StudyAsked,
  unknown: 'left-out' | 'error',
  tell: (share: number) => void = () => undefined,
): Steps<CountingVotes> {
  const scans: string[] = []
  const placeOf = new Map<string, number>()
  const all = reader.build.selectFrom('scan').select('id').where('study_id', '=', study.id).orderBy('pseudonym')
  yield* reader.read<[string]>(all, ([id]) => placeOf.set(id, scans.push(id) - 1))
  const readers: CountedVote['reader'][] = []
  const letters = reader.build
    .selectFrom('study_reader')
    .select(['account_id', 'letter'])
    .where('study_id', '=', study.id)
    .orderBy('letter')
  yield* reader.read<[string, string]>(letters, ([accountId, letter]) => readers.push({ accountId, letter }))
  const opened: { keys: Map<string, KeyObject> | null } = { keys: null }
  yield* readKeys(reader, study, opened)

  const scanOf: number[] = []
  const readerOf: number[] = []
  const grades: number[] = []
  const revisions: number[] = []
  const castAt: string[] = []
  for (const [own, { accountId }] of readers.entries()) {
    const query = votesOf(reader, study, accountId)
    yield* reader.read<Row>(query, ([scanId, number, revision, at, ...envelope]) => {
      const scan = placeOf.get(scanId)
      if (scan === undefined) return
      const key = envelope[4] ?? null
      if (unknown === 'left-out' && key !== null && !opened.keys?.has(key)) return
      scanOf.push(scan)
      readerOf.push(own)
      grades.push(openedGrade(number, envelope, opened.keys))
      revisions.push(revision)
      castAt.push(at)
    })
    tell((own + 1) / readers.length)
    yield
  }

  // By scan; those of one reader stay together, in the order of the letters.
  const start = new Int32Array(scans.length + 1)
  for (const scan of scanOf) start[scan + 1]! += 1
  for (let scan = 0; scan < scans.length; scan += 1) start[scan + 1]! += start[scan]!
  const next = start.slice()
  const order = new Int32Array(scanOf.length)
  scanOf.forEach((scan, vote) => (order[next[scan]!++] = vote))
  return {
    scans,
    of(scan) {
      const newest: number[] = []
      for (const vote of order.subarray(start[scan], start[scan + 1])) {
        const last = newest.at(-1)
        if (last === undefined || readerOf[last] !== readerOf[vote]) newest.push(vote)
        else if (revisions[vote]! > revisions[last]!) newest[newest.length - 1] = vote
      }
      return newest.map((vote) => ({
        reader: readers[readerOf[vote]!]!,
        grade: grades[vote] === CANNOT_BE_GRADED ? null : grades[vote]!,
        castAt: castAt[vote]!,
      }))
    },
  }
}

const votesOf = (reader: Reader, { id, keys }: StudyAsked, accountId: string) =>
  votedBy(reader, id, accountId)
    .select(['assignment.scan_id', gradeNumber.as('g'), 'vote.revision', 'vote.cast_at'])
    .$if((keys ?? null) !== null, (query) => query.select(envelopeColumns))
    .where('assignment.kind', '=', 'primary')
