import { cannotReasons } from '../../../../preload/contract/reading.ts'
import type { CountingVote } from '../../votes/counting.ts'
import type { Showing } from '../../votes/showings.ts'
import type { Column } from '../../../domain/csv-table.ts'
import { place, subject } from './placed.ts'

/** What tables of votes have in common. */
type Vote = Pick<Showing & CountingVote, 'letter' | 'displayName' | 'grade' | 'worstSlice' | 'castAt'>

const rater = (named: boolean): readonly Column<Vote>[] => [
  { name: 'rater', meaning: "The reader's letter in this study.", of: (vote) => vote.letter },
  ...(named ? [raterName] : []),
]
const raterName: Column<Vote> = {
  name: 'rater_name',
  meaning: "The reader's name; asked for on purpose.",
  of: (vote) => vote.displayName,
}
const grade: Column<Vote> = {
  name: 'grade',
  meaning: 'The grade; empty: the reader said that the scan cannot be graded.',
  of: (vote) => vote.grade,
}
const marked: readonly Column<Vote>[] = [
  {
    name: 'worst_slice',
    meaning: 'The slice that the reader marked as the worst, counted from 1; empty: none.',
    of: (vote) => (vote.worstSlice === null ? null : vote.worstSlice + 1),
  },
  { name: 'cast_at', meaning: 'When the vote was cast, UTC.', of: (vote) => vote.castAt },
]

/** One row a vote that counts. `named` adds who the readers are. */
export const voteColumns = (named: boolean): readonly Column<CountingVote>[] => [
  subject,
  ...rater(named),
  grade,
  {
    name: 'reason',
    meaning: `Why the scan cannot be graded; empty beside a grade: ${cannotReasons.join(', ')} (in own words, which are not exported).`,
    of: ({ reason }) => (reason === null ? null : (cannotReasons.find((known) => known === reason) ?? 'other')),
  },
  ...place,
  ...marked,
]

/** One row a showing of a scan to a reader that was voted on. */
export const showingColumns = (named: boolean): readonly Column<Showing>[] => [
  subject,
  ...rater(named),
  {
    name: 'shown',
    meaning:
      'first: what agreement and consensus are made of (as votes.csv); repeat: a second time, unannounced; round: in a later round; second: after the model’s grade of this scan was shown; hidden, calibration: a scan of known grade.',
    of: (row) => row.shown,
  },
  { name: 'round', meaning: 'The round, from 1.', of: (row) => row.round },
  grade,
  {
    name: 'confidence',
    meaning: '1 unsure, 2 fairly sure, 3 sure; empty: not asked for.',
    of: (row) => row.confidence,
  },
  {
    name: 'stack_grades',
    meaning: 'A grade for each stack of the scan, proximal last, with blanks between; empty: one grade a scan.',
    of: (row) => row.stackGrades?.join(' ') ?? null,
  },
  ...place,
  ...marked,
]
