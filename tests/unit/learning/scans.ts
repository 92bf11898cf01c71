import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomFrom } from '../../../src/main/domain/random.ts'
import { writeCache } from '../../../src/main/imaging/cache.ts'
import { sha256OfValues, statisticsOf } from '../../../src/main/imaging/statistics.ts'
import { identityDirection } from '../../../src/main/imaging/volume.ts'
import type { Volume, Voxels } from '../../../src/main/imaging/volume.ts'
import type { Fold, TrainRequest, TrainScan } from '../../../src/main/learning/types.ts'

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'concord-learning-'))

/** Writes voxels as a cached scan and returns its path. */
export async function cachedScan(folder: string, voxels: Voxels, dims: [number, number, number]): Promise<string> {
  const volume: Volume = {
    format: 'isq',
    dims,
    components: 1,
    spacing: [0.1, 0.1, 0.1],
    origin: [0, 0, 0],
    direction: identityDirection(),
    oriented: false,
    pixelType: 'int16',
    unit: 'raw',
    slope: 1,
    intercept: 0,
    warnings: [],
    meta: { patientKey: '' },
    voxels,
  }
  const { cachePath } = await writeCache(folder, volume, statisticsOf(volume), sha256OfValues(volume))
  return cachePath
}

/** A disc under stripes whose strength is the label: 32 x 32 x 8, told apart by texture alone. */
function stripedDisc(label: number, seed: number): Int16Array {
  const random = randomFrom(`disc ${seed}`)
  const phase = random.uniform() * 6
  return Int16Array.from({ length: 32 * 32 * 8 }, (_, index) => {
    const [x, y] = [(index % 32) - 15.5, (Math.floor(index / 32) % 32) - 15.5]
    const disc = Math.hypot(x, y) < 11 ? 1000 : 0
    return disc + 350 * label * Math.sin(1.6 * x + phase) + 40 * random.normal()
  })
}

/** Scans of two grades, alternating, with folds as given by position. */
export async function stripedScans(folder: string, folds: Fold[]): Promise<TrainScan[]> {
  const scans: TrainScan[] = []
  for (const [index, fold] of folds.entries()) {
    const label = index % 2
    const cachePath = await cachedScan(folder, stripedDisc(label, index), [32, 32, 8])
    scans.push({ scanId: `scan-${index}`, cachePath, label, fold })
  }
  return scans
}

/** A small run: 12 training scans, 4 to validate, 4 to test. */
export async function smallRequest(folder: string, changes: Partial<TrainRequest> = {}): Promise<TrainRequest> {
  const folds = Array.from({ length: 20 }, (_, index): Fold =>
    index < 12 ? 'train' : index < 16 ? 'validation' : 'test',
  )
  return {
    runId: 'run',
    network: 'walle2023',
    classes: [1, 5],
    rescanFrom: 4,
    imageSize: 32,
    epochs: 3,
    batch: 10,
    learningRate: 3e-3,
    seed: 7,
    patience: 0,
    imbalance: 'class-weights',
    augmentation: { flips: true, rotation: 0, noise: 0.01, intensity: 0 },
    scans: await stripedScans(folder, folds),
    checkpointFolder: join(folder, 'run'),
    resume: false,
    ...changes,
  }
}
