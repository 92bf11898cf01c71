import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { ConcordError } from '../domain/error.ts'
import { decodeArrays, encodeArrays } from './safetensors.ts'
import type { NamedArray } from './safetensors.ts'
import type { Augmentation, EpochFigures, TrainRequest } from './types.ts'
import { writeWhole } from './write-file.ts'

type Arrays = Map<string, NamedArray>

/**
 * A run after a whole epoch. Random streams follow from seed and epoch (random.ts), so these arrays and counts are all it
 * takes to go on as if nothing had happened.
 */
export interface Checkpoint {
  /** Steps done: Adam's t. */
  steps: number
  history: EpochFigures[]
  bestEpoch: number
  /** Weights and the optimiser's slots after the last epoch. */
  variables: Arrays
  /** Weights of the best epoch. */
  best: Arrays
}

/** @throws ConcordError `disk-full`, `file-not-written`; the file before it stays. */
export function saveCheckpoint(path: string, recipe: string, checkpoint: Checkpoint): void {
  const { steps, history, bestEpoch, variables, best } = checkpoint
  const arrays: Arrays = new Map()
  for (const [name, array] of variables) arrays.set(`now/${name}`, array)
  for (const [name, array] of best) arrays.set(`best/${name}`, array)
  const state = JSON.stringify({ steps, history, bestEpoch })
  writeWhole(path, encodeArrays(arrays, { format: 'concord-checkpoint-1', recipe, state }))
}

/**
 * @returns null where the run has no checkpoint yet.
 * @throws ConcordError `checkpoint-foreign` where it belongs to another recipe, `checkpoint-broken`.
 */
export function loadCheckpoint(path: string, recipe: string): Checkpoint | null {
  if (!existsSync(path)) return null
  try {
    const { arrays, metadata } = decodeArrays(readFileSync(path), path)
    if (metadata['recipe'] !== recipe) {
      throw new ConcordError('checkpoint-foreign', 'The saved state belongs to another recipe: start the run anew.')
    }
    const part = (prefix: string): Arrays =>
      new Map(
        [...arrays]
          .filter(([name]) => name.startsWith(prefix))
          .map(([name, array]) => [name.slice(prefix.length), array]),
      )
    const state = JSON.parse(metadata['state']!) as Pick<Checkpoint, 'steps' | 'history' | 'bestEpoch'>
    return { ...state, variables: part('now/'), best: part('best/') }
  } catch (error) {
    if (error instanceof ConcordError && error.code === 'checkpoint-foreign') throw error
    throw new ConcordError('checkpoint-broken', 'The saved state of this run cannot be read: start the run anew.')
  }
}

/** Digest of what decides the weights; the number of epochs and the patience may change between sittings. */
export function recipeDigest(request: TrainRequest): string {
  const { network, classes, imageSize, batch, learningRate, seed, imbalance, augmentation } = request
  const scans = request.scans.map(({ scanId, label, distribution = null, fold }) => [scanId, label, distribution, fold])
  const changes = Object.values(augmentation).some(Boolean)
  const recipe = [network, classes, imageSize, batch, learningRate, seed, imbalance === 'class-weights', changes, scans]
  const { optimiser, gradientNoise, loss, pretrained } = request
  const options = {
    optimiser: optimiser === 'adam' ? undefined : optimiser,
    gradientNoise: gradientNoise || undefined,
    loss: loss === 'cross-entropy' ? undefined : loss,
    focalGamma: loss === 'focal' ? request.focalGamma : undefined,
    start: pretrained === undefined ? undefined : createHash('sha256').update(readFileSync(pretrained)).digest('hex'),
    imbalance: imbalance === 'balanced-batches' ? imbalance : undefined,
    augmentation: changes && !isUsual(augmentation) ? augmentation : undefined,
  }
  // Nothing where no option is set, so that checkpoints from before there were options go on.
  const more = JSON.stringify(options) === '{}' ? '' : JSON.stringify(options)
  return createHash('sha256')
    .update(JSON.stringify(recipe) + more)
    .digest('hex')
}

/** The one way of changing slices there was before it could be chosen. */
const isUsual = ({ flips, rotation, noise, intensity }: Augmentation): boolean =>
  flips && rotation === 0 && noise === 0.01 && intensity === 0
