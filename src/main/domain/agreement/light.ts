import { reasons } from './outcome.ts'

export type LightKappa = { estimate: number | null; pairs: number; pairsDefined: number; reason?: string }

/**
 * Light's kappa: the mean of Cohen's kappa over the pairs of raters (R. Light, Psychological Bulletin 76, 365-377,
 * 1971). A pair whose kappa is undefined is left out, and counted.
 */
export function lightKappa(kappas: readonly (number | null)[]): LightKappa {
  const defined = kappas.filter((kappa) => kappa !== null)
  const counts = { pairs: kappas.length, pairsDefined: defined.length }
  if (kappas.length === 0) return { estimate: null, ...counts, reason: reasons.oneRater }
  if (defined.length === 0)
    return { estimate: null, ...counts, reason: 'cannot be computed: no pair of readers has a defined kappa' }
  return { estimate: defined.reduce((sum, kappa) => sum + kappa, 0) / defined.length, ...counts }
}
