import { sql } from 'kysely'
import type { Reader } from '../store/reader.ts'
import { CANNOT_BE_GRADED, envelopeColumns, gradeNumber, openedGrade, type Envelope } from '../store/sealed/grades.ts'
import type { Copy, OwnVotes } from './copy.ts'
import { CANNOT, NONE } from './question.ts'

const DAY = 86_400_000

/** scan, grade (or one of the two below zero), day, place, revision, what the scan is shown for (below). */
export type VoteRow = [
  ...[scan: string, grade: number, day: string, place: number, revision: number, shown: number],
  ...envelope: Envelope | [],
]

const day = sql<string>`substr(vote.cast_at, 1, 10)`
/** The first time, again, or for something else: second votes after a model's grade was shown, too, are no votes that count. */
const [FIRST, AGAIN, ELSE] = [0, 1, 2]
const shown = sql<number>`case when assignment.follows is not null then ${sql.lit(ELSE)}
  when assignment.kind = 'primary' then ${sql.lit(FIRST)} when assignment.kind = 'repeat' then ${sql.lit(AGAIN)}
  else ${sql.lit(ELSE)} end`

/** A reader's places of a study that were voted on, with every revision of each vote. */
export const votedBy = ({ build }: Reader, studyId: string, accountId: string) =>
  build
    .selectFrom('assignment')
    .innerJoin('vote', 'vote.assignment_id', 'assignment.id')
    .where('assignment.study_id', '=', studyId)
    .where('assignment.account_id', '=', accountId)
    .where('assignment.voted', '=', 1)

/** All votes of a reader that count or repeat one that does. */
export function allVotes(reader: Reader, studyId: string, accountId: string, encrypted: boolean) {
  return votedBy(reader, studyId, accountId)
    .select(['assignment.scan_id', gradeNumber.as('g'), day.as('d'), 'assignment.position', 'vote.revision'])
    .select(shown.as('r'))
    .$if(encrypted, (query) => query.select(envelopeColumns))
    .where('assignment.kind', 'in', ['primary', 'repeat'])
    .where('assignment.follows', 'is', null)
}

/** What was cast after the vote `after`, by whomever: the rows begin with the account. */
export function votesSince({ build }: Reader, studyId: string, after: string, encrypted: boolean) {
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
export function codes(categories: readonly number[]): Int8Array {
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

/** Keeps what a row says where it is newer than what is known of that scan. */
export function take(copy: Copy, own: OwnVotes, row: VoteRow, codeOf: Int8Array) {
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
