import { parseArgs, type ParseArgsConfig } from 'node:util'
import { ConcordError, messageOf } from '../domain/error.ts'

/** An option that is followed by what it is; one that stands alone. */
export const text = { type: 'string' } as const
export const flag = { type: 'boolean' } as const

/** Of every command that opens the program's data: where it lies, and who asks. */
export const dataOptions = { data: text, as: text, 'password-file': text } as const

type Options = NonNullable<ParseArgsConfig['options']>

/** The options of a command, and the words that stand between them. Throws `bad-option` for one it does not know, or without its value. */
export function parse<const Known extends Options>(args: string[], options: Known) {
  try {
    return parseArgs({ args: withNumbers(args, options), allowPositionals: true, options })
  } catch (error) {
    throw new ConcordError('bad-option', inWords(error))
  }
}

/** What is given of the options. */
export type OptionValues<Known extends Options> = ReturnType<typeof parse<Known>>['values']

/** A number below zero after an option is its value, and no option of its own. */
function withNumbers(args: string[], options: Options): string[] {
  const joined: string[] = []
  for (const arg of args) {
    const before = joined.at(-1)
    const takes = before?.startsWith('--') === true && options[before.slice(2)]?.type === 'string'
    if (takes && /^-\d/.test(arg)) joined[joined.length - 1] = `${before}=${arg}`
    else joined.push(arg)
  }
  return joined
}

/** What parseArgs of node:util says at length, by the codes of its errors. */
function inWords(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException
  const option = /'(?:-\w, )?(--?[^\s'=]+)/.exec(messageOf(error))?.[1] ?? 'An option'
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return `There is no option ${option} here; --help lists the options.`
  const takesNone = messageOf(error).includes('does not take')
  return takesNone ? `${option} takes no value.` : `${option} needs a value.`
}

/** For a word that is none of a command's steps. */
export function unknownStep(command: string, step: string | undefined): ConcordError {
  const what =
    step === undefined ? `Say what "concord ${command}" is to do` : `There is no "concord ${command} ${step}"`
  return new ConcordError('usage', `${what}; "concord ${command} --help" lists what there is.`)
}
