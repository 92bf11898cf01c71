import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { patientSplit } from '../../src/main/domain/splits.ts'
import { LearnerHost } from '../../src/main/learning/host.ts'
import { decodeArrays, encodeArrays } from '../../src/main/learning/safetensors.ts'
import type { NamedArray } from '../../src/main/learning/safetensors.ts'
import { torchPlace } from '../../src/main/learning/weights/torchvision.ts'
import { writeHeelStudy } from '../../src/main/phantom/heel/write.ts'
import { makePictures } from '../../src/main/services/osteoporosis/pictures.ts'
import { regionsOf } from '../../src/main/services/osteoporosis/regions.ts'
import { heels } from './plan.ts'

/** What came of learning the heels, for the page. */
export interface Pretraining {
  patients: number
  pictures: number
  epochs: number
  /** Of patients kept apart, control from osteoporotic. */
  heldOut: { pictures: number; accuracy: number }
  minutes: number
}

/**
 * Weights to start from, as a user would have them from elsewhere: GoogLeNet taught to tell simulated heels with osteoporosis from
 * others, in a file of torchvision's names and layout. Made once; what is there stays.
 * @returns Where the file is.
 */
export async function heelWeights(folder: string, path: string, tell: (line: string) => void): Promise<Pretraining> {
  const about = `${path}.json`
  if (existsSync(about)) return JSON.parse(readFileSync(about, 'utf8')) as Pretraining
  const { pairs, seed, edge, epochs, batch } = heels
  const study = join(folder, 'study')
  await writeHeelStudy(study, { seed, pairs, readers: 1 })
  const pictures = await makePictures(join(folder, 'pictures'), regionsOf(study), edge, () => undefined)
  tell(`${pictures.length} pictures of ${2 * pairs} heels`)
  const folds = patientSplit(
    pictures.map(({ id, patient, label }) => ({ id, patient, label })),
    { validation: 0.2, test: 0, seed: 1 },
  )
  const learner = new LearnerHost()
  try {
    const result = await learner.train(
      {
        ...{
          runId: 'heels',
          network: heels.network,
          classes: [1, 2],
          rescanFrom: null,
          imageSize: edge,
          epochs,
          batch,
        },
        ...{ learningRate: heels.learningRate, seed: 1, patience: 0, imbalance: 'none', resume: true },
        checkpointFolder: join(folder, 'training'),
        preprocessing: { slices: 1, gaussian: 0, scaling: 'none' },
        augmentation: { flips: true, rotation: 0, noise: 0, intensity: 0 },
        scans: pictures.map(({ id, cachePath, label }) => ({ scanId: id, cachePath, label, fold: folds.get(id)! })),
      },
      { onEpoch: ({ epoch, loss }) => tell(`heels: epoch ${epoch} of ${epochs}, loss ${loss.toFixed(2)}`) },
    )
    const labels = new Map(pictures.map(({ id, label }) => [id, label]))
    const right = result.validation.filter(({ scanId, label }) => labels.get(scanId) === label).length
    writeFileSync(path, asTorchvision(heels.network, readFileSync(result.weightsPath)))
    const found: Pretraining = {
      ...{ patients: 2 * pairs, pictures: pictures.length, epochs: result.epochsRun, minutes: result.seconds / 60 },
      heldOut: { pictures: result.validation.length, accuracy: right / result.validation.length },
    }
    writeFileSync(about, JSON.stringify(found))
    rmSync(join(folder, 'training'), { recursive: true, force: true })
    return found
  } finally {
    await learner.end()
  }
}

/** A weights file of Concord as torchvision would have saved it: its names, output channels first. */
export function asTorchvision(network: string, bytes: Buffer): Buffer {
  const arrays = [...decodeArrays(bytes, network).arrays].map(([name, array]): [string, NamedArray] => {
    const [layer, role] = [name.slice(0, name.lastIndexOf('/')), name.slice(name.lastIndexOf('/') + 1)]
    const place = torchPlace(network, { name, layer, place: 0, role, shape: array.shape })
    return [place.name, { shape: place.expected, data: channelsFirst(array) }]
  })
  return encodeArrays(new Map(arrays), { format: 'pt' })
}

/** height, width, input, output as output, input, height, width; input, output as output, input. */
function channelsFirst({ shape, data }: NamedArray): Float32Array {
  if (shape.length < 2) return data
  const [inputs, outputs] = [shape.at(-2)!, shape.at(-1)!]
  const field = data.length / (inputs * outputs)
  return data.map((_, at) => {
    const k = at % field
    const input = Math.floor(at / field) % inputs
    const output = Math.floor(at / (field * inputs))
    return data[(k * inputs + input) * outputs + output]!
  })
}
