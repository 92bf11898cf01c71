import { existsSync } from 'node:fs'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ConcordError } from '../../domain/error.ts'
import type { LearnerHost } from '../../learning/host.ts'
import { requireMemory } from '../../learning/memory.ts'
import { networkNamed } from '../../learning/networks/index.ts'
import type { Device, Progress, Versions } from '../../learning/types.ts'
import { writeWhole } from '../../learning/write-file.ts'
import { keepPlan } from '../../phantom/plan-file.ts'
import { makePictures, picturesOf } from './pictures.ts'
import type { SetPicture } from './pictures.ts'
import { epochsOf, trainingsOf } from './plan.ts'
import type { Settings, Training } from './plan.ts'
import { countPatients, regionsOf } from './regions.ts'
import { testPart } from './split.ts'

export interface BatchRequest {
  settings: Settings
  /** A folder of simulated radiographs (phantom/heel/write.ts). */
  studyFolder: string
  seed: number
  /** Folder with published weights, `<network>.h5` or `<network>.safetensors`; null starts every network anew. */
  weights: string | null
}

/** A test picture as a trained network calls it. */
export interface TestedPicture {
  id: string
  patient: string
  truth: 0 | 1
  predicted: 0 | 1
  /** Of being osteoporotic. */
  probability: number
}

export interface TrainingResult {
  training: Training
  test: TestedPicture[]
  /** How many pictures it learned from. */
  trained: number
  pretrained: boolean
  /** Mean loss of the first and the last epoch. */
  loss: [number, number]
  seconds: number
  /** Processor time in seconds, of all threads of the program while it trained here. */
  processor: number
  device: Device
  versions: Versions
}

export interface BatchControl {
  learner: Pick<LearnerHost, 'train' | 'memory'>
  signal?: AbortSignal
  onProgress?(progress: BatchProgress): void
}

export type BatchProgress =
  | { stage: 'pictures'; done: number; total: number }
  | { stage: 'training'; done: number; total: number; training: Training; epoch: number; epochs: number }

/**
 * Runs the trainings of the 2021 paper's experiments that `folder` has no result of yet, and returns all results in the
 * plan's order. It can be stopped at any time and goes on where it was, a training at its last whole epoch.
 * @throws ConcordError `plan-differs` for a folder begun with another request, `weights-missing`, `heel-study-missing`, `cancelled`,
 * `not-enough-memory` before anything is trained where one of the networks would not fit, and those of the learner.
 */
export async function runBatch(
  folder: string,
  request: BatchRequest,
  control: BatchControl,
): Promise<TrainingResult[]> {
  const { settings, studyFolder, seed, weights } = request
  // A folder is of one batch: results of other settings never come into its tables.
  const plan = { settings, seed, pretrained: weights !== null }
  await keepPlan(folder, plan, 'trainings')
  await mkdir(join(folder, 'results'), { recursive: true })
  const files = new Map(
    settings.networks.map((network) => [network, weights === null ? null : weightsOf(weights, network)]),
  )
  await requireRoom(folder, settings, control.learner)
  const total = await countPatients(studyFolder)
  const pictures = await makePictures(join(folder, 'pictures'), regionsOf(studyFolder), settings.edge, (done) => {
    if (control.signal?.aborted) throw new ConcordError('cancelled', 'Cancelled.')
    control.onProgress?.({ stage: 'pictures', done, total })
  })
  const trainings = trainingsOf(settings)
  const results: TrainingResult[] = []
  for (const training of trainings) {
    const path = join(folder, 'results', `${training.id}.json`)
    const known = await readFile(path, 'utf8').catch(() => null)
    const onEpoch = (epoch: number): void => {
      const place = { done: results.length, total: trainings.length, training }
      control.onProgress?.({ stage: 'training', ...place, epoch, epochs: epochsOf(settings, training.network) })
    }
    const result =
      known === null
        ? await runTraining(folder, request, training, pictures, files.get(training.network) ?? null, control, onEpoch)
        : (JSON.parse(known) as TrainingResult)
    if (known === null) writeWhole(path, Buffer.from(JSON.stringify(result)))
    results.push(result)
  }
  return results
}

/** Days of training do not end at a network that never fitted: each that is still to be trained is asked about before the first. */
async function requireRoom(folder: string, settings: Settings, learner: BatchControl['learner']): Promise<void> {
  const open = trainingsOf(settings).filter(({ id }) => !existsSync(join(folder, 'results', `${id}.json`)))
  const { batch, optimiser } = settings
  for (const network of new Set(open.map((training) => training.network)))
    requireMemory(
      await learner.memory({ network, classes: [1, 2], imageSize: edgeOf(settings, network), batch, optimiser }),
    )
}

async function runTraining(
  folder: string,
  { settings, seed }: BatchRequest,
  training: Training,
  all: readonly SetPicture[],
  pretrained: string | null,
  { learner, signal }: BatchControl,
  onEpoch: (epoch: number) => void,
): Promise<TrainingResult> {
  const pictures = picturesOf(training.set, all)
  const test = testPart(pictures, training, seed)
  const checkpointFolder = join(folder, 'training', training.id)
  const { channels } = networkNamed(training.network).input
  const before = process.cpuUsage()
  onEpoch(0)
  const result = await learner.train(
    {
      runId: training.id,
      network: training.network,
      classes: [1, 2],
      rescanFrom: null,
      imageSize: edgeOf(settings, training.network),
      ...{
        epochs: epochsOf(settings, training.network),
        batch: settings.batch,
        seed,
        patience: 0,
        imbalance: 'none',
        resume: true,
      },
      ...{ optimiser: settings.optimiser, learningRate: settings.learningRate, checkpointFolder },
      ...(pretrained === null ? {} : { pretrained }),
      // Networks of three channels bring a grey value of 0 to 1 to what their weights were learned on.
      preprocessing: { slices: 1, gaussian: 0, scaling: channels === 3 ? 'none' : 'signed' },
      // The sets hold what is varied: nothing more is done while training.
      augmentation: { flips: false, rotation: 0, noise: 0, intensity: 0 },
      scans: pictures.map(({ id, cachePath, label }) => ({
        ...{ scanId: id, cachePath, label },
        fold: test.has(id) ? 'test' : 'train',
      })),
    },
    {
      ...(signal ? { signal } : {}),
      onProgress: ({ epoch, stage }: Progress) => stage === 'training' && onEpoch(epoch),
    },
  )
  await rm(checkpointFolder, { recursive: true, force: true })
  const of = new Map(pictures.map((picture) => [picture.id, picture]))
  const { history, seconds, device, versions } = result
  const { user, system } = process.cpuUsage(before)
  return {
    training,
    test: result.test.map(({ scanId, label, probabilities }) => {
      const { patient, label: truth } = of.get(scanId)!
      return { id: scanId, patient, truth, predicted: label === 1 ? 1 : 0, probability: probabilities[1]! }
    }),
    trained: pictures.length - test.size,
    pretrained: pretrained !== null,
    loss: [history[0]!.loss, history.at(-1)!.loss],
    ...{ seconds, processor: (user + system) / 1e6, device, versions },
  }
}

/** Input sizes of Table 1; the scratch network has the commonest. */
const paperEdges: Readonly<Record<string, number>> = { alexnet: 227, inceptionv3: 299 }

const edgeOf = ({ edge }: Settings, network: string): number => edge ?? paperEdges[network] ?? 224

function weightsOf(folder: string, network: string): string {
  const found = ['h5', 'safetensors'].map((kind) => join(folder, `${network}.${kind}`)).find((path) => existsSync(path))
  if (found) return found
  throw new ConcordError(
    'weights-missing',
    `There is no ${network}.h5 or ${network}.safetensors in ${folder}; put it there, or leave the weights out.`,
  )
}
