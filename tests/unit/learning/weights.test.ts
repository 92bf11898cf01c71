import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomFrom } from '../../../src/main/domain/random.ts'
import { encodeNpy } from '../../../src/main/imaging/npy.ts'
import { LearnerHost } from '../../../src/main/learning/host.ts'
import { decodeArrays, encodeArrays } from '../../../src/main/learning/safetensors.ts'
import type { NamedArray } from '../../../src/main/learning/safetensors.ts'
import { readKeras } from '../../../src/main/learning/weights/keras.ts'
import { fromTorch } from '../../../src/main/learning/weights/torchvision.ts'
import { asTorchvision } from '../../experiment/heels.ts'
import { smallRequest, temporaryFolder } from './scans.ts'

const fixture = (name: string): string => fileURLToPath(new URL(`../../fixtures/learning/${name}`, import.meta.url))
const folder = temporaryFolder()
const learner = new LearnerHost()
afterAll(() => learner.end())

const published = JSON.parse(readFileSync(fixture('published.json'), 'utf8')) as {
  googlenet: { arrays: Record<string, number[]> }
  mobilenetv2: { layers: Record<string, number[][]> }
}

const random = randomFrom('weights')
const sizeOf = (shape: number[]): number => shape.reduce((product, edge) => product * edge, 1)

/** A NumPy file of pictures. */
function pictures(name: string, shape: number[]): string {
  const path = join(folder, `${name}.npy`)
  const data = Float32Array.from({ length: sizeOf(shape) }, () => random.uniform())
  writeFileSync(path, encodeNpy(shape, data))
  return path
}

describe('a Keras file', () => {
  it.each(['tiny.h5', 'tiny.weights.h5'])(
    '%s gives each layer its arrays in order, numbered from the first',
    async (name) => {
      const { layers, close } = await readKeras(fixture(name))
      const shapes = [...layers].map(([layer, arrays]) => [layer, ...arrays.map(({ shape }) => shape)])
      expect(Object.fromEntries(shapes.map(([layer, ...rest]) => [layer, rest]))).toEqual({
        conv2d: [[3, 3, 3, 2], [2]],
        conv2d_1: [[1, 1, 2, 3], [3]],
        batch_normalization: [[2], [2], [2], [2]],
        predictions: [[12, 2], [2]],
      })
      const kernel = layers.get('conv2d')![0]!.read()
      expect([...kernel]).toEqual(Array.from({ length: 54 }, (_, i) => i / 8))
      close()
    },
  )

  it('cut off or damaged is refused', async () => {
    const whole = readFileSync(fixture('tiny.h5'))
    const path = join(folder, 'cut.h5')
    for (const length of [600, 2000, 15_000, 30_000]) {
      writeFileSync(path, whole)
      truncateSync(path, length)
      await expect(readKeras(path)).rejects.toMatchObject({ code: 'weights-broken' })
    }
    for (let flip = 1; flip <= 40; flip++) {
      const damaged = Buffer.from(whole)
      for (let k = 0; k < 4; k++) damaged[Math.floor(random.uniform() * whole.length)]! ^= 0x5a
      writeFileSync(path, damaged)
      const outcome = await readKeras(path).then(
        ({ layers, close }) => {
          try {
            for (const array of [...layers.values()].flat()) array.read()
            return 'read'
          } catch (error) {
            return (error as { code?: string }).code
          } finally {
            close()
          }
        },
        (error: unknown) => (error as { code?: string }).code,
      )
      expect(['read', 'weights-broken']).toContain(outcome)
    }
  })

  it('of another network is refused with layer and shape', async () => {
    const input = pictures('three', [1, 32, 32, 3])
    await expect(
      learner.run({ network: 'mobilenetv2', weights: fixture('tiny.h5'), input, classes: 2 }),
    ).rejects.toMatchObject({
      code: 'weights-wrong',
      message: expect.stringMatching(/"Conv1" \(3 x 3 x 3 x 32\)/) as string,
    })
    await expect(
      learner.run({ network: 'alexnet', weights: fixture('tiny.h5'), input: pictures('alex', [1, 64, 64, 3]) }),
    ).rejects.toMatchObject({ code: 'weights-wrong', message: expect.stringContaining('torchvision') as string })
  })
})

describe('a torchvision file', () => {
  const input = pictures('google', [2, 64, 64, 3])
  const weights = join(folder, 'googlenet.safetensors')
  const arrays = new Map<string, NamedArray>()

  beforeAll(() => {
    for (const [name, shape] of Object.entries(published.googlenet.arrays)) {
      if (name.endsWith('num_batches_tracked')) continue
      const spread = Math.sqrt(2 / Math.max(1, sizeOf(shape.slice(1))))
      const value = (): number =>
        shape.length > 1 ? random.normal() * spread : name.endsWith('running_var') || name.endsWith('bn.weight') ? 1 : 0
      arrays.set(name, { shape, data: Float32Array.from({ length: sizeOf(shape) }, value) })
    }
    writeFileSync(weights, encodeArrays(arrays))
  })

  it('fills the network, its auxiliary outputs left out', async () => {
    const output = await learner.run({ network: 'googlenet', weights, input })
    expect(output.map((row) => row.length)).toEqual([1000, 1000])
    for (const row of output) expect(row.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5)
    expect(output[0]).not.toEqual(output[1])
  })

  it('with other classes, another shape, a layer less or one more is refused with the layer and its shape', async () => {
    const refusal = async (changes: Map<string, NamedArray | null>, classes?: number): Promise<string> => {
      const changed = new Map(arrays)
      for (const [name, array] of changes) {
        if (array) changed.set(name, array)
        else changed.delete(name)
      }
      const path = join(folder, 'changed.safetensors')
      writeFileSync(path, encodeArrays(changed))
      const request = { network: 'googlenet', weights: path, input, ...(classes === undefined ? {} : { classes }) }
      const error = await learner.run(request).then(
        () => ({ code: 'run', message: '' }),
        (reason: unknown) => reason as { code: string; message: string },
      )
      expect(error.code).toBe('weights-wrong')
      return error.message
    }
    const few: NamedArray = { shape: [64, 3, 3, 3], data: new Float32Array(64 * 27) }
    expect(await refusal(new Map(), 5)).toMatch(/layer "fc" has a kernel of 1000 x 1024, where .* 5 x 1024/)
    expect(await refusal(new Map([['conv1.conv.weight', few]]))).toMatch(
      /layer "conv1.conv" has a kernel of 64 x 3 x 3 x 3, where .* 64 x 3 x 7 x 7/,
    )
    expect(await refusal(new Map([['inception5b.branch4.1.bn.running_mean', null]]))).toMatch(
      /no moving_mean of layer "inception5b.branch4.1.bn" \(128\)/,
    )
    expect(await refusal(new Map([['inception6a.conv.weight', few]]))).toMatch(/"inception6a.conv.weight"/)
  })

  it('starts a training run with another number of classes', async () => {
    const request = await smallRequest(folder, {
      network: 'googlenet',
      imageSize: 32,
      epochs: 1,
      batch: 12,
      optimiser: 'sgdm',
      learningRate: 1e-4,
      pretrained: weights,
    })
    const result = await learner.train(request)
    expect(result.engine).toBe('graph')
    await expect(learner.train({ ...request, network: 'alexnet', imageSize: 64, runId: 'alex' })).rejects.toMatchObject(
      {
        code: 'weights-wrong',
      },
    )
  })

  it('is laid out anew for TensorFlow', () => {
    // Output 2, input 3, field 1 x 2.
    const read = (): Float32Array => Float32Array.from({ length: 12 }, (_, i) => i)
    expect([...fromTorch({ shape: [2, 3, 1, 2], read })]).toEqual([0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11])
    expect([...fromTorch({ shape: [2, 6], read })]).toEqual([0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11])
  })

  it('as the experiment writes one from weights of Concord holds the same values', () => {
    const own = new Map<string, NamedArray>(
      Object.entries({ 'conv1.conv/kernel': [3, 3, 2, 4], 'conv1.bn/gamma': [4], 'logits/kernel': [4, 2] }).map(
        ([name, shape]) => [name, { shape, data: Float32Array.from({ length: sizeOf(shape) }, random.uniform) }],
      ),
    )
    const { arrays } = decodeArrays(asTorchvision('googlenet', encodeArrays(own)), 'the file')
    expect([...arrays].map(([name, { shape }]) => [name, shape])).toEqual([
      ['conv1.conv.weight', [4, 2, 3, 3]],
      ['conv1.bn.weight', [4]],
      ['fc.weight', [2, 4]],
    ])
    const back = [...arrays.values()].map(({ shape, data }) => [...fromTorch({ shape, read: () => data })])
    expect(back).toEqual([...own.values()].map(({ data }) => [...data]))
  })
})

describe('an input', () => {
  it('of another shape, or too small, is refused', async () => {
    const run = (shape: number[]): Promise<number[][]> =>
      learner.run({
        network: 'googlenet',
        weights: join(folder, 'googlenet.safetensors'),
        input: pictures('odd', shape),
      })
    await expect(run([1, 64, 64, 1])).rejects.toMatchObject({ code: 'array-shape' })
    await expect(run([64, 64, 3])).rejects.toMatchObject({ code: 'array-shape' })
    await expect(run([1, 16, 64, 3])).rejects.toMatchObject({ code: 'picture-too-small' })
  })
})

/** Another library, where Python has it: CONCORD_TEST_PYTHON names one. */
const python = process.env['CONCORD_TEST_PYTHON'] ?? 'python3'
const has = (modules: string): boolean => spawnSync(python, ['-c', `import ${modules}`]).status === 0
const peers = { keras: has('keras, tensorflow'), torchvision: has('torchvision, safetensors') }

describe('outputs equal another library’s', () => {
  it.for([
    ['mobilenetv2', 'keras'],
    ['inceptionv3', 'keras'],
    ['resnet50', 'keras'],
    ['alexnet', 'torchvision'],
    ['googlenet', 'torchvision'],
  ] as const)('%s as in %s', async ([network, library], { skip }) => {
    if (!peers[library]) skip(`${python} has no ${library}; CONCORD_TEST_PYTHON can name one that has.`)
    const made = spawnSync(python, [fixture('peer.py'), folder, network], { encoding: 'utf8' })
    expect(made.status, made.stderr).toBe(0)
    const expected = JSON.parse(readFileSync(join(folder, `${network}.json`), 'utf8')) as number[][]
    const input = join(folder, `${network}.npy`)
    for (const file of library === 'keras' ? [`${network}.h5`, `${network}.weights.h5`] : [`${network}.safetensors`]) {
      const output = await learner.run({ network, weights: join(folder, file), input })
      expect(output.length).toBe(expected.length)
      output.forEach((row, i) =>
        row.forEach((value, k) => expect(Math.abs(value - expected[i]![k]!)).toBeLessThan(1e-4)),
      )
    }
  })
})
