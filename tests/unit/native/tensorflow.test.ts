import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tensorflowThread } from './thread.ts'

// These tests run on Electron's Node, whose malloc is PartitionAlloc: without the allocator the tensors below end the
// process.
const GIB = 2 ** 30
const builtHere = process.platform === 'linux' && process.arch === 'x64'

describe.skipIf(!builtHere)('TensorFlow in a worker thread (Linux x64: the addon built here)', () => {
  let thread: ReturnType<typeof tensorflowThread>
  beforeAll(() => {
    thread = tensorflowThread()
  })
  afterAll(() => thread.end())

  it('loads the pinned version with both libraries led to the allocator', async () => {
    expect(await thread.ask('about')).toMatchObject({
      version: '2.18.1',
      device: expect.stringMatching(/^(CPU|GPU)/),
    })
    const { slots, cap } = await thread.ask('statistics')
    expect(slots).toBe(28)
    expect(cap).toBeGreaterThan(GIB)
  })

  it('gives every type of tensor back as it went in', async () => {
    expect(await thread.ask('types')).toEqual({
      float32: [1.5, -2],
      int32: [7, -8],
      bool: [0, 1],
      complex64: [1, 4, 2, 5],
      string: ['Wert', 'Übung'],
      empty: [0, 3],
      scalar: 5,
    })
  })

  it('copies what it is given: a later change of the array does not reach the tensor', async () => {
    expect(await thread.ask('upload')).toEqual({ before: 3, after: 3 })
  })

  it('frees a string of megabytes that TensorFlow allocated where it came from', async () => {
    const { bytes, same } = await thread.ask('picture', { size: 1024 })
    expect(bytes).toBeGreaterThan(2 ** 20)
    expect(same).toBe(1)
  })

  it('holds a tensor of 2 GiB and gives the memory back on trim', async () => {
    const { inUse, mean, freed } = await thread.ask('large', { size: 2 })
    expect(mean).toBe(2)
    expect(inUse).toBeGreaterThanOrEqual(2 * GIB)
    expect(freed).toBe(true)
    const kept = process.memoryUsage.rss()
    expect((await thread.ask('statistics')).pooled).toBeGreaterThanOrEqual(2 * GIB)
    await thread.ask('trim')
    expect((await thread.ask('statistics')).pooled).toBe(0)
    expect(kept - process.memoryUsage.rss()).toBeGreaterThan(1.9 * GIB)
  })

  it('refuses a tensor above the cap with an error, and goes on below it', async () => {
    const { cap } = await thread.ask('statistics')
    await thread.ask('cap', { size: 0.25 * GIB })
    await expect(thread.ask('large', { size: 1 })).rejects.toThrow('OOM when allocating tensor')
    expect(await thread.ask('upload')).toEqual({ before: 3, after: 3 })
    await thread.ask('cap', { size: 2 ** 25 })
    await expect(thread.ask('upload')).rejects.toThrow('OOM when allocating tensor')
    await thread.ask('cap', { size: cap })
    expect((await thread.ask('large', { size: 0.5 })).mean).toBe(2)
  })

  it('refuses a cap that is no number of bytes', async () => {
    for (const size of [-1, NaN, Infinity]) await expect(thread.ask('cap', { size })).rejects.toThrow('number of bytes')
  })

  it('trains five convolutions on 512 x 512 pictures without holding more after each step', async () => {
    const { losses, inUse } = await thread.ask('train', { size: 2, steps: 4 })
    for (const loss of losses) expect(Number.isFinite(loss)).toBe(true)
    expect(losses.at(-1)!).toBeLessThan(losses[0]!)
    expect(inUse[3]).toBe(inUse[1])
  })

  it('gives all memory back when a thread ends in the middle of a step, and the next thread works', async () => {
    await thread.trainUntil(1, 4)
    const training = process.memoryUsage.rss()
    await thread.end()
    expect(training - process.memoryUsage.rss()).toBeGreaterThan(0.8 * GIB)
    thread = tensorflowThread()
    const { inUse, pooled } = await thread.ask('statistics')
    expect(inUse).toBe(0)
    expect(pooled).toBe(0)
    expect((await thread.ask('large', { size: 0.5 })).mean).toBe(2)
  })

  it('serves two threads at once', async () => {
    const second = tensorflowThread()
    try {
      // A 3 x 3 convolution of ones with zero padding over 8 x 8 ones adds up to 484 a channel; two channels, mean of 4.
      const answers = await Promise.all([thread, second].map((one) => one.ask('operations', { steps: 400 })))
      expect(answers).toEqual([242, 242])
    } finally {
      await second.end()
    }
  })
})
