/**
 * What a training run starts from unless the trainer says otherwise: Adam's own step size (thesis, eq. 3.6), an 80/20
 * split of the patients that training may see, and a held-out fifth that it never sees.
 */
export const defaultRecipe = {
  network: 'walle2023',
  imageSize: 128,
  epochs: 40,
  batch: 16,
  learningRate: 0.001,
  patience: 12,
  seed: 1,
  validationShare: 0.2,
  testShare: 0.2,
  classWeights: true,
  augment: true,
} as const
