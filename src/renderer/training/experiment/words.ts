import type { Experiment } from '../../../preload/contract/experiments.ts'
import { networkTitle } from '../networkTitle.ts'

type Translate = (key: string, named?: Record<string, unknown>, plural?: number) => string

/** Who graded a row of the tables: a network, or the vote of all. */
export const grader = ({ network, voters }: { network: string; voters: number | null }, t: Translate): string =>
  voters === null ? networkTitle(network, t) : t('experiment.voting', { n: voters })

/** What an experiment has less of than the paper's, as a sentence; empty for the paper's own. */
export function reducedNote({ reduced }: Pick<Experiment, 'reduced'>, t: Translate, language: string): string {
  if (reduced === null) return ''
  const { networks, of, edge, epochs, ownEpochs, batch, optimiser, learningRate } = reduced
  const many = (n: number): string => t('experiment.epochs', { n }, n)
  const own = Object.entries(ownEpochs).map(([network, n]) => `${networkTitle(network, t)}: ${n}`)
  return t('experiment.reducedNote', {
    ...{ networks, of, batch },
    edge: edge === null ? t('experiment.edgeOwn') : t('experiment.edge', { edge }),
    epochs: own.length === 0 ? many(epochs) : t('experiment.ownEpochs', { epochs: many(epochs), own: own.join(', ') }),
    optimiser: t(`recipe.optimisers.${optimiser}`),
    rate: new Intl.NumberFormat(language, { maximumSignificantDigits: 6 }).format(learningRate),
  })
}
