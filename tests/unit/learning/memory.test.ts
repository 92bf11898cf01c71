import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { LearnerHost } from '../../../src/main/learning/host.ts'
import type { MemoryRequest } from '../../../src/main/learning/protocol.ts'
import { smallRequest, temporaryFolder } from './scans.ts'

const learner = new LearnerHost()
afterAll(() => learner.end())

const asked: MemoryRequest = { network: 'walle2023', classes: [1, 2, 3, 4, 5], imageSize: 256, batch: 8 }
const needed = async (changes: Partial<MemoryRequest>): Promise<number> =>
  (await learner.memory({ ...asked, ...changes })).needed

describe('the memory of a run', () => {
  it('grows with the picture and the batch, and with what the optimiser keeps of the weights', async () => {
    const small = await needed({})
    const base = 2 * small - (await needed({ batch: 16 }))
    // Nearly all of it are the layers' outputs: four times the pixels, four times as much.
    expect((await needed({ imageSize: 512 })) - base).toBeCloseTo(4 * (small - base), -7)
    const [adam, sgdm] = [await needed({ network: 'alexnet' }), await needed({ network: 'alexnet', optimiser: 'sgdm' })]
    // 57 million weights of four bytes, in six places.
    expect(adam - sgdm).toBeCloseTo(6 * 4 * 57_024_325, -6)
  })

  it('that is more than there is refuses the run with both figures, before anything is written', async () => {
    const request = await smallRequest(temporaryFolder(), { network: 'resnet50', imageSize: 1024, batch: 256 })
    const { needed, available } = await learner.memory(request)
    expect(needed).toBeGreaterThan(available)
    const gigabytes = (value: number): string => `${(value / 1e9).toFixed(0)}.`
    await expect(learner.train(request)).rejects.toMatchObject({
      code: 'not-enough-memory',
      field: 'batch',
      message: expect.stringContaining(gigabytes(Math.trunc(needed / 1e9) * 1e9)) as string,
    })
    await expect(learner.train(request)).rejects.toThrow(/\d GB of memory, and \d+\.\d GB can be used/)
    expect(existsSync(join(request.checkpointFolder))).toBe(false)
    // The thread is up and works.
    expect(
      (await learner.train({ ...request, network: 'walle2023', imageSize: 32, batch: 10, epochs: 1 })).epochsRun,
    ).toBe(1)
  })
})
