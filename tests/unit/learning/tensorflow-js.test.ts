import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomFrom } from '../../../src/main/domain/random.ts'
import { LearnerHost } from '../../../src/main/learning/host.ts'
import { saveModel } from '../../../src/main/learning/model-file.ts'
import type { TrainRequest } from '../../../src/main/learning/types.ts'
import { smallRequest, temporaryFolder } from './scans.ts'

// The library as it comes, in plain JavaScript: nothing of Concord and nothing native reads the files.
import * as tf from '@tensorflow/tfjs'

const learner = new LearnerHost()
const folder = temporaryFolder()
let request: TrainRequest
beforeAll(async () => {
  request = await smallRequest(folder, { epochs: 1 })
  await tf.setBackend('cpu')
})
afterAll(() => learner.end())

/** A float32 NumPy file (format 1.0). */
function npy(shape: number[], data: Float32Array): Buffer {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`
  const header = text + ' '.repeat(63 - ((text.length + 10) % 64)) + '\n'
  const start = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, header.length & 255, header.length >> 8])
  return Buffer.concat([start, Buffer.from(header), Buffer.from(data.buffer)])
}

describe('a model for TensorFlow.js', () => {
  it.each([
    ['walle2023', 32],
    ['cbam', 32],
    ['cbam-elu-no-bn', 32],
    ['scratch4', 32],
  ])('is loaded by the library alone and says the same: %s', async (network, edge) => {
    const { weightsPath, preprocessing } = await learner.train({
      ...{ ...request, runId: network, network, imageSize: edge, checkpointFolder: join(folder, network) },
    })
    const model = saveModel(join(folder, 'models'), {
      ...{ network, classes: [1, 5], preprocessing, weightsPath, card: { intendedUse: 'tests' } },
    })
    const out = join(folder, `${network}-tfjs`)
    const written = await learner.tensorflowJs({ modelFolder: model.folder, sha256: model.sha256, folder: out })
    expect(written).toEqual(['model.json', 'weights.bin', 'concord.json'])
    expect(JSON.parse(readFileSync(join(out, 'concord.json'), 'utf8'))).toMatchObject({
      ...{ sha256: model.sha256, network, classes: [1, 5], card: { intendedUse: 'tests' } },
    })

    const { modelTopology, weightsManifest, format } = JSON.parse(readFileSync(join(out, 'model.json'), 'utf8'))
    const bytes = readFileSync(join(out, 'weights.bin'))
    expect(format).toBe('layers-model')
    const loaded = await tf.loadLayersModel(
      tf.io.fromMemory({
        modelTopology,
        weightSpecs: weightsManifest[0].weights,
        weightData: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
      }),
    )
    const random = randomFrom(network)
    const pictures = Float32Array.from({ length: 3 * edge * edge }, () => random.uniform())
    const input = join(folder, `${network}.npy`)
    writeFileSync(input, npy([3, edge, edge, 1], pictures))
    const own = await learner.run({ network, weights: join(model.folder, 'weights.safetensors'), input })
    const other = (await (loaded.predict(tf.tensor(pictures, [3, edge, edge, 1])) as tf.Tensor).array()) as number[][]
    expect(other).toHaveLength(3)
    own.forEach((row, i) => row.forEach((p, k) => expect(Math.abs(p - other[i]![k]!)).toBeLessThan(1e-5)))
    // Two pictures that differ are not told the same.
    expect(own[0]).not.toEqual(own[1])
  })

  it('of files that are gone or changed is refused', async () => {
    await expect(
      learner.tensorflowJs({ modelFolder: join(folder, 'nowhere'), sha256: 'x', folder: join(folder, 'no') }),
    ).rejects.toMatchObject({ code: 'model-missing' })
  })
})
