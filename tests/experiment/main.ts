import { mkdirSync, readFileSync, existsSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import type { LabelSet } from '../../src/preload/contract/labels.ts'
import type { Model, Prediction } from '../../src/preload/contract/models.ts'
import type { Series } from '../../src/preload/contract/series.ts'
import type { Run } from '../../src/preload/contract/training.ts'
import { csvText } from '../../src/main/domain/csv.ts'
import { password, startProgram } from '../fixtures/program.ts'
import { asGiven, calibrated } from './calibration.ts'
import { cells, score, table } from './figures.ts'
import { scans as scanPlan, seriesPlan, variants, weightsPath } from './plan.ts'
import { makeScans, readStudy, type KnownScan } from './study.ts'
import { report } from './report.ts'
import { heelWeights } from './heels.ts'
import type { Trained } from './transfer.ts'

// npm run experiment: networks trained on the consensus of simulated readers, tested on other patients against the true grade.
// It can be stopped at any time; the same command goes on. Leaves docs/experiment.md and out/experiment/.
const root = join(import.meta.dirname, '../..')
const out = join(root, 'out/experiment')
const began = performance.now()
const tell = (line: string): void => {
  const seconds = Math.round((performance.now() - began) / 1000)
  process.stdout.write(`${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}  ${line}\n`)
}

const knownFile = join(out, 'known.json')
const studyFile = join(out, 'study.json')
mkdirSync(join(out, 'data'), { recursive: true })
if (!existsSync(knownFile)) {
  const made = await makeScans(join(out, 'phantom'), tell)
  writeFileSync(knownFile, JSON.stringify([...made]))
}
const known = new Map(JSON.parse(readFileSync(knownFile, 'utf8')) as [string, KnownScan][])

const pretraining = await heelWeights(join(out, 'heels'), weightsPath, tell)

const program = await startProgram(join(out, 'data'))
let study: { studyId: string; labels: LabelSet }
if (existsSync(studyFile)) {
  study = JSON.parse(readFileSync(studyFile, 'utf8')) as typeof study
  await program.get('theo', 'accounts.signIn', { name: 'theo', password })
} else {
  study = await readStudy(program, join(out, 'phantom'), known)
  writeFileSync(studyFile, JSON.stringify(study))
}
tell(`${study.labels.labels} labels by majority, ${study.labels.unresolved} scans without one`)

let [series] = await program.get<Series[]>('theo', 'series.list', { studyId: study.studyId })
if (!series) {
  const request = { labelSetId: study.labels.id, plan: seriesPlan }
  series = await program.get<Series>('theo', 'series.start', request)
} else if (series.state !== 'done') await program.get('theo', 'series.resume', { seriesId: series.id })
const ticker = setInterval(() => {
  const run = program.events.findLast((event) => event.name === 'run')?.payload as Run | undefined
  if (run?.live) tell(`${run.recipe.network}, ${run.recipe.loss}: epoch ${run.live.epoch} of ${run.recipe.epochs}`)
  program.events.length = 0
}, 30_000)
await program.services.series.finished()
clearInterval(ticker)
series = (await program.get<Series[]>('theo', 'series.list', { studyId: study.studyId }))[0]!
if (series.state !== 'done') throw new Error(`the series ended as ${series.state}: ${series.error?.message ?? ''}`)

const shaOf = new Map(
  (await program.db.selectFrom('scan').select(['id', 'content_sha256']).execute()).map((s) => [s.id, s.content_sha256]),
)
const tested = [...known.values()].filter(({ forTesting }) => forTesting)
const caller = await program.get<never>('theo', 'accounts.signIn', { name: 'theo', password })
const networks: Trained[] = []
for (const { variant, runIds } of series.rows) {
  const run = await program.get<Run>('theo', 'training.run', { runId: runIds[0]! })
  const { ended } = await program.services.models.predict(caller, { modelId: run.modelId!, scope: 'unread' })
  await ended
  const predictions = await program.get<Prediction[]>('theo', 'models.predictions', { modelId: run.modelId! })
  const graded = predictions.map(({ scanId, grade }) => ({ known: known.get(shaOf.get(scanId)!)!, grade }))
  const { parameters } = await program.db
    .selectFrom('model')
    .select('parameters')
    .where('id', '=', run.modelId!)
    .executeTakeFirstOrThrow()
  const model = (await program.get<Model[]>('theo', 'models.list', { studyId: study.studyId })).find(
    ({ id }) => id === run.modelId,
  )!
  const said = predictions.map(({ scanId, grade, probabilities }, i) => {
    const { patient, trueGrade } = graded[i]!.known
    return { scan: scanId, patient, truth: trueGrade, predicted: grade, probabilities }
  })
  const given = asGiven(said, model.scaling?.temperature ?? null)
  networks.push({
    ...{ score: score(variants[variant!]!.name, graded), run, parameters, graded: given },
    calibration: await calibrated(program, model.id, given),
  })
}
const readers = [0, 1, 2].map((reader) =>
  score(
    `Reader ${'ABC'[reader]!}`,
    tested.map((scan) => ({ known: scan, grade: scan.grades[reader]! })),
  ),
)
const head = ['grader', 'rescan_accuracy', 'quadratic_kappa', 'accuracy', 'mean_absolute_error']
const rows = [...readers, ...networks.map((one) => one.score)]
writeFileSync(
  join(out, 'figures.csv'),
  csvText(
    head,
    rows.map((r) => [r.name, r.rescan.estimate, r.kappa.estimate, r.accuracy.estimate, r.error.estimate]),
  ),
)
const above = tested.filter(({ trueGrade }) => trueGrade >= 4).length
const minutes = series.rows.reduce((sum, row) => sum + row.seconds, 0) / 60
writeFileSync(
  join(root, 'docs/experiment.md'),
  report({
    ...{ readers, networks, labels: study.labels, scanPlan, minutes, pretraining },
    commoner: Math.max(above, tested.length - above) / tested.length,
    machine: `${cpus().length} cores of ${cpus()[0]?.model.trim() ?? process.arch}`,
  }),
)
process.stdout.write(`${table(['', 're-scan, %', 'kappa', 'grade, %', 'error'], rows.map(cells))}\n`)
tell('docs/experiment.md and out/experiment/figures.csv')
await program.close()
process.exit(0)
