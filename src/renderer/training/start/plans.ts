import type { SeriesPlan } from '../../../preload/contract/series.ts'
import type { Recipe } from '../../../preload/contract/training.ts'
import { networkOf, type Parts } from './parts.ts'

export const severals = ['one', 'folds', 'ablation', 'sites', 'networks'] as const
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

/**
 * What the form asks for beyond one run; null for one.
 * @param sites Those that the labelled scans are of.
 */
export function planOf(
  several: Several,
  recipe: Recipe,
  folds: number,
  sites: readonly Recipe['site'][],
): SeriesPlan | null {
  const of = (networks: readonly string[]): Recipe[] => networks.map((network) => ({ ...recipe, network }))
  if (several === 'one') return null
  if (several === 'folds') return { variants: [recipe], folds, inner: 0 }
  if (several === 'ablation') return { variants: of(ablationNetworks), folds: 0, inner: 0 }
  if (several === 'networks') return { variants: of(smallNetworks), folds: 0, inner: 0 }
  return { variants: sites.map((site) => ({ ...recipe, site })), folds: 0, inner: 0 }
}

export const runsOf = (plan: SeriesPlan | null): number => (plan ? plan.variants.length * Math.max(1, plan.folds) : 1)
