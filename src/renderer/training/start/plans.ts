import type { SeriesPlan } from '../../../preload/contract/series.ts'
import type { Recipe } from '../../../preload/contract/training.ts'
import { networkOf, type Parts } from './parts.ts'

export const severals = ['one', 'folds', 'nested', 'ablation', 'sites', 'networks'] as const
export type Several = (typeof severals)[number]

const all: Parts = { batchNorm: true, elu: false, channelAttention: true, spatialAttention: true }
const plain: Parts = { ...all, channelAttention: false, spatialAttention: false }

/** The rows of the ablation table: the proposal, then with one part changed or switched off (networks/cbam.ts, `ablation`). */
export const ablationNetworks: readonly string[] = [
  all,
  { ...all, elu: true, batchNorm: false },
  { ...all, batchNorm: false },
  { ...all, elu: true },
  { ...all, channelAttention: false },
  { ...all, spatialAttention: false },
  plain,
  { ...plain, batchNorm: false },
].map(networkOf)

/** Those that train in minutes on two cores. */
const smallNetworks = ['walle2023', 'cbam', 'scratch4'] as const

/** What a nested cross-validation may choose inside each fold. */
export const choices = ['networks', 'parts', 'losses', 'rates'] as const
export type Choice = (typeof choices)[number]

/** Folds of a cross-validation; of a nested one also those inside each fold, and what is chosen there. */
export interface Folding {
  folds: number
  inner: number
  choice: Choice
}
export const usualFolding: Folding = { folds: 5, inner: 3, choice: 'networks' }

const within = (value: number, most: number): boolean => Number.isInteger(value) && value >= 2 && value <= most
/** As the contract has it (series.ts). */
export const foldingIsRight = ({ folds, inner }: Folding): boolean => within(folds, 20) && within(inner, 10)

/** Recipes of one seed, site and split that differ in one thing. */
function variantsOf(choice: Choice, recipe: Recipe): Recipe[] {
  if (choice === 'networks') return smallNetworks.map((network) => ({ ...recipe, network }))
  if (choice === 'parts') return ablationNetworks.map((network) => ({ ...recipe, network }))
  if (choice === 'losses')
    return (['cross-entropy', 'squared-emd', 'coral'] as const).map((loss) => ({ ...recipe, loss }))
  return [1e-3, 3e-4, 1e-4].map((learningRate) => ({ ...recipe, learningRate }))
}

/**
 * What the form asks for beyond one run; null for one.
 * @param sites Those that the labelled scans are of.
 */
export function planOf(
  several: Several,
  recipe: Recipe,
  { folds, inner, choice }: Folding,
  sites: readonly Recipe['site'][],
): SeriesPlan | null {
  if (several === 'one') return null
  if (several === 'folds') return { variants: [recipe], folds, inner: 0 }
  if (several === 'nested') return { variants: variantsOf(choice, recipe), folds, inner }
  if (several === 'ablation') return { variants: variantsOf('parts', recipe), folds: 0, inner: 0 }
  if (several === 'networks') return { variants: variantsOf('networks', recipe), folds: 0, inner: 0 }
  return { variants: sites.map((site) => ({ ...recipe, site })), folds: 0, inner: 0 }
}

/** As the series counts them: a nested choice tries every recipe on the inner folds, then trains the chosen one. */
export function runsOf(plan: SeriesPlan | null): number {
  if (!plan) return 1
  const { variants, folds, inner } = plan
  return inner > 0 ? folds * (variants.length * inner + 1) : variants.length * Math.max(1, folds)
}
