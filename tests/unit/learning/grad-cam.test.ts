import { once } from 'node:events'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomFrom } from '../../../src/main/domain/random.ts'
import { heatOverSlice } from '../../../src/main/learning/grad-cam.ts'
import { LearnerHost } from '../../../src/main/learning/host.ts'
import { saveModel } from '../../../src/main/learning/model-file.ts'
import { quietTensorflow } from '../../../src/main/learning/tensorflow.ts'
import type { TrainScan } from '../../../src/main/learning/types.ts'
import type { GradCamFound } from './grad-cam-worker.ts'
import { cachedScan, smallRequest, temporaryFolder } from './scans.ts'

let found: GradCamFound

beforeAll(async () => {
  quietTensorflow()
  const worker = new Worker(new URL('./grad-cam-worker.ts', import.meta.url))
  ;[found] = (await once(worker, 'message')) as [GradCamFound]
  await worker.terminate()
})

describe('the slopes of a grade’s score by the last maps', () => {
  it.each([
    ['walle2023', 'leaky5', [2, 2]],
    ['cbam', 'spatial5', [4, 4]],
    ['scratch4', 'relu4', [4, 4]],
    ['ordinal', 'leaky5', [2, 2]],
    ['mobilenetv2', 'out_relu', [2, 2]],
  ] as const)('are those of finite differences: %s', (name, layer, cells) => {
    const one = found.slopes[name]
    expect([one.layer, one.cells]).toEqual([layer, cells])
    expect(one.largestSlope).toBeGreaterThan(0)
    expect(one.finite).toBeLessThan(2e-3 * Math.max(one.largestSlope, 0.01))
  })
  it.each(['walle2023', 'cbam', 'scratch4', 'ordinal', 'mobilenetv2'] as const)(
    'are the same as a recorded graph, and leave no tensor behind: %s',
    (name) => {
      const { graph, left, sum, heat } = found.slopes[name]
      expect(graph).toBeLessThan(1e-5)
      expect(left).toBe(0)
      expect(sum).toBeCloseTo(1, 5)
      expect(heat.every((value) => value >= 0)).toBe(true)
    },
  )
})

describe('a network of the library’s own layers alone', () => {
  it.each([
    ...['walle2023', 'ordinal', 'cbam', 'cbam-elu-no-bn', 'scratch4', 'mobilenetv2', 'googlenet', 'inceptionv3'],
    ...['resnet50', 'average'],
  ] as (keyof GradCamFound['portable'])[])('says the same: %s', (name) => {
    expect(found.portable[name]).toBeLessThan(1e-5)
  })
})

describe('a map over the slice', () => {
  it('lies where the slice lies in the square', () => {
    // One warm cell in the middle row of a 4 x 4 map; a slice twice as wide as high fills the middle half of the square.
    const map = new Float32Array(16)
    map[4] = 2
    const { width, height, values } = heatOverSlice(map, [4, 4], { width: 200, height: 100 }, 8)
    expect([width, height]).toEqual([8, 4])
    const warmest = values.indexOf(Math.max(...values))
    expect([warmest % 8, Math.floor(warmest / 8)]).toEqual([0, 0])
    expect(values[0]).toBeGreaterThan(0.5)
    expect(values[3 * 8 + 7]).toBe(0)
  })
  it('keeps the places of a square slice, and is 0 where nothing is warm', () => {
    const map = new Float32Array(4).fill(0)
    map[3] = 5
    expect(heatOverSlice(map, [2, 2], { width: 10, height: 10 }, 2).values).toEqual([0, 0, 0, 1])
    expect(heatOverSlice(new Float32Array(4), [2, 2], { width: 3, height: 9 }, 3).values.every((v) => v === 0)).toBe(
      true,
    )
  })
})

describe('where a trained network looks', () => {
  const learner = new LearnerHost()
  const folder = temporaryFolder()
  const edge = 96
  afterAll(() => learner.end())

  /**
   * Noise between a white and a black block, which give every slice the same range; with `at` a patch of stripes of a quarter
   * of the edge whose corner is there.
   */
  function planted(at: [number, number] | null, seed: number): Int16Array {
    const random = randomFrom(`planted ${seed}`)
    return Int16Array.from({ length: edge * edge * 8 }, (_, index) => {
      const [x, y] = [index % edge, Math.floor(index / edge) % edge]
      const inside = at !== null && x >= at[0] && x < at[0] + 24 && y >= at[1] && y < at[1] + 24
      const block = x < 8 && y < 8 ? 1500 : x >= edge - 8 && y >= edge - 8 ? -1500 : 0
      return 100 * random.normal() + block + (inside ? 1300 * Math.cos(0.8 * x) : 0)
    })
  }

  it('is the planted feature, wherever it lies', async () => {
    const random = randomFrom('places')
    const scans: TrainScan[] = []
    const places: ([number, number] | null)[] = []
    for (let index = 0; index < 28; index++) {
      const at: [number, number] | null = index % 2 ? [8 + random.integer(56), 8 + random.integer(56)] : null
      places.push(at)
      const cachePath = await cachedScan(folder, planted(at, index), [edge, edge, 8])
      const fold = index < 20 ? 'train' : index < 24 ? 'validation' : 'test'
      scans.push({ scanId: `s${index}`, cachePath, label: index % 2, fold })
    }
    const request = await smallRequest(folder, {
      imageSize: edge,
      epochs: 12,
      scans,
      checkpointFolder: join(folder, 'p'),
    })
    const { weightsPath, preprocessing, test } = await learner.train(request)
    expect(test.map(({ grade }) => grade)).toEqual([1, 5, 1, 5])
    const model = saveModel(join(folder, 'models'), {
      ...{ network: 'walle2023', classes: [1, 5], preprocessing, weightsPath, card: {} },
    })
    for (const index of [25, 27]) {
      const { width, height, values, grade, probabilities, layer } = await learner.heat({
        ...{ modelFolder: model.folder, sha256: model.sha256, cachePath: scans[index]!.cachePath, slice: 3, grade: 5 },
      })
      expect({ grade, layer, width, height }).toEqual({ grade: 5, layer: 'leaky5', width: 96, height: 96 })
      expect(probabilities[1]).toBeGreaterThan(0.5)
      // Cells of 16 pixels, between which the heat is linear: half a cell of it lies beside the patch.
      const within = (i: number, room: number): boolean =>
        [i % width, Math.floor(i / width)].every((v, axis) => {
          const from = places[index]![axis]!
          return v >= from - room && v < from + 24 + room
        })
      const mean = (inside: boolean): number => {
        const some = values.filter((_, i) => within(i, 0) === inside)
        return some.reduce((a, b) => a + b) / some.length
      }
      expect(within(values.indexOf(Math.max(...values)), 8)).toBe(true)
      expect(mean(true) / mean(false)).toBeGreaterThan(3)
    }
    // The slice's own grade where none is asked; a slice or a grade that is not there is refused.
    const ask = (changes: object) =>
      learner.heat({
        ...{ modelFolder: model.folder, sha256: model.sha256, cachePath: scans[26]!.cachePath, slice: 0, grade: null },
        ...changes,
      })
    expect((await ask({})).grade).toBe(1)
    await expect(ask({ slice: 8 })).rejects.toMatchObject({ code: 'slice-unknown' })
    await expect(ask({ grade: 3 })).rejects.toMatchObject({ code: 'grade-unknown' })
  })
})
