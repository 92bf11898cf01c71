import { calibrationOf } from '../../src/main/domain/evaluation/calibration.ts'
import { chooseTemperature, scaledBy, unscaledFrom } from '../../src/main/domain/evaluation/temperature.ts'
import type { TemperatureChoice } from '../../src/main/domain/evaluation/temperature.ts'
import type { GradedScan } from '../../src/main/domain/evaluation/graded.ts'
import type { Program } from '../fixtures/program.ts'
import { scale, table } from './figures.ts'
import type { Trained } from './transfer.ts'

/** How well a network's probabilities hold on the scans for testing, against the true grade. */
export interface Calibrated {
  choice: TemperatureChoice
  /** Expected calibration error as the network gives its probabilities, and as people get them. */
  before: number
  after: number
}

/** The choice that the program makes when a run ends, and what it does to scans that had no part in it. */
export async function calibrated(program: Program, modelId: string, graded: GradedScan[]): Promise<Calibrated> {
  const held = await program.db
    .selectFrom('held_out')
    .innerJoin('model', 'model.id', 'held_out.model_id')
    .innerJoin('training_run', 'training_run.id', 'model.run_id')
    .innerJoin('label', (join) =>
      join
        .onRef('label.scan_id', '=', 'held_out.scan_id')
        .onRef('label.label_set_id', '=', 'training_run.label_set_id'),
    )
    .innerJoin('scan', 'scan.id', 'held_out.scan_id')
    .select(['held_out.probabilities as probabilities', 'label.grade as grade', 'scan.patient_id as patient'])
    .where('held_out.model_id', '=', modelId)
    .where('held_out.part', '=', 'validation')
    .orderBy('held_out.scan_id')
    .execute()
  const choice = chooseTemperature(
    held.map(({ probabilities, grade, patient }) => ({
      ...{ probabilities: JSON.parse(probabilities) as number[], label: scale.categories.indexOf(grade), patient },
    })),
  )
  const error = (temperature: number | null): number =>
    calibrationOf(
      graded.map(({ probabilities }) => Math.max(...scaledBy(probabilities, temperature))),
      graded.map(
        ({ truth, probabilities }) => scale.categories[probabilities.indexOf(Math.max(...probabilities))] === truth,
      ),
    ).ece!
  return { choice, before: error(null), after: error(choice.temperature) }
}

/** Predictions as the networks gave them, whatever the program made of them for people. */
export const asGiven = (graded: GradedScan[], temperature: number | null): GradedScan[] =>
  graded.map((scan) => ({ ...scan, probabilities: unscaledFrom(scan.probabilities, temperature) }))

export function calibrationSection(networks: Trained[]): string {
  const percent = (share: number): string => (100 * share).toFixed(1)
  const scaled = networks.filter(({ calibration: { choice } }) => choice.temperature !== null)
  const helped = scaled.filter(({ calibration: { before, after } }) => after < before)
  const { scans, patients } = networks[0]!.calibration.choice
  return `## Temperature: how far the networks' probabilities can be believed

Every model's temperature is fitted on its ${scans} validation scans (${patients} patients) alone and used only where it lowers the logarithmic loss of patients
left out of the fit by more than its standard error, and where there are 10 of them ([temperature.md](temperature.md)); the labels it is fitted on are the readers' majority. Expected calibration error (10 bins) on the ${networks[0]!.graded.length} test scans, against the true grade,
as the network gives its probabilities and as the program shows them. Grades do not change by it. So few patients rarely prove a temperature: it is used for
${scaled.length} of ${networks.length} networks, and on the test scans the error fell for ${helped.length} of these.

${table(
  [
    '',
    'temperature',
    'loss on left-out patients',
    'with it',
    'standard error',
    'error on the test scans, %',
    'scaled, %',
  ],
  networks.map(({ score, calibration: { choice, before, after } }) => [
    score.name,
    choice.temperature?.toFixed(2) ?? '–',
    choice.logLoss?.before.toFixed(2) ?? '–',
    choice.logLoss?.after.toFixed(2) ?? '–',
    choice.standardError?.toFixed(2) ?? '–',
    percent(before),
    choice.temperature === null ? '–' : percent(after),
  ]),
)}
`
}
