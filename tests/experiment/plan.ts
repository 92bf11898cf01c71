import { join } from 'node:path'
import { defaultRecipe, type Recipe } from '../../src/preload/contract/training.ts'
import type { SeriesPlan } from '../../src/preload/contract/series.ts'
import { ablation } from '../../src/main/learning/networks/cbam.ts'

/** What two cores do in well under an hour. Scans two a patient; those for the readers come first. */
export const scans = {
  forReaders: 120,
  forTesting: 100,
  size: 128,
  slices: 8,
  site: 'both',
  grades: 'balanced',
  seed: 'second',
} as const

export const recipe: Recipe = {
  ...defaultRecipe,
  ...{ imageSize: 128, epochs: 16, patience: 8, batch: 8, seed: 1, validationShare: 0.2, testShare: 0 },
}

/**
 * What the file to start from is learned on: simulated radiographs of heels, which share nothing with the scans but that they are
 * bone. No published weights can be had where this was made. Small pictures, so that a large network is affordable.
 */
export const heels = {
  network: 'googlenet',
  seed: 'heels to start from',
  pairs: 60,
  edge: 64,
  epochs: 12,
  batch: 16,
  learningRate: 0.001,
} as const

/** The file that heels.ts writes and the last variant starts from. */
export const weightsPath = join(import.meta.dirname, '../../out/experiment/googlenet-heels.safetensors')

const large: Recipe = { ...recipe, network: heels.network, imageSize: heels.edge }

/** Walle 2023 in three recipes, then the thesis's proposal with each part on and off, then a large network twice. */
export const variants: { name: string; recipe: Recipe }[] = [
  { name: 'Walle 2023', recipe },
  {
    name: 'Walle 2023, squared EMD on the votes’ shares',
    recipe: { ...recipe, loss: 'squared-emd', softLabels: true, imbalance: 'none' },
  },
  { name: 'Walle 2023, CORAL', recipe: { ...recipe, loss: 'coral', imbalance: 'none' } },
  ...ablation.map((network) => ({ name: network, recipe: { ...recipe, network } })),
  { name: 'GoogLeNet, from random weights', recipe: large },
  { name: 'GoogLeNet, from the weights of heels', recipe: { ...large, pretrained: weightsPath } },
]

export const seriesPlan: SeriesPlan = { variants: variants.map((one) => one.recipe), folds: 0, inner: 0 }
