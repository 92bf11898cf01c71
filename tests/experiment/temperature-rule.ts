import { fitTemperature } from '../../src/main/domain/evaluation/calibration.ts'
import { chooseTemperature, scaledBy, type FittedScan } from '../../src/main/domain/evaluation/temperature.ts'
import { randomFrom, type Random } from '../../src/main/domain/random.ts'
import { table } from './figures.ts'

/**
 * Which rule should decide whether a temperature is used? Simulated networks of known truth, none of any study: each answers
 * with p^sharp of the true probabilities (log sharp is normal, of this spread) and with an error beside that no temperature mends.
 * `node scripts/node.mjs tests/experiment/temperature-rule.ts [REPEATS]` prints, for each rule, by how much it changes the expected
 * logarithmic loss of new patients on average (1/1000 a scan; below 0 it helps), and in how many of 100 studies it uses a temperature.
 */
const settings = [
  { name: 'networks nearly right (spread 0.15)', spread: 0.15, error: 0.2 },
  { name: 'networks off (spread 0.3)', spread: 0.3, error: 0.3 },
  { name: 'networks far off (spread 0.5)', spread: 0.5, error: 0.2 },
]
const rules = ['always', 'any gain', 'gain above its standard error'] as const
const grades = 5

interface Drawn extends FittedScan {
  truth: number[]
}

const softmax = (logits: number[]): number[] => scaledBy(logits.map(Math.exp), 1)

/** Two scans a patient, alike in part. */
function draw(random: Random, patients: number, sharp: number, apart: number[]): Drawn[] {
  return Array.from({ length: patients }, (_, patient) => {
    const shared = apart.map(() => random.normal())
    return [0, 1].map((): Drawn => {
      const logits = shared.map((one) => 1.6 * Math.SQRT1_2 * (one + random.normal()))
      const truth = softmax(logits)
      let left = random.uniform()
      const label = truth.findIndex((p) => (left -= p) < 0)
      const probabilities = softmax(logits.map((logit, k) => sharp * logit + apart[k]!))
      return { probabilities, truth, label: label < 0 ? grades - 1 : label, patient: String(patient) }
    })
  }).flat()
}

/** Expected logarithmic loss a scan, under the truth. */
const lossOf = (scans: readonly Drawn[], temperature: number | null): number =>
  scans.reduce((sum, { probabilities, truth }) => {
    const said = scaledBy(probabilities, temperature)
    return sum - truth.reduce((all, p, k) => all + p * Math.log(Math.max(said[k]!, 1e-12)), 0)
  }, 0) / scans.length

const repeats = Number(process.argv[2] ?? 200)
for (const { name, spread, error } of settings) {
  const rows = [6, 8, 10, 13, 20, 40].map((patients) => {
    const random = randomFrom(`temperature rule ${name} ${patients}`)
    const sums = rules.map(() => ({ change: 0, used: 0 }))
    for (let repeat = 0; repeat < repeats; repeat += 1) {
      const sharp = Math.exp(spread * random.normal())
      const apart = Array.from({ length: grades }, () => error * random.normal())
      const validation = draw(random, patients, sharp, apart)
      const others = draw(random, 60, sharp, apart)
      const temperature = fitTemperature(
        validation.map((one) => one.probabilities),
        validation.map((one) => one.label),
      )
      if (temperature === null) continue
      const change = lossOf(others, temperature) - lossOf(others, null)
      const { logLoss, standardError } = chooseTemperature(validation, 2)
      const gain = logLoss === null ? 0 : logLoss.before - logLoss.after
      ;[true, gain > 0, gain > standardError!].forEach((uses, rule) => {
        if (!uses) return
        sums[rule]!.change += change
        sums[rule]!.used += 1
      })
    }
    return [
      String(patients),
      ...sums.map(
        ({ change, used }) => `${((1000 * change) / repeats).toFixed(1)} (${Math.round((100 * used) / repeats)})`,
      ),
    ]
  })
  process.stdout.write(`${name}\n\n${table(['patients', ...rules], rows)}\n\n`)
}
