import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { LearnerHost } from '../../../src/main/learning/host.ts'
import { loadModel, saveModel } from '../../../src/main/learning/model-file.ts'
import { smallRequest, temporaryFolder } from './scans.ts'

const learner = new LearnerHost()
afterAll(() => learner.end())

/** A file system of its own, of `bytes`; null where this account may not mount one. */
function smallDisk(bytes: number): { path: string; unmount(): void } | null {
  const path = temporaryFolder()
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', path], { stdio: 'ignore' })
  return status === 0 ? { path, unmount: () => void execFileSync('umount', ['-l', path]) } : null
}

/** What the prepared slices of the run's 20 scans take: 8 of 32 x 32 each. */
const slices = 20 * 8 * 32 * 32 * 4
const disk = smallDisk(20_000_000)
afterAll(() => disk?.unmount())

describe.skipIf(!disk)('a disk that is full in the middle of a checkpoint (skipped where none can be mounted)', () => {
  it('ends the run with a clear message; earlier models and the program stay', async () => {
    const request = await smallRequest(temporaryFolder(), { epochs: 2 })
    const first = await learner.train(request)
    const models = join(disk!.path, 'models')
    const description = { network: 'walle2023', classes: [1, 5], preprocessing: first.preprocessing }
    const model = saveModel(models, { ...description, weightsPath: first.weightsPath, card: {} })
    const checkpoint = statSync(join(request.checkpointFolder, 'checkpoint.safetensors')).size
    // Room for the slices, the model and one checkpoint: the second, written beside the first, does not fit.
    const room = slices + 100_000 + Math.round(1.5 * checkpoint)
    execFileSync('mount', ['-o', `remount,size=${room}`, disk!.path])

    const folder = join(disk!.path, 'run')
    mkdirSync(folder)
    const epochs: number[] = []
    const full = { ...request, runId: 'full', checkpointFolder: folder, epochs: 50 }
    const run = learner.train(full, { onEpoch: ({ epoch }) => epochs.push(epoch) })
    await expect(run).rejects.toMatchObject({
      code: 'disk-full',
      message: expect.stringMatching(/disk is full.*Free some space and go on/) as string,
    })
    expect(epochs).toEqual([1])

    // Nothing half-written is left, and the earlier model is whole and grades.
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([])
    expect(loadModel(model.folder, model.sha256).sha256).toBe(model.sha256)
    const scans = request.scans.filter((scan) => scan.fold === 'test')
    const graded = await learner.infer({ modelFolder: model.folder, rescanFrom: 4, scans })
    expect(graded).toHaveLength(4)
  })

  it('goes on from the last epoch that was kept once there is room', async () => {
    const roomy = temporaryFolder()
    const request = await smallRequest(roomy, { epochs: 1 })
    await learner.train(request)
    const checkpoint = join(request.checkpointFolder, 'checkpoint.safetensors')
    const before = readFileSync(checkpoint)
    // The same folder with a checkpoint of one epoch, on the small disk: the next does not fit beside it.
    const tight = smallDisk(before.length + 700_000)!
    try {
      const folder = join(tight.path, 'run')
      mkdirSync(folder)
      execFileSync('cp', [checkpoint, folder])
      const on = { ...request, checkpointFolder: folder, epochs: 3, resume: true }
      await expect(learner.train(on)).rejects.toMatchObject({ code: 'disk-full' })
      expect(readFileSync(join(folder, 'checkpoint.safetensors')).equals(before)).toBe(true)
      execFileSync('mount', ['-o', 'remount,size=20m', tight.path])
      expect((await learner.train(on)).history.map(({ epoch }) => epoch)).toEqual([1, 2, 3])
    } finally {
      tight.unmount()
    }
  })
})
