import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { beforeAll, describe, expect, it } from 'vitest'
import { quietTensorflow } from '../../../src/main/learning/tensorflow.ts'
import type { Arithmetic } from './arithmetic-worker.ts'

let found: Arithmetic

beforeAll(async () => {
  quietTensorflow()
  const worker = new Worker(new URL('./arithmetic-worker.ts', import.meta.url))
  ;[found] = (await once(worker, 'message')) as [Arithmetic]
  await worker.terminate()
})

describe('a step as one graph', () => {
  it('moves the weights as the same step does operation by operation', () => {
    expect(found.engines.kinds).toEqual(['graph', 'eager'])
    expect(found.engines.loss).toBeLessThan(1e-6)
    expect(found.engines.weights).toBeLessThan(1e-6)
    expect(found.engines.probabilities).toBeLessThan(1e-6)
  })

  it('leaves no tensor behind', () => {
    expect(found.tensors[1]).toBe(found.tensors[0])
  })

  it('is not made of what a graph would freeze', () => {
    expect(found.refused.random).toMatch(/random number/)
    expect(found.refused.reading).toMatch(/computed value/)
    expect(found.refused.outside).toMatch(/made before/)
  })

  it('gives way to the eager engine, from the same weights', () => {
    expect(found.refused).toMatchObject({ fallback: 'eager', fallbackValue: 10 })
  })

  it('takes feeds of the right size alone', () => {
    expect(found.refused.wrongFeed).toBe('RangeError')
  })
})

describe('operations with gradients of their own equal the library’s', () => {
  it('LeakyReLU', () => {
    expect(found.leakyRelu.value).toBeLessThan(1e-6)
    expect(found.leakyRelu.gradient).toBeLessThan(1e-6)
  })

  it('softmax cross-entropy', () => {
    expect(found.crossEntropy.value).toBeLessThan(1e-5)
    expect(found.crossEntropy.gradient).toBeLessThan(1e-6)
  })

  it('Adam', () => {
    // Ten steps of 1e-3 at most; where a gradient is near 0 the quotient of the first steps magnifies rounding.
    expect(found.adam).toBeLessThan(1e-4)
  })
})
