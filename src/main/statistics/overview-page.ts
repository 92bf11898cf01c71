import type { RescanFigure } from '../domain/agreement/rescan-figure.ts'
import type { OverviewAnswer, OverviewParts, ReaderAnswer } from './question.ts'

/** An answer in the form in which the page is told it, less what the thread does not know: the study, and names. */
export const pageForm = ({ report, bySite, byPair, byMonth, readers: _, ...rest }: OverviewAnswer) => ({
  agreement: report,
  rescanBySite: bySite.map(({ site, rescan }) => ({ site, ...rateOf(rescan) })).filter(({ n }) => n > 0),
  rescanByPair: byPair.map(({ raters, rescan }) => ({ raters, ...rateOf(rescan) })),
  rescanByMonth: byMonth.map(({ month, rescan }) => ({ month, ...rateOf(rescan) })).filter(({ n }) => n > 0),
  ...rest,
})

/** The same of one reader. */
export function readerForm({ repeats, ...rest }: ReaderAnswer) {
  const { rate, count, n, ci } = repeats.rescan
  return { ...rest, repeats: { ...repeats, rescan: { rate, count, n, ci } } }
}

/** The same as text. To copy it from thread to thread as objects took ten times as long. */
export const pageParts = (answer: OverviewAnswer): OverviewParts => ({
  readers: answer.readers.map((own) => ({
    ...{ letter: own.letter, cast: own.cast, total: own.total },
    json: JSON.stringify(readerForm(own)),
  })),
  json: JSON.stringify(pageForm(answer)),
})

const rateOf = ({ disagreementRate: rate, count, n, ci, reason }: RescanFigure) => ({
  ...{ rate, count, n, ci },
  ...(reason === undefined ? {} : { reason }),
})
