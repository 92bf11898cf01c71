import type { Recipe } from '../../../preload/contract/training.ts'

type Name =
  | ('imageSize' | 'epochs' | 'batch' | 'patience' | 'seed' | 'validationShare' | 'testShare')
  | ('learningRate' | 'gradientNoise' | 'focalGamma')

export interface RecipeField {
  name: Name
  min: number
  max: number
  whole: boolean
  test: string
}

/** The numbers of a recipe that are always seen, with the limits of the contract, in the order of the page. */
export const mainFields: readonly RecipeField[] = [
  { name: 'imageSize', min: 32, max: 1024, whole: true, test: 'training-image-size' },
  { name: 'epochs', min: 1, max: 1000, whole: true, test: 'training-epochs' },
  { name: 'batch', min: 1, max: 64, whole: true, test: 'training-batch' },
  { name: 'patience', min: 0, max: 1000, whole: true, test: 'training-patience' },
  { name: 'seed', min: 0, max: 2147483647, whole: true, test: 'training-seed' },
]

/** Those that are folded away. */
export const furtherFields: readonly RecipeField[] = [
  { name: 'learningRate', min: 0.000001, max: 1, whole: false, test: 'training-learning-rate' },
  { name: 'gradientNoise', min: 0, max: 100, whole: false, test: 'training-gradient-noise' },
  { name: 'focalGamma', min: 1, max: 10, whole: false, test: 'training-focal-gamma' },
]

export const shareFields: readonly RecipeField[] = [
  { name: 'validationShare', min: 0.05, max: 0.5, whole: false, test: 'training-validation-share' },
  { name: 'testShare', min: 0, max: 0.5, whole: false, test: 'training-test-share' },
]

export const recipeFields: readonly RecipeField[] = [...mainFields, ...furtherFields, ...shareFields]

/** How far training slices may be varied. */
export const augmentationFields = [
  { name: 'rotation', max: 180 },
  { name: 'noise', max: 0.2 },
  { name: 'intensity', max: 0.5 },
] as const

/** Whether every number lies within its limits and something is left to train on. */
export function recipeIsRight(recipe: Recipe): boolean {
  const within = recipeFields.every(({ name, min, max, whole }) => {
    const value = recipe[name]
    return value >= min && value <= max && (!whole || Number.isInteger(value))
  })
  const varied = augmentationFields.every(({ name, max }) => {
    const value = recipe.augmentation[name]
    return value >= 0 && value <= max
  })
  const dated = recipe.holdOut.by !== 'date' || /^\d{4}-\d\d-\d\d$/.test(recipe.holdOut.from)
  return within && varied && dated && recipe.network !== '' && leavesSome(recipe)
}

/** Whether validation and test leave scans to learn from; only a draw of patients has a share to test. */
export const leavesSome = ({ holdOut, validationShare, testShare }: Recipe): boolean =>
  validationShare + (holdOut.by === 'patients' ? testShare : 0) < 1

/** About how many scans each part gets; the split itself is by patient, so a few scans may move. */
export function aboutSplit(labels: number, recipe: Recipe): { train: number; validation: number; test: number } {
  const validation = Math.round(labels * recipe.validationShare)
  const test = Math.round(labels * recipe.testShare)
  return { train: Math.max(0, labels - validation - test), validation, test }
}
