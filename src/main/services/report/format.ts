// Figures as the pages write them (src/renderer/format/statistics.ts): two decimals for kappa and its kin, one for percent.
// A test holds the two together.

export type ReportLanguage = 'en' | 'de'
type Limits = readonly [number, number] | null | undefined

export function decimal(value: number, digits: number, language: string): string {
  const text = new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits })
  const rounded = Number(value.toFixed(digits))
  return text.format(rounded === 0 ? 0 : rounded).replace('-', '−')
}

/** A share 0..1 as percent with one decimal. */
export const percent = (value: number, language: string): string => `${decimal(value * 100, 1, language)}\u00a0%`

export const coefficientInterval = (ci: Limits, language: string, to: string): string | null =>
  ci ? `${decimal(ci[0], 2, language)} ${to} ${decimal(ci[1], 2, language)}` : null

export const percentInterval = (ci: Limits, language: string, to: string): string | null =>
  ci ? `${decimal(ci[0] * 100, 1, language)} ${to} ${percent(ci[1], language)}` : null

/** A probability: "0.031", or "< 0.001". */
export const probability = (p: number | null, language: string): string =>
  p === null ? '–' : p < 0.001 ? `< ${decimal(0.001, 3, language)}` : decimal(p, 3, language)

/** A day such as "21 November 2026". */
export const calendarDay = (iso: string, language: string): string =>
  new Date(iso).toLocaleDateString(language === 'en' ? 'en-GB' : language, { dateStyle: 'long', timeZone: 'UTC' })
