import { parseArgs, type ParseArgsConfig } from 'node:util'
import { messageOf } from '../domain/error.ts'
import type { CommandIo } from './io.ts'

/** An option that is followed by what it is; one that stands alone. */
export const text = { type: 'string' } as const
export const flag = { type: 'boolean' } as const

/** Of every command that opens the program's data: where it lies, and who asks. */
export const dataOptions = { data: text, as: text } as const

type Options = NonNullable<ParseArgsConfig['options']>

/** The options of a command, and the words that stand between them. An unknown option throws what run.ts tells by its code. */
export const parse = <const Known extends Options>(args: string[], options: Known) =>
  parseArgs({ args, allowPositionals: true, options })

/** What is given of the options. */
export type OptionValues<Known extends Options> = ReturnType<typeof parse<Known>>['values']

/** What `read` makes of the arguments; null, and why with the usage on stderr, where it makes nothing of them. */
export function readOr<Read>(
  read: (args: string[]) => Read,
  args: string[],
  usage: string,
  io: CommandIo,
): Read | null {
  try {
    return read(args)
  } catch (error) {
    io.err(`${messageOf(error)} Usage: ${usage}`)
    return null
  }
}
