import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LearnerHost } from '../../../src/main/learning/host.ts'
import type { EpochFigures, Progress, TrainRequest, TrainResult } from '../../../src/main/learning/types.ts'
import { smallRequest, temporaryFolder } from './scans.ts'

const learner = new LearnerHost()
afterAll(() => learner.end())

const untimed = (history: EpochFigures[]): Omit<EpochFigures, 'seconds'>[] =>
  history.map(({ seconds: _seconds, ...figures }) => figures)

describe('training', () => {
  const folder = temporaryFolder()
  const epochs: EpochFigures[] = []
  const progress: Progress[] = []
  let request: TrainRequest
  let result: TrainResult

  beforeAll(async () => {
    request = await smallRequest(folder, { epochs: 14 })
    result = await learner.train(request, {
      onEpoch: (figures) => epochs.push(figures),
      onProgress: (now) => progress.push(now),
    })
  })

  it('learns what can be learned, and says so of scans it has not seen', () => {
    expect(result.history.at(-1)!.loss).toBeLessThan(0.5 * result.history[0]!.loss)
    expect(result.test.map((scan) => scan.label)).toEqual([0, 1, 0, 1])
    expect(result.validation.map((scan) => scan.grade)).toEqual([1, 5, 1, 5])
  })

  it('steps as one native graph', () => {
    expect(result.engine).toBe('graph')
  })

  it('reports every epoch and its progress', () => {
    expect(epochs).toEqual(result.history)
    expect(epochs.map((figures) => figures.epoch)).toEqual(Array.from({ length: 14 }, (_, index) => index + 1))
    expect(new Set(progress.map((now) => now.stage))).toEqual(
      new Set(['preparing', 'loading', 'training', 'validating', 'predicting']),
    )
    expect(progress.every((now) => now.done <= now.total)).toBe(true)
  })

  it('keeps the weights of the epoch with the lowest validation loss', () => {
    const losses = result.history.map((figures) => figures.validationLoss!)
    expect(result.bestEpoch).toBe(1 + losses.indexOf(Math.min(...losses)))
    // The kept weights give that epoch's accuracy again.
    const right = result.validation.flatMap((scan, index) =>
      scan.slices.map(({ probabilities }) => (probabilities[1]! > probabilities[0]! ? 1 : 0) === index % 2),
    )
    const accuracy = right.filter(Boolean).length / right.length
    expect(accuracy).toBe(result.history[result.bestEpoch - 1]!.validationAccuracy)
  })

  it('gives probabilities that sum to 1, and figures that follow from them', () => {
    for (const scan of [...result.validation, ...result.test]) {
      expect(scan.slices.map((slice) => slice.slice)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
      for (const { probabilities } of scan.slices) expect(sum(probabilities)).toBeCloseTo(1, 6)
      expect(sum(scan.probabilities)).toBeCloseTo(1, 12)
      expect(scan.probabilities[1]).toBeCloseTo(sum(scan.slices.map((slice) => slice.probabilities[1]!)) / 8, 6)
      expect(scan.rescanProbability).toBe(scan.probabilities[1])
      expect(scan.expectedGrade).toBeCloseTo(scan.probabilities[0]! + 5 * scan.probabilities[1]!, 12)
    }
  })

  it('gives the same weights for the same seed, others for another', async () => {
    const short = { epochs: 2, scans: request.scans }
    const weights = async (name: string, seed: number): Promise<Buffer> => {
      const again = await smallRequest(folder, { ...short, seed, runId: name, checkpointFolder: join(folder, name) })
      return readFileSync((await learner.train(again)).weightsPath)
    }
    const first = await weights('a', 3)
    expect((await weights('b', 3)).equals(first)).toBe(true)
    expect((await weights('c', 4)).equals(first)).toBe(false)
  })

  it('resumed from any epoch ends with the weights of the uninterrupted run', async () => {
    const whole = { ...request, runId: 'whole', epochs: 4, checkpointFolder: join(folder, 'whole') }
    const expected = await learner.train(whole)
    const parts = { ...whole, runId: 'parts', checkpointFolder: join(folder, 'parts') }
    await learner.train({ ...parts, epochs: 1 })
    await learner.train({ ...parts, epochs: 3, resume: true })
    const resumed = await learner.train({ ...parts, resume: true })
    expect(untimed(resumed.history)).toEqual(untimed(expected.history))
    expect(readFileSync(resumed.weightsPath).equals(readFileSync(expected.weightsPath))).toBe(true)
    expect(resumed.test).toEqual(expected.test)
  })

  it('stops when the validation loss has not fallen for as many epochs as the patience allows', async () => {
    // A rate at which the loss soon rises.
    const patient = { ...request, runId: 'patient', epochs: 60, patience: 2, learningRate: 0.05 }
    const stopped = await learner.train({ ...patient, checkpointFolder: join(folder, 'patient') })
    expect(stopped.epochsRun).toBeLessThan(60)
    expect(stopped.bestEpoch).toBe(stopped.epochsRun - 2)
  })

  it('refuses to resume another recipe or a broken checkpoint, and starts anew where asked to', async () => {
    const other = { ...request, runId: 'other', checkpointFolder: join(folder, 'other'), epochs: 1 }
    await learner.train(other)
    await expect(learner.train({ ...other, seed: 8, resume: true })).rejects.toMatchObject({
      code: 'checkpoint-foreign',
    })
    const checkpoint = join(folder, 'other', 'checkpoint.safetensors')
    copyFileSync(request.scans[0]!.cachePath, checkpoint)
    await expect(learner.train({ ...other, resume: true })).rejects.toMatchObject({ code: 'checkpoint-broken' })
    await expect(learner.train(other)).resolves.toMatchObject({ epochsRun: 1 })
  })
})

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0)
