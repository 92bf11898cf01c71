import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { eagerEngine } from './eager-engine.ts'
import { builtModel } from './infer.ts'
import type { Tf } from './networks/network.ts'
import { plainModel } from './plain-model.ts'
import { writeWhole } from './write-file.ts'

/** What the library hands over to be saved. */
type Artifacts = Parameters<Parameters<Tf['io']['withSaveHandler']>[0]>[0]

export interface TensorflowJsRequest {
  modelFolder: string
  sha256: string
  /** The folder that the files are written into; made where it is not there. */
  folder: string
}

/**
 * Writes a model as TensorFlow.js knows it: `model.json` and `weights.bin`, which `tf.loadLayersModel` loads without anything
 * of Concord, and beside them `concord.json` (grades, preprocessing, temperature, card). The network answers for one slice; what a whole scan's
 * answer is made of, `concord.json` says in `scan`.
 * @throws ConcordError as infer.ts and plain-model.ts say; `disk-full`, `file-not-written`.
 */
export async function writeTensorflowJs(
  tf: Tf,
  { modelFolder, sha256, folder }: TensorflowJsRequest,
): Promise<string[]> {
  const { model, built, variables, weights } = builtModel(tf, modelFolder, sha256)
  try {
    eagerEngine(tf, variables).write(weights)
    const plain = plainModel(tf, built)
    let artifacts: Artifacts | undefined
    await plain.save(
      tf.io.withSaveHandler(async (given) => {
        artifacts = given
        return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } }
      }),
    )
    plain.dispose()
    const { modelTopology, weightSpecs, weightData, generatedBy } = artifacts!
    const about = { format: 'layers-model', generatedBy, convertedBy: 'Concord', modelTopology }
    const { description, card } = model
    const files = {
      'model.json': json({ ...about, weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }] }),
      'weights.bin': bytesOf(weightData!),
      'concord.json': json({ sha256, ...description, scan: scanRule(description.temperature ?? null), card }),
    }
    mkdirSync(folder, { recursive: true })
    for (const [name, content] of Object.entries(files)) writeWhole(join(folder, name), content)
    return Object.keys(files)
  } finally {
    built.dispose()
  }
}

/** How the slices' answers become the scan's, for whoever runs the network without Concord. */
const scanRule = (temperature: number | null): string =>
  temperature === null
    ? 'mean of the probabilities of its slices'
    : `mean of the probabilities of its slices, each then p^(1/${temperature}), divided by their sum`

const bytesOf = (data: NonNullable<Artifacts['weightData']>): Buffer =>
  Array.isArray(data) ? Buffer.concat(data.map((part) => Buffer.from(part))) : Buffer.from(data)
const json = (value: unknown): Buffer => Buffer.from(`${JSON.stringify(value, null, 2)}\n`)
