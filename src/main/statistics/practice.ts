import type { Copy } from './copy.ts'
import { columnsOf } from './columns.ts'
import type { OverviewQuestion, VoteFilter } from './question.ts'

const DAY = 86_400_000
/** So often that the machine's own code for the loops is there when somebody asks in earnest. */
const ROUNDS = 3

/**
 * Goes through filters of each kind while nobody asks: the first one that a lead chooses would else take twice as long as those
 * after it. What is asked of one site alone is kept as if the lead had asked.
 */
export function* practice(
  copy: Copy,
  question: OverviewQuestion,
  answer: (question: OverviewQuestion) => Generator<void, unknown>,
): Generator<void, void> {
  const { first, count } = columnsOf(copy).days
  const day = (share: number): string => new Date((first + Math.floor(share * count)) * DAY).toISOString().slice(0, 10)
  const [site] = copy.siteNames
  const readers = copy.readers.slice(1).map(({ letter }) => letter)
  const label = question.study.categories.at(-1)!
  if (count === 0 || site === undefined) return
  const kinds = (share: number): VoteFilter[] => [
    ...(readers.length > 0 ? [{ readers }, { readers, site }] : []),
    ...[{ from: day(share) }, { to: day(share) }, { from: day(share / 2), to: day(share), site }],
    ...[{ rule: 'majority', label } as const, { from: day(share), rule: 'median', label } as const],
  ]
  for (const name of copy.siteNames) yield* answer({ ...question, filter: { site: name } })
  const { version } = copy
  for (let round = 1; round <= ROUNDS; round += 1)
    for (const filter of kinds(round / (ROUNDS + 1))) {
      yield* answer({ ...question, filter })
      if (copy.version !== version) return
    }
}
