import type { LabelSet } from '../../src/preload/contract/labels.ts'
import { calibrationSection } from './calibration.ts'
import { cells, middle, table, type Score } from './figures.ts'
import type { Pretraining } from './heels.ts'
import { heels, recipe, type scans } from './plan.ts'
import { transferSection } from './transfer.ts'
import type { Trained } from './transfer.ts'

interface Found {
  readers: Score[]
  networks: Trained[]
  labels: LabelSet
  scanPlan: typeof scans
  /** What always giving the commoner re-scan decision would be right on. */
  commoner: number
  minutes: number
  machine: string
  pretraining: Pretraining
}

const head = ['', 'right at the re-scan cut, %', 'quadratic kappa', 'right grade, %', 'mean error, grades']

/** docs/experiment.md, every figure computed. */
export function report({
  readers,
  networks,
  labels,
  scanPlan,
  commoner,
  minutes,
  machine,
  pretraining,
}: Found): string {
  const medians = {
    rescan: middle(readers.map(({ rescan }) => rescan.estimate!)),
    kappa: middle(readers.map(({ kappa }) => kappa.estimate!)),
  }
  const reaches = (figure: 'rescan' | 'kappa'): string[] =>
    networks.filter(({ score }) => score[figure].estimate! >= medians[figure]).map(({ score }) => score.name)
  const listed = (names: string[]): string => (names.length === 0 ? 'none of the networks' : names.join('; '))
  const parts = networks.filter(({ run }) => run.recipe.network.startsWith('cbam'))
  const whole = parts[0]!.score
  const idle = parts.filter(({ score }) => score.kappa.estimate === 0).map(({ score }) => score.name)
  const difference = (value: number | null, of: number | null): string => {
    if (value === null || of === null) return '–'
    const shown = Math.abs(value - of).toFixed(2)
    return shown === '0.00' ? shown : `${value > of ? '+' : '−'}${shown}`
  }
  const on = (network: string, part: string): string => (network.includes(`-no-${part}`) ? '' : '✓')
  const attention = (network: string, part: string): string =>
    network.includes('-no-attention') ? '' : on(network, part)
  return `# Networks against readers, on the phantom

\`npm run experiment\` makes this page. It can be stopped at any time and goes on where it was; its study lies in \`out/experiment\`.

**Scans.** ${scanPlan.forReaders + scanPlan.forTesting} of the motion phantom (seed \`${scanPlan.seed}\`), two a patient, tibia and radius, grades balanced,
${scanPlan.size} x ${scanPlan.size} x ${scanPlan.slices} voxels. Three simulated readers grade ${scanPlan.forReaders} of them; their majority gives ${labels.labels} labels (${labels.unresolved} scans have none).
The other ${scanPlan.forTesting} scans are of other patients: no network is trained on them. Their true grade is known from the motion
that was simulated; the readers' own grades of them are simulated too and never seen by a network.
The recipes were settled on the scans of another seed; these were made afterwards, and nothing was changed after they were seen.

**Recipe** of all, unless said otherwise: ${recipe.imageSize} x ${recipe.imageSize}, Adam ${recipe.learningRate}, batch ${recipe.batch}, at most ${recipe.epochs} epochs, patience ${recipe.patience}, rare grades weighed,
flips, quarter turns and noise of ${recipe.augmentation.noise}, seed ${recipe.seed}; a fifth of the labelled patients validates. One run each: a difference of a few points between two
networks is within what another seed would change, as the intervals (95 %, bootstrap by patient) show.

**Machine.** ${machine}, no graphics card; ${minutes.toFixed(0)} minutes of training for ${networks.length} networks (the machine did other work meanwhile).

## Against the true grade, on ${scanPlan.forTesting} scans of patients that no network has seen

${table(head, [...readers, ...networks.filter(({ run }) => !run.recipe.network.startsWith('cbam-')).map(({ score }) => score)].map(cells))}

Always giving the commoner re-scan decision would be right on ${(100 * commoner).toFixed(1)} %.

The median reader is right on ${(100 * medians.rescan).toFixed(1)} % at the cut and has a quadratic kappa of ${medians.kappa.toFixed(2)} with the true grade.
At least that at the cut: ${listed(reaches('rescan'))}. At least that kappa: ${listed(reaches('kappa'))}.

## Ablation: the thesis's proposal with each part on and off

Differences are to the first row. The thesis's reference 15 recommends ELU without batch normalisation or ReLU with it.${
    idle.length === 0 ? '' : ` No better than one grade for all scans (kappa 0): ${idle.join(', ')}.`
  }

${table(
  [
    'network',
    'BN',
    'activation',
    'channel',
    'spatial',
    'weights',
    'best epoch',
    'at the cut, %',
    'kappa',
    'kappa, difference',
    'right grade, %',
  ],
  parts.map(({ score, run, parameters }) => {
    const { network } = run.recipe
    const [, rescan, kappa, accuracy] = cells(score)
    return [
      `\`${network}\``,
      on(network, 'bn'),
      network.includes('-elu') ? 'ELU' : 'ReLU',
      attention(network, 'channel'),
      attention(network, 'spatial'),
      String(parameters),
      String(run.bestEpoch),
      rescan!,
      kappa!,
      difference(score.kappa.estimate, whole.kappa.estimate),
      accuracy!,
    ]
  }),
)}

The same table for a study's own labels, in the window: Training, "The proposal with each part on and off"; on the command line:
\`npm run --silent concord -- train STUDY --labels NAME --ablation --csv table.csv\`, with \`--folds 5\` for cross-validation by patient.

${transferSection(
  networks.filter(({ run }) => run.recipe.network === heels.network),
  pretraining,
)}
${calibrationSection(networks)}`
}
