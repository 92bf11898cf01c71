import { basename } from 'node:path'
import { defaultRecipe, type Recipe } from '../../../preload/contract/training.ts'
import type { TrainRequest } from '../../learning/types.ts'

/** What recipes were before slices could be varied in more than one way. */
interface Former {
  classWeights?: boolean
  augment?: boolean
}

const unvaried: Recipe['augmentation'] = { flips: false, rotation: 0, noise: 0, intensity: 0 }

/** A run's recipe as it was stored, by this version or an earlier one. */
export function storedRecipe(text: string): Recipe {
  const { classWeights, augment, ...rest } = JSON.parse(text) as Partial<Recipe> & Former
  return {
    ...defaultRecipe,
    ...(classWeights === undefined ? {} : { imbalance: classWeights ? ('class-weights' as const) : ('none' as const) }),
    ...(augment === undefined ? {} : { augmentation: augment ? defaultRecipe.augmentation : unvaried }),
    ...rest,
  }
}

/** The part of a recipe that the learner takes as it is. */
export function learnerRecipe(recipe: Recipe) {
  const { network, imageSize, epochs, batch, learningRate, seed, patience } = recipe
  const { optimiser, gradientNoise, loss, focalGamma, imbalance, augmentation, pretrained } = recipe
  return {
    ...{ network, imageSize, epochs, batch, learningRate, seed, patience },
    ...{ optimiser, gradientNoise, loss, focalGamma, imbalance, augmentation },
    ...(pretrained === null ? {} : { pretrained }),
  } satisfies Partial<TrainRequest>
}

/** A recipe that may leave this machine: of a file's path its name alone, since a path may name a person. */
export function withoutPaths(recipe: Recipe): Recipe {
  return { ...recipe, pretrained: recipe.pretrained === null ? null : basename(recipe.pretrained) }
}
