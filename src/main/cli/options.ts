import type { z } from 'zod'
import { ConcordError } from '../domain/error.ts'

/** A whole number from `least` to `most`. Throws `bad-option`. */
export function wholeNumber(option: string, text: string, most: number, least = 0): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= least && value <= most))
    throw new ConcordError('bad-option', `${option} must be a whole number from ${least} to ${most}, not "${text}".`)
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

/**
 * What the window's contract takes of the same request. Throws `bad-option` with the name of the option: by its field in
 * `names`, else the field's own name as an option is written.
 */
export function checked<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  names: Record<string, string> = {},
): z.output<Schema> {
  const found = schema.safeParse(value, { reportInput: true })
  if (found.success) return found.data
  const issue = found.error.issues[0]!
  const field = String(issue.path.findLast((part) => typeof part === 'string') ?? '')
  const option =
    names[String(issue.path[0])] ?? `--${field.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)}`
  throw new ConcordError('bad-option', `${option} ${inWords(issue)}.`)
}

/** What is wrong, in words of the command line. */
function inWords(issue: z.core.$ZodIssue): string {
  const { input } = issue
  if (input === undefined || input === '') return 'is needed'
  if (issue.code === 'invalid_value') return `must be ${issue.values.join(' or ')}, not ${JSON.stringify(input)}`
  if (issue.code === 'invalid_type')
    return `must be ${issue.expected === 'int' ? 'a whole number' : `a ${issue.expected}`}`
  const ofText = typeof input === 'string' ? ' characters' : ''
  if (issue.code === 'too_small') return `must be at least ${issue.minimum}${ofText}`
  if (issue.code === 'too_big') return `must be at most ${issue.maximum}${ofText}`
  return `is not right: ${issue.message}`
}
