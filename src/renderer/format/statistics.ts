import { numberFormat } from './intl.ts'

// The one place where statistics become text. Two decimals for kappa and its kin, one for percent; undefined is said in words.

/** Minus as people write it, and the decimal mark of the language. */
export function decimal(value: number, digits: number, language: string): string {
  const text = numberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits })
  const rounded = Number(value.toFixed(digits))
  return text.format(rounded === 0 ? 0 : rounded).replace('-', '−')
}

/** A coefficient such as kappa or alpha: two decimals. Null stays null; the page says why in words. */
export function coefficient(value: number | null, language: string): string | null {
  return value === null || !Number.isFinite(value) ? null : decimal(value, 2, language)
}

/** A share 0..1 as percent with one decimal. */
export function percent(value: number | null, language: string): string | null {
  return value === null || !Number.isFinite(value) ? null : `${decimal(value * 100, 1, language)}\u00a0%`
}

/** A probability as "0.031" or "< 0.001". */
export function probability(p: number | null, language: string): string | null {
  if (p === null || !Number.isFinite(p)) return null
  return p < 0.001 ? `< ${decimal(0.001, 3, language)}` : decimal(p, 3, language)
}

type Limits = readonly [number, number] | null | undefined

/** An interval of a coefficient: "0.41 to 0.63" in the language's own joining word. */
export function coefficientInterval(ci: Limits, language: string, to: string): string | null {
  return ci ? `${decimal(ci[0], 2, language)} ${to} ${decimal(ci[1], 2, language)}` : null
}

/** An interval of a share, in percent. */
export function percentInterval(ci: Limits, language: string, to: string): string | null {
  return ci ? `${decimal(ci[0] * 100, 1, language)} ${to} ${percent(ci[1], language)}` : null
}

/**
 * The word of Landis and Koch (1977, Biometrics 33, p. 165) for a kappa, as a key of the language files; null where the
 * coefficient is undefined. Their bounds are inclusive above: 0.20 is slight, 0.21 fair; what lies between goes up.
 */
export function landisKoch(
  kappa: number | null,
): 'poor' | 'slight' | 'fair' | 'moderate' | 'substantial' | 'almostPerfect' | null {
  if (kappa === null || !Number.isFinite(kappa)) return null
  if (kappa < 0) return 'poor'
  if (kappa <= 0.2) return 'slight'
  if (kappa <= 0.4) return 'fair'
  if (kappa <= 0.6) return 'moderate'
  if (kappa <= 0.8) return 'substantial'
  return 'almostPerfect'
}
