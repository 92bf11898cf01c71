import { ConcordError } from '../domain/error.ts'

/** A whole number from 0 to `most`. Throws `bad-option`. */
export function wholeNumber(option: string, text: string, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (!(value <= most))
    throw new ConcordError('bad-option', `${option} must be a whole number up to ${most}, not "${text}".`)
  return value
}

/** An option that must be there. Throws `bad-option`. */
export function required(value: string | undefined, option: string): string {
  if (!value) throw new ConcordError('bad-option', `${option} is needed.`)
  return value
}

/** One of the known values, the first where nothing is said. Throws `bad-option`. */
export function oneOf<const T extends string>(
  value: string | undefined,
  option: string,
  known: readonly [T, ...T[]],
): T {
  const found = value === undefined ? known[0] : known.find((one) => one === value)
  if (found !== undefined) return found
  throw new ConcordError('bad-option', `${option} is ${known.join(' or ')}, not "${value}".`)
}
