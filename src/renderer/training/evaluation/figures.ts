import type { Figure, Pair } from '../../../preload/contract/models.ts'
import type { Scale } from '../../../preload/contract/common.ts'
import { decimal, percent } from '../../format/statistics.ts'

export type Target = Figure['target']

/** Figures that are shares and are written in percent. */
const shares = new Set(['accuracy', 'sensitivity', 'specificity', 'precision'])

/** A figure as people read it. */
export const figureText = (name: string, value: number, language: string): string =>
  shares.has(name) ? (percent(value, language) ?? '') : decimal(value, 2, language)

/** The limits of its interval, beside the figure: of a share without the sign of percent, which the figure has. */
export const limitsText = (name: string, ci: readonly [number, number], language: string, to: string): string =>
  ci
    .map((limit) => (shares.has(name) ? decimal(limit * 100, 1, language) : decimal(limit, 2, language)))
    .join(` ${to} `)

/** A difference with its sign, without its unit: shares in percentage points, the others as they are. */
export function differenceText(name: string, value: number, language: string): string {
  const sign = value > 0 ? '+' : ''
  return `${sign}${shares.has(name) ? decimal(value * 100, 1, language) : decimal(value, 2, language)}`
}

/** Whether a difference of the figure is one of percentage points. */
export const inPoints = (name: string): boolean => shares.has(name)

/** What can be looked at, as text values of a list of choices. */
export const targetsOf = (scale: Scale): Target[] => [
  'all',
  ...(scale.rescanFrom === null ? [] : (['cut'] as const)),
  ...scale.grades.map(({ value }) => value),
]
export const targetOf = (key: string): Target => (key === 'all' || key === 'cut' ? key : Number(key))

/**
 * Rows of a chart with one axis of 0 to 1: the mean distance in grades has an axis of its own and stands in the table
 * alone, unless it is all there is.
 */
export const drawn = ({ name }: Figure): boolean => name !== 'meanAbsoluteError'

export interface Verdict {
  /** `better` and `worse` where the interval leaves 0 out; `plain` where there is no interval. */
  kind: 'better' | 'worse' | 'open' | 'plain'
  /** Second less first, as a share of the scans. */
  difference: number
  low: number | null
  high: number | null
  p: number | null
}

/**
 * Whether the second model of a pair is better than the first on the test scans of both: about the re-scan where the scale has a cut, else
 * about the grade.
 */
export function verdictOf({ rescan, grade, differences }: NonNullable<Pair['comparison']>): Verdict {
  const target = rescan ? 'cut' : 'all'
  const found = differences.find((one) => one.name === 'accuracy' && one.target === target)!
  const difference = found.difference ?? 0
  const { p } = rescan ?? grade
  if (!found.ci) return { kind: 'plain', difference, low: null, high: null, p }
  const [low, high] = found.ci
  return { kind: low > 0 ? 'better' : high < 0 ? 'worse' : 'open', difference, low, high, p }
}
