import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { LearnerHost } from '../../../src/main/learning/host.ts'
import { ablation } from '../../../src/main/learning/networks/cbam.ts'
import { networkNamed, networks, variantsOf } from '../../../src/main/learning/networks/index.ts'

const learner = new LearnerHost()
afterAll(() => learner.end())

/** 3x3 kernels of the proposal's convolutions: 16, 32, 64, 64, 128 filters. */
const kernels = 9 * (16 + 16 * 32 + 32 * 64 + 64 * 64 + 64 * 128)

describe('the networks', () => {
  it('are those of the papers, by name', () => {
    expect(networks.map((network) => network.name)).toEqual([
      'walle2023',
      'cbam',
      'scratch4',
      'alexnet',
      'googlenet',
      'resnet50',
      'mobilenetv2',
      'inceptionv3',
    ])
  })

  it.each([
    // The 2021 paper's table 1 and what Keras and PyTorch count. PyTorch does not count running averages (14,560).
    ['alexnet', [227, 227, 3], 8, 61_100_840, 61_100_840],
    ['googlenet', [224, 224, 3], 22, 6_624_904 + 14_560, 6_624_904],
    ['resnet50', [224, 224, 3], 50, 25_636_712, 25_583_592],
    ['mobilenetv2', [224, 224, 3], 53, 3_538_984, 3_504_872],
    ['inceptionv3', [299, 299, 3], 48, 23_851_784, 23_817_352],
  ])('%s with 1000 classes has its input, depth and parameters', async (name, input, depth, parameters, trainable) => {
    const described = await learner.describe(name, { classes: 1000 })
    expect(described).toMatchObject({ name, input, depth, parameters, trainableParameters: trainable })
    expect(described.layers).toBeGreaterThan(depth)
  })

  it.each([
    // No bias; four numbers a filter of batch normalisation, two of them
    // averages; W0 and W1 of n x n/8; 7x7 kernels over two maps; dense 128x5+5.
    ['cbam', kernels + 4 * 304 + 2 * (32 + 128 + 512 + 512 + 2048) + 5 * 98 + 645, 2 * 304],
    ['cbam-no-attention', kernels + 4 * 304 + 645, 2 * 304],
    ['cbam-no-channel', kernels + 4 * 304 + 5 * 98 + 645, 2 * 304],
    ['cbam-no-spatial', kernels + 4 * 304 + 2 * (32 + 128 + 512 + 512 + 2048) + 645, 2 * 304],
    // A bias a filter in place of batch normalisation.
    ['cbam-elu-no-bn', kernels + 304 + 2 * (32 + 128 + 512 + 512 + 2048) + 5 * 98 + 645, 0],
    ['cbam-no-bn-no-attention', kernels + 304 + 645, 0],
    // 3x3 kernels with bias, then every position of 28 x 28 x 128.
    ['scratch4', 160 + 4_640 + 18_496 + 73_856 + 28 * 28 * 128 * 5 + 5, 0],
  ])('%s with 5 classes has its parameters', async (name, parameters, averages) => {
    const described = await learner.describe(name, { classes: 5 })
    expect(described).toMatchObject({ parameters, trainableParameters: parameters - averages })
  })

  it('replace their last layer for other classes', async () => {
    const [five, thousand] = await Promise.all([5, 1000].map((classes) => learner.describe('mobilenetv2', { classes })))
    expect(thousand!.parameters - five!.parameters).toBe(995 * 1281)
  })

  it('take grey slices of another size, but none too small', async () => {
    const grey = await learner.describe('mobilenetv2', { classes: 5, imageSize: 96 })
    expect(grey).toMatchObject({ input: [96, 96, 1], trainableParameters: 3_504_872 - 995 * 1281 })
    await expect(learner.describe('inceptionv3', { classes: 5, imageSize: 64 })).rejects.toMatchObject({
      code: 'picture-too-small',
      field: 'imageSize',
    })
  })
})

describe('the proposal’s variants', () => {
  it('are every combination of its parts, named but not listed', () => {
    const names = ['cbam', ...variantsOf('cbam')]
    expect(new Set(names).size).toBe(16)
    expect(ablation.every((name) => names.includes(name))).toBe(true)
    expect(ablation.join(' ')).toBe(
      'cbam cbam-elu-no-bn cbam-no-bn cbam-elu cbam-no-channel cbam-no-spatial cbam-no-attention cbam-no-bn-no-attention',
    )
    for (const name of names) expect(networkNamed(name).name).toBe(name)
  })

  it('say what they are made of', () => {
    expect(networkNamed('cbam-elu-no-bn-no-spatial').describe()).toContain('ELU, channel attention:')
    expect(networkNamed('cbam').describe()).toContain('ReLU, batch normalisation, channel attention, spatial attention')
  })
})

describe('published figures', () => {
  it('are what Keras and torchvision count', () => {
    const file = new URL('../../fixtures/learning/published.json', import.meta.url)
    const published = JSON.parse(readFileSync(file, 'utf8')) as Record<string, { parameters: number }>
    expect(Object.fromEntries(Object.entries(published).map(([name, { parameters }]) => [name, parameters]))).toEqual({
      resnet50: 25_636_712,
      mobilenetv2: 3_538_984,
      inceptionv3: 23_851_784,
      alexnet: 61_100_840,
      googlenet: 6_624_904,
    })
  })
})
