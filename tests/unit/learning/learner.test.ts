import { createHash } from 'node:crypto'
import { appendFileSync, cpSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LearnerHost } from '../../../src/main/learning/host.ts'
import { loadModel, saveModel } from '../../../src/main/learning/model-file.ts'
import { decodeArrays, encodeArrays } from '../../../src/main/learning/safetensors.ts'
import type { Progress, TrainRequest, TrainResult } from '../../../src/main/learning/types.ts'
import { cachedScan, smallRequest, stripedScans, temporaryFolder } from './scans.ts'

const learner = new LearnerHost()
const folder = temporaryFolder()
let request: TrainRequest

beforeAll(async () => {
  request = await smallRequest(folder)
})
afterAll(() => learner.end())

const named = (name: string, changes: Partial<TrainRequest> = {}): TrainRequest => ({
  ...request,
  runId: name,
  checkpointFolder: join(folder, name),
  ...changes,
})

describe('the networks', () => {
  it.each([
    // 3x3x1x16+16, four of 3x3x16x16+16, 16x32+32, 32x5+5
    ['walle2023', 5, 160 + 4 * 2320 + 544 + 165],
    ['walle2023', 2, 160 + 4 * 2320 + 544 + 66],
  ])('%s with %i classes has its parameters', async (network, classes, parameters) => {
    const described = await learner.describe(network, { classes })
    expect(described).toMatchObject({ input: [512, 512, 1], parameters, trainableParameters: parameters })
  })

  it('of another name are refused', async () => {
    await expect(learner.describe('walle2031', { classes: 5 })).rejects.toMatchObject({ code: 'network-unknown' })
  })
})

describe('a recipe that cannot train is refused with a reason', () => {
  const train = (changes: Partial<TrainRequest>): Promise<TrainResult> => learner.train(named('refused', changes))

  it('without scans, or with none to train on', async () => {
    await expect(train({ scans: [] })).rejects.toMatchObject({ code: 'training-no-scans' })
    const heldOut = request.scans.filter((scan) => scan.fold !== 'train')
    await expect(train({ scans: heldOut })).rejects.toMatchObject({ code: 'training-no-scans' })
  })

  it('with one class', async () => {
    const scans = request.scans.map((scan) => ({ ...scan, label: 1 }))
    await expect(train({ scans })).rejects.toMatchObject({ code: 'training-one-class' })
  })

  it('with a label outside the scale or shares that are none', async () => {
    const first = request.scans[0]!
    const withFirst = (changes: Partial<typeof first>): TrainRequest['scans'] => [
      { ...first, ...changes },
      ...request.scans.slice(1),
    ]
    for (const changes of [
      { label: 2 },
      { label: -1 },
      { label: NaN },
      { distribution: [1] },
      { distribution: [0.2, 0.2] },
    ]) {
      await expect(train({ scans: withFirst(changes) })).rejects.toMatchObject({ code: 'training-bad-label' })
    }
  })

  it('with numbers that make no sense', async () => {
    for (const changes of [
      { epochs: 0 },
      { batch: 1.5 },
      { imageSize: 8 },
      { learningRate: 0 },
      { learningRate: NaN },
    ]) {
      await expect(train(changes)).rejects.toMatchObject({
        code: 'training-bad-recipe',
        field: Object.keys(changes)[0],
      })
    }
  })

  it('with a scan that is not numbers, all one value, damaged or gone', async () => {
    const voxels = Float32Array.from({ length: 32 * 32 * 8 }, (_, index) => index % 7)
    voxels[4000] = NaN
    const broken = {
      'scan-not-a-number': await cachedScan(folder, voxels, [32, 32, 8]),
      'scan-constant': await cachedScan(folder, new Int16Array(32 * 32 * 8).fill(9), [32, 32, 8]),
      'cache-damaged': join(folder, 'damaged.vol'),
      'volume-missing': join(folder, 'nowhere.vol'),
    }
    writeFileSync(broken['cache-damaged'], readFileSync(request.scans[0]!.cachePath).subarray(0, 3000))
    for (const [code, cachePath] of Object.entries(broken)) {
      const scans = request.scans.with(3, { ...request.scans[3]!, cachePath })
      await expect(train({ scans })).rejects.toMatchObject({ code })
    }
  })

  it('when the loss is no longer a number', async () => {
    const wild = named('wild', { epochs: 1 })
    await learner.train(wild)
    // Weights so large that the network's output overflows.
    const path = join(wild.checkpointFolder, 'checkpoint.safetensors')
    const { arrays, metadata } = decodeArrays(readFileSync(path), path)
    arrays.get('now/conv1/kernel')!.data.fill(1e38)
    writeFileSync(path, encodeArrays(arrays, metadata))
    await expect(learner.train({ ...wild, epochs: 2, resume: true })).rejects.toMatchObject({
      code: 'training-diverged',
    })
  })
})

describe('a run in progress', () => {
  it('is cancelled between two steps and goes on later', async () => {
    const abort = new AbortController()
    const long = named('cancelled', { epochs: 500 })
    const cancelled = learner.train(long, {
      signal: abort.signal,
      onEpoch: ({ epoch }) => {
        if (epoch === 2) abort.abort()
      },
    })
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' })
    const resumed = await learner.train({ ...long, epochs: 4, resume: true })
    expect(resumed.history.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4])
    await expect(learner.train(long, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' })
  })

  it('pauses and resumes', async () => {
    let paused = false
    const after: Progress[] = []
    const whole = learner.train(named('paused', { epochs: 6 }), {
      onEpoch: ({ epoch }) => {
        if (epoch === 2) learner.pause('paused')
      },
      onProgress: (progress) => {
        if (paused) after.push(progress)
        if (!progress.paused) return
        paused = true
        setTimeout(() => {
          expect(after).toEqual([])
          learner.resume('paused')
        }, 500)
      },
    })
    expect((await whole).epochsRun).toBe(6)
    expect(paused).toBe(true)
    expect(after[0]).toMatchObject({ paused: false })
  })

  it('of the same name is not started twice', async () => {
    const first = learner.train(named('twice', { epochs: 2 }))
    await expect(learner.train(named('twice'))).rejects.toMatchObject({ code: 'training-running' })
    await first
  })

  it('whose thread dies in the middle of an epoch is told so, and resumed ends as if it had not', async () => {
    const expected = await learner.train(named('whole', { epochs: 4 }))
    const mortal = new LearnerHost()
    const killed = mortal.train(named('killed', { epochs: 4 }), {
      onProgress: ({ epoch, done }) => {
        if (epoch === 3 && done >= 1) void mortal.end()
      },
    })
    await expect(killed).rejects.toMatchObject({ code: 'learner-crashed' })
    const resumed = await mortal.train(named('killed', { epochs: 4, resume: true }))
    expect(readFileSync(resumed.weightsPath).equals(readFileSync(expected.weightsPath))).toBe(true)
    await mortal.end()
  })

  it('ends its thread when idle and starts another with the next task', async () => {
    const brief = new LearnerHost({ idleMs: 50 })
    const device = await brief.device()
    expect(device.kind).toMatch(/^(cpu|gpu)$/)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(await brief.device()).toEqual(device)
    await brief.end()
  })
})

describe('a stored model', () => {
  let result: TrainResult
  let stored: { sha256: string; folder: string }
  const description = { network: 'walle2023', classes: [1, 5] }
  const card = { intendedUse: 'tests', split: { seed: 1 } }

  beforeAll(async () => {
    result = await learner.train(named('stored', { epochs: 12 }))
    const { weightsPath, preprocessing } = result
    stored = saveModel(join(folder, 'models'), { ...description, preprocessing, weightsPath, card })
  })

  it('stands under the digest of its content, once', () => {
    expect(stored.folder.endsWith(stored.sha256)).toBe(true)
    const { weightsPath, preprocessing } = result
    expect(saveModel(join(folder, 'models'), { ...description, preprocessing, weightsPath, card })).toEqual(stored)
    const { weights: _weights, ...kept } = loadModel(stored.folder, stored.sha256)
    expect(kept).toEqual({
      sha256: stored.sha256,
      description: { ...description, preprocessing },
      card: { ...card, weights: { sha256: createHash('sha256').update(readFileSync(weightsPath)).digest('hex') } },
    })
  })

  it('grades scans as it did when it was trained', async () => {
    const scans = request.scans.filter((scan) => scan.fold === 'test')
    const graded = await learner.infer({ modelFolder: stored.folder, sha256: stored.sha256, rescanFrom: 4, scans })
    expect(graded.map((scan) => scan.grade)).toEqual([1, 5, 1, 5])
    graded.forEach((scan, index) => {
      scan.probabilities.forEach((p, grade) => {
        expect(p).toBeCloseTo(result.test[index]!.probabilities[grade]!, 5)
      })
    })
  })

  it('grades a scan of one slice, and none as none', async () => {
    const voxels = Int16Array.from({ length: 40 * 30 }, (_, index) => index % 40)
    const scans = [{ scanId: 'flat', cachePath: await cachedScan(folder, voxels, [40, 30, 1]) }]
    const asked = { modelFolder: stored.folder, rescanFrom: null }
    const [flat] = await learner.infer({ ...asked, scans })
    expect(flat!.slices.map(({ slice }) => slice)).toEqual([0])
    expect(await learner.infer({ ...asked, scans: [] })).toEqual([])
  })

  it('is cancelled between two scans', async () => {
    const abort = new AbortController()
    const scans = Array.from({ length: 5000 }, () => request.scans[0]!)
    const graded = learner.infer(
      { modelFolder: stored.folder, rescanFrom: 4, scans },
      { signal: abort.signal, onProgress: () => abort.abort() },
    )
    await expect(graded).rejects.toMatchObject({ code: 'cancelled' })
  })

  it('cut off, changed, incomplete or another one is refused', async () => {
    const copy = (name: string): string => {
      cpSync(stored.folder, join(folder, name), { recursive: true })
      return join(folder, name)
    }
    const cut = copy('cut')
    truncateSync(join(cut, 'weights.safetensors'), 1000)
    const changed = copy('changed')
    appendFileSync(join(changed, 'card.json'), ' ')
    const scans = request.scans.slice(0, 1)
    for (const modelFolder of [cut, changed]) {
      const graded = learner.infer({ modelFolder, sha256: stored.sha256, rescanFrom: 4, scans })
      await expect(graded).rejects.toMatchObject({ code: 'model-changed' })
    }
    expect(() => loadModel(join(folder, 'none'))).toThrow(expect.objectContaining({ code: 'model-missing' }))
    // A model whose weights belong to another network: three classes instead of two.
    const { weightsPath, preprocessing } = result
    const foreign = saveModel(join(folder, 'models'), {
      ...description,
      classes: [1, 2, 3],
      preprocessing,
      weightsPath,
      card,
    })
    const graded = learner.infer({ modelFolder: foreign.folder, rescanFrom: 4, scans })
    await expect(graded).rejects.toMatchObject({ code: 'model-foreign' })
    expect(() => saveModel(folder, { ...description, preprocessing, weightsPath: scans[0]!.cachePath, card })).toThrow(
      expect.objectContaining({ code: 'weights-broken' }),
    )
  })
})

describe('soft labels', () => {
  it('teach the shares of the votes', async () => {
    // Scans of one kind: half of the readers said 1, half 5. The best answer is one half each.
    const scans = await stripedScans(folder, ['train', 'train', 'train', 'train', 'validation', 'validation'])
    const divided = scans.map((scan) => ({ ...scan, distribution: [0.5, 0.5] }))
    const { validation } = await learner.train(named('soft', { scans: divided, epochs: 15 }))
    for (const { probabilities } of validation) expect(probabilities[0]).toBeCloseTo(0.5, 1)
  })
})
