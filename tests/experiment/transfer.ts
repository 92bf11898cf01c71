import type { Run } from '../../src/preload/contract/training.ts'
import type { GradedScan } from '../../src/main/domain/evaluation/graded.ts'
import { compareOnSame } from '../../src/main/domain/evaluation/paired.ts'
import type { Calibrated } from './calibration.ts'
import { cells, scale, table, type Score } from './figures.ts'
import type { Pretraining } from './heels.ts'
import { heels, recipe } from './plan.ts'

/** A network of the series and what it said of the scans for testing. */
export interface Trained {
  score: Score
  run: Run
  parameters: number
  /** With the probabilities as the network gave them. */
  graded: GradedScan[]
  calibration: Calibrated
}

/** The same large network from random weights and from a file, in this order: does the file help? */
export function transferSection(
  pair: Trained[],
  { patients, pictures, epochs, heldOut, minutes }: Pretraining,
): string {
  const [scratch, started] = pair as [Trained, Trained]
  const inOrder = ({ graded }: Trained): GradedScan[] => graded.toSorted((a, b) => (a.scan < b.scan ? -1 : 1))
  const { grade, rescan, differences } = compareOnSame(inOrder(scratch), inOrder(started), scale, {
    resamples: 2000,
    seed: 1,
  })
  const kappa = differences.find(({ name, target }) => name === 'quadraticKappa' && target === 'all')!
  const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`
  const interval = kappa.ci ? ` (95 % ${signed(kappa.ci[0])} to ${signed(kappa.ci[1])})` : ''
  const p = ({ onlyFirst, onlySecond, p: value }: typeof grade): string =>
    `${onlySecond} and ${onlyFirst}${value === null ? '' : `, p = ${value.toFixed(2)}`}`
  return `## Transfer learning: from a file of weights against from random weights

The 2021 paper starts its networks from ImageNet's weights, the thesis argues against it. **The weights here are not ImageNet's**, which could
not be had where this was made: they come from ${pictures} pictures of the regions of interest of ${patients} simulated heels (another phantom, radiographs), ${heels.edge} x ${heels.edge},
of which GoogLeNet learned in ${epochs} epochs (${minutes.toFixed(0)} minutes) to tell the osteoporotic ones: right for ${(100 * heldOut.accuracy).toFixed(0)} % of ${heldOut.pictures} pictures of patients kept apart, where no grader can expect more
than 84 %. They were written to a safetensors file with torchvision's names and layout, and the run started from it as from any file that a user
has ("Weights to start from", or \`train --pretrained FILE\`): the last layer is drawn anew, nothing is frozen. What ImageNet's weights would do, this table does not say.

Both rows: ${heels.edge} x ${heels.edge}, the same split, seed and recipe (Adam ${recipe.learningRate}); only the first weights differ.

${table(
  ['', 'best epoch', 'epochs', 'at the cut, %', 'kappa', 'right grade, %', 'mean error, grades'],
  pair.map(({ score, run }) => {
    const [name, ...figures] = cells(score)
    return [name!, String(run.bestEpoch), String(run.epochs.length), ...figures]
  }),
)}

Started from the file less from random weights: kappa ${signed(kappa.difference ?? 0)}${interval}. Scans graded right by the one alone and by the other alone: ${p(grade)} (McNemar);
at the cut: ${p(rescan!)}.
`
}
