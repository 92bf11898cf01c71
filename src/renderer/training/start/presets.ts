import { defaultRecipe, type Recipe } from '../../../preload/contract/training.ts'

export const presetNames = ['walle2023', 'thesis2023', 'paper2021'] as const
export type PresetName = (typeof presetNames)[number]

const { seed: _seed, holdOut: _holdOut, site: _site, validationShare: _v, testShare: _t, ...usual } = defaultRecipe

/**
 * Recipes of the papers. What a text leaves open is as in the usual recipe.
 * - Walle 2023: 512 x 512 slices; the rest as usual here.
 * - Thesis 2023: Adam with noise on the gradients (its ref. 10), ReLU with batch normalisation (its ref. 15), CBAM, early stopping,
 *   rotation and slight Gaussian noise.
 * - 2021: SGDM, 0.0001, mini batch 5, 20 epochs, quarter turns, contrast and brightness by up to 30 % (sections 2.2, 3).
 */
const presets: Record<PresetName, Partial<Recipe>> = {
  walle2023: { network: 'walle2023', imageSize: 512 },
  thesis2023: {
    network: 'cbam',
    imageSize: 512,
    gradientNoise: 0.01,
    augmentation: { flips: true, rotation: 15, noise: 0.01, intensity: 0 },
  },
  paper2021: {
    network: 'resnet50',
    imageSize: 224,
    optimiser: 'sgdm',
    learningRate: 0.0001,
    batch: 5,
    epochs: 20,
    patience: 0,
    imbalance: 'none',
    augmentation: { flips: true, rotation: 0, noise: 0, intensity: 0.3 },
  },
}

/** The recipe with all that a preset says; seed, split and site stay as they are. */
export function withPreset(recipe: Recipe, name: PresetName): Recipe {
  const preset = { ...structuredClone(usual), ...structuredClone(presets[name]) }
  return { ...recipe, ...preset }
}

/** The preset that a recipe still is; null once something was changed. */
export function presetOf(recipe: Recipe): PresetName | null {
  return (
    presetNames.find((name) => JSON.stringify(sorted(withPreset(recipe, name))) === JSON.stringify(sorted(recipe))) ??
    null
  )
}

const sorted = (recipe: Recipe): [string, unknown][] => Object.entries(recipe).sort(([a], [b]) => (a < b ? -1 : 1))
