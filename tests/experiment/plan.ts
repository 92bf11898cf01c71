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
  seed: 'experiment',
} as const

export const recipe: Recipe = {
  ...defaultRecipe,
  ...{ imageSize: 128, epochs: 16, patience: 8, batch: 8, seed: 1, validationShare: 0.2, testShare: 0 },
}

/** What a reader of the page must know of how the recipe came about; empty for a seed that nothing was changed after. */
export const seenBefore = `
After a first run on these same scans, in which the networks with batch normalisation failed (their running averages had not settled when training stopped), the
momentum of these averages and the patience were changed once: the rows of those networks are not quite blind. Another seed in
\`tests/experiment/plan.ts\` gives scans that nobody has looked at.
`

/** Walle 2023 in three recipes, then the thesis's proposal with each part on and off. */
export const variants: { name: string; recipe: Recipe }[] = [
  { name: 'Walle 2023', recipe },
  {
    name: 'Walle 2023, squared EMD on the votes’ shares',
    recipe: { ...recipe, loss: 'squared-emd', softLabels: true, imbalance: 'none' },
  },
  { name: 'Walle 2023, CORAL', recipe: { ...recipe, loss: 'coral', imbalance: 'none' } },
  ...ablation.map((network) => ({ name: network, recipe: { ...recipe, network } })),
]

export const seriesPlan: SeriesPlan = { variants: variants.map((one) => one.recipe), folds: 0, inner: 0 }
