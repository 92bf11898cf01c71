// Making a formatter takes a hundred times as long as using one, and pages of thousands of figures use a handful of kinds.
const numbers = new Map<string, Intl.NumberFormat>()
const days = new Map<string, Intl.DateTimeFormat>()

/** A number formatter of the language, made once. */
export function numberFormat(language: string, options: Intl.NumberFormatOptions = {}): Intl.NumberFormat {
  return kept(numbers, language, options, () => new Intl.NumberFormat(language, options))
}

/** A count as the language writes it: 12,345. */
export const countText = (count: number, language: string): string => numberFormat(language).format(count)

/** A formatter of moments and days, made once, in the time zone of this workstation. */
export function dateFormat(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return kept(days, language, options, () => new Intl.DateTimeFormat(language, options))
}

function kept<T>(made: Map<string, T>, language: string, options: object, make: () => T): T {
  const key = `${language} ${JSON.stringify(options)}`
  const formatter = made.get(key) ?? make()
  made.set(key, formatter)
  return formatter
}
