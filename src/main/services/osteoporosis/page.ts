import { writeFile } from 'node:fs/promises'
import { availableParallelism, cpus } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { derivedIn } from '../../domain/augmentation-sets.ts'
import type { LearnerHost } from '../../learning/host.ts'
import { networkNamed } from '../../learning/networks/index.ts'
import { bayesLimit } from '../../phantom/heel/patients.ts'
import { splitExamples } from './example.ts'
import { sittingsOf } from './index.ts'
import type { Experiment, ExperimentRequest } from './index.ts'
import { fullSettings } from './plan.ts'
import { countPatients, patientsOf } from './regions.ts'
import { augmentationSheet } from './sheet.ts'
import { splitSvg } from './split-svg.ts'
import { batchMarkdown, table } from './tables.ts'

/** Table 1 of the paper; the network from scratch has no number there. */
const printedParameters: Readonly<Record<string, number>> = {
  ...{ alexnet: 60_000_000, googlenet: 6_797_700, resnet50: 25_636_712 },
  ...{ mobilenetv2: 3_538_984, inceptionv3: 23_851_784 },
}

/** Honest against leaky, in five sentences; the window says the same in the person's language. */
export const explanation = [
  'Each radiograph becomes nine pictures: itself, two turns, two changes of contrast and brightness, and a sharpened copy of each of these four.',
  'Where all pictures are shuffled before they are split, most patients have pictures on both sides, and a network is tested on bones that it has learned by heart.',
  'It then knows the patient and need not know the disease: its figures rise above what anybody could reach on a new patient.',
  'Where patients are split first, all pictures of a patient lie on one side, and the test asks what the clinic asks: what of somebody never seen?',
  'The gap between the two figures is no merit of the network but the size of the leak; Concord splits by patient, and labels every figure of the other order "leaky protocol".',
] as const

/**
 * Writes the page about a finished experiment to `file`, with its two pictures beside it (`<name>-sets.png`, `<name>-split.svg`). Every
 * figure is the experiment's.
 */
export async function writePage(
  file: string,
  folder: string,
  request: ExperimentRequest,
  { results, figures }: Experiment,
  learner: Pick<LearnerHost, 'describe'>,
): Promise<string[]> {
  const { settings, seed, tie } = request
  const heels = request.studyFolder ?? join(folder, 'heels')
  const name = basename(file).replace(/\.md$/, '')
  const beside = (path: string): string => join(dirname(file), path)
  await writeFile(beside(`${name}-sets.png`), await augmentationSheet(heels))
  const patients = await patientsOf(heels)
  const examples = splitExamples(settings, seed, patients, 4)
  await writeFile(beside(`${name}-split.svg`), splitSvg(examples))
  const count = await countPatients(heels)
  const sets = (['N', 'A', 'B', 'C'] as const).map((set) => [set, count * derivedIn[set].length] as const)
  const parameters = await parameterRows(learner, settings.edge)
  const sittings = await sittingsOf(folder)
  const processor = sittings.reduce((sum, one) => sum + one.processor, 0)
  const clock = sittings.reduce((sum, one) => sum + one.seconds, 0)
  const training = results.reduce((sum, one) => sum + one.processor, 0)
  const minutes = (seconds: number): string => (seconds / 60).toFixed(1)
  const leak = examples.find(({ protocol }) => protocol === 'leaky')!
  await writeFile(
    file,
    `# Osteoporosis in heel radiographs: networks that vote

\`npm run --silent concord -- experiment osteoporosis OUT${settings.reduced ? ' --reduced' : ''} --seed ${seed} --page docs/${basename(file)}\` makes this page: the experiments
E1 to E7 of the paper of 2021 (Ashames, Ceylan, Jennane: Deep Transfer Learning and Majority Voting Approaches for Osteoporosis
Classification), on the heels of a texture phantom, once in the paper's order and once split by patient first. It can be stopped at any time,
by a kill too, and the same command goes on. Without \`--reduced\` it is the paper's own recipe with six networks, which takes days on two cores.
${settings.reduced ? `\n**Reduced**: ${settings.reduced}. Sizes and epochs were chosen on heels of another seed (77); those of this page (seed ${seed}) were looked at by nobody before.\n` : ''}
**Heels.** ${count} patients, ${count / 2} osteoporotic and ${count / 2} controls, age-matched. Porosity is the only thing of a picture that depends on the class, and it overlaps:
nobody, reader or network, can be right more often than **${(100 * bayesLimit).toFixed(1)} %** on new patients (the Bayes limit; \`src/main/phantom/heel/patients.ts\`).

**Sets.** ${sets.map(([set, pictures]) => `${set}: ${pictures}`).join(', ')} pictures.

**Time.** ${results.length} trainings. ${minutes(processor)} minutes of processor time in all (${minutes(training)} of them training), so some ${minutes(processor / 2)} by the clock where two cores have
nothing else to do and share the work evenly. ${minutes(clock)} by the clock here, in ${sittings.length} sitting${sittings.length === 1 ? '' : 's'}, on ${availableParallelism()} cores of ${cpus()[0]?.model.trim() ?? process.arch} beside other work.

## What the difference is

${explanation.map((sentence, i) => `${i + 1}. ${sentence}`).join('\n')}

![Four patients' nine pictures each, leaky and by patient](${name}-split.svg)

In the leaky split of set C here, ${leak.split} of ${leak.all} patients have pictures on both sides; split by patient, none has.

${batchMarkdown(figures, settings, tie)}
## How far each network had learned

Mean loss (cross-entropy) over the training pictures in the first and in the last epoch; guessing is ${Math.log(2).toFixed(2)}. A network whose last loss is still high
has learned few pictures by heart: it has little to leak, and where it sees few steps its averages for batch normalisation may not have settled when
it is tested. The 80/20 tests are of ${Math.round(count * 0.2)} patients or so, one draw each; the three folds test every patient and say more.

${table(
  ['Trial', 'Network', 'Protocol', 'Learned from', 'Loss, first epoch', 'Loss, last epoch'],
  results.map(({ training: { experiment, network, fold, protocol }, trained, loss }) => [
    fold === null ? experiment : `${experiment}, fold ${fold + 1}`,
    networkNamed(network).title,
    protocol === 'leaky' ? 'leaky protocol' : 'by patient',
    trained,
    loss[0].toFixed(3),
    loss[1].toFixed(3),
  ]),
)}

## One heel in all that the sets hold of it

First row: the original (set N). Second row, set A: turned by 90 and by 270 degrees; contrast +30 % with brightness -30 %; brightness +20 %
with contrast -20 %. Third row: the same, sharpened by 50 %, radius 3. Set B is the second and the third row, set C all nine.

![One heel in nine variants](${name}-sets.png)

## Parameters of the networks

${table(
  [
    'Network',
    'Printed (Table 1)',
    'Two classes, its own input',
    ...(settings.edge === null ? [] : [`Two classes, ${settings.edge} x ${settings.edge}`]),
  ],
  parameters,
)}

The printed figures are of 1000 classes; what each is counted from, and why GoogLeNet's and AlexNet's differ from published weights, stands in
\`src/main/learning/networks/\`.
`,
  )
  return [file, beside(`${name}-sets.png`), beside(`${name}-split.svg`)]
}

async function parameterRows(
  learner: Pick<LearnerHost, 'describe'>,
  edge: number | null,
): Promise<(string | number)[][]> {
  const rows: (string | number)[][] = []
  for (const network of [...fullSettings.networks, fullSettings.scratch]) {
    const own = await learner.describe(network, { classes: 2 })
    // Some networks leave nothing of so small a picture.
    const small =
      edge === null ? null : await learner.describe(network, { classes: 2, imageSize: edge }).catch(() => null)
    const printed = printedParameters[network]
    const number = (value: number): string => value.toLocaleString('en')
    rows.push([
      own.title,
      printed === undefined ? '-' : number(printed),
      number(own.parameters),
      ...(edge === null ? [] : [small ? number(small.parameters) : 'too small for it']),
    ])
  }
  return rows
}
