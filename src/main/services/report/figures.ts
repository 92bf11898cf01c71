import { coefficientInterval, decimal, percent, percentInterval } from './format.ts'
import type { Page } from './content.ts'
import { reasonIn } from './words.ts'

interface Statistic {
  estimate: number | null
  ci?: readonly [number, number] | null
  reason?: string
}

/** A coefficient, or why it has none. */
export function value({ words, content }: Page, { estimate, reason }: Statistic): string {
  return estimate === null ? reasonIn(words, reason) : decimal(estimate, 2, content.language)
}

export function interval({ words, content }: Page, { estimate, ci }: Statistic): string {
  return (estimate === null ? null : coefficientInterval(ci, content.language, words.to)) ?? '–'
}

/** "0.62 (0.55 to 0.69)". */
export function withInterval(page: Page, statistic: Statistic): string {
  const limits = interval(page, statistic)
  return limits === '–' ? value(page, statistic) : `${value(page, statistic)} (${limits})`
}

export function share({ words, content }: Page, rate: number | null, reason?: string): string {
  return rate === null ? reasonIn(words, reason) : percent(rate, content.language)
}

export function shareInterval({ words, content }: Page, ci: readonly [number, number] | null): string {
  return percentInterval(ci, content.language, words.to) ?? '–'
}
