import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { beforeAll, describe, expect, it } from 'vitest'
import { quietTensorflow } from '../../../src/main/learning/tensorflow.ts'
import type { Layers } from './layers-worker.ts'

let found: Layers

beforeAll(async () => {
  quietTensorflow()
  const worker = new Worker(new URL('./layers-worker.ts', import.meta.url))
  ;[found] = (await once(worker, 'message')) as [Layers]
  await worker.terminate()
}, 300_000)

describe('layers of our own equal the library’s', () => {
  it('batch normalisation: value, gradient, running averages, and when grading', () => {
    expect(found.batchNorm.value).toBeLessThan(1e-5)
    expect(found.batchNorm.gradient).toBeLessThan(1e-5)
    expect(found.batchNorm.averages).toBeLessThan(1e-5)
    expect(found.batchNorm.graded).toBeLessThan(1e-5)
  })

  it.each(['Relu', 'Relu6', 'Elu'])('%s', (kind) => {
    expect(found.activations[kind]!.value).toBeLessThan(1e-5)
    expect(found.activations[kind]!.gradient).toBeLessThan(1e-5)
  })

  it('averages over fields as PyTorch does', () => {
    expect(found.adaptive).toBeLessThan(1e-6)
  })

  it('SGD with momentum', () => {
    expect(found.sgdm).toBeLessThan(1e-6)
  })
})

describe('chance', () => {
  it('drops the share asked for, the same for the same step, and nothing when grading', () => {
    // 20,000 draws: five standard errors.
    expect(Math.abs(found.dropout.dropped - 0.3)).toBeLessThan(5 * Math.sqrt((0.3 * 0.7) / 20_000))
    expect(found.dropout.mean).toBeCloseTo((1 - found.dropout.dropped) / 0.7, 5)
    expect(found.dropout).toMatchObject({ same: true, other: true, graded: true })
  })

  it('adds noise of the asked variance to gradients, the same again for the same seed', () => {
    // 270,338 draws: five standard errors, beside what the difference of two float32 loses.
    expect(Math.abs(found.noise.mean)).toBeLessThan(5 * 0.5 * 270_338 ** -0.5)
    expect(Math.abs(found.noise.deviation - 1)).toBeLessThan(0.02)
    expect(found.noise.again).toBe(true)
  })

  it('starts weights from the seed, within the limits of Glorot', () => {
    expect(found.initial).toMatchObject({ same: true, other: true })
    expect(found.initial.limit).toBeGreaterThan(0.99)
    expect(found.initial.limit).toBeLessThanOrEqual(1.000001)
    expect(Math.abs(found.initial.mean)).toBeLessThan(0.001)
  })
})

describe('focal loss', () => {
  it('is what its equation says, with the slope of a difference quotient', () => {
    expect(found.focal.value).toBeLessThan(1e-5)
    expect(found.focal.slope).toBeLessThan(1e-3)
  })

  it('weighs what the network is sure of less than cross-entropy does', () => {
    expect(found.focal.certainWeighsLess).toBe(true)
  })
})

describe('ordinal losses', () => {
  it.each(['coral', 'squared-emd'] as const)(
    '%s is what its equation says, with the slope of a difference quotient',
    (name) => {
      expect(found.ordinal[name].value).toBeLessThan(1e-5)
      expect(found.ordinal[name].slope).toBeLessThan(2e-3)
    },
  )

  it('CORAL gives probabilities, of answers out of order too', () => {
    const [trained, early] = found.coralRows as [number[], number[]]
    for (const row of found.coralRows) {
      expect(row.every((p) => p >= 0)).toBe(true)
      expect(row.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 6)
    }
    const above = [2, 1, -3].map((z) => 1 / (1 + Math.exp(-z)))
    ;[1 - above[0]!, above[0]! - above[1]!, above[1]! - above[2]!, above[2]!].forEach((p, grade) => {
      expect(trained[grade]).toBeCloseTo(p, 6)
    })
    // Answers that contradict each other leave the outer grades alone.
    expect(early[1]).toBe(0)
    expect(early[2]).toBe(0)
  })
})

describe('a step as one graph', () => {
  it.each(['cbam', 'cbam-elu-no-bn', 'scratch4', 'mobilenetv2', 'walle2023 coral', 'walle2023 squared-emd'])(
    'of %s moves the weights as operation by operation',
    (name) => {
      expect(found.recorded[name]!.kind).toBe('graph')
      expect(found.recorded[name]!.loss).toBeLessThan(1e-4)
      // Relative to the largest of each: rounding adds up over the depth.
      expect(found.recorded[name]!.moved).toBeLessThan(5e-3)
    },
  )
})
