import { ConcordError } from '../domain/error.ts'
import { commandDecoder } from '../app/command-decoder.ts'
import { inspectPaths, type InspectRequest } from '../imaging/inspect.ts'
import type { Triple } from '../imaging/volume.ts'
import { parse, text } from './arguments.ts'
import type { CommandIo } from './io.ts'

export const usage = 'inspect PATH… [--at x,y,z]… [--digest] [--out DIR]'

/**
 * `concord inspect`: one JSON line a volume on `out`, notes on `err`. Gives the exit code: 0 where a path was read, 2
 * where none was or the arguments are wrong.
 */
export async function inspectCommand(args: string[], io: CommandIo): Promise<number> {
  const { paths, request } = optionsOf(args)
  const host = await commandDecoder()
  let read = 0
  try {
    for await (const line of inspectPaths(host, paths, request, io.err)) {
      io.out(JSON.stringify(line))
      if (line.kind === 'image') read++
      else io.err(`${line.path}: ${line.message}`)
    }
  } finally {
    await host.close()
  }
  return read > 0 ? 0 : 2
}

function optionsOf(args: string[]): { paths: string[]; request: InspectRequest } {
  const { values, positionals } = parse(args, {
    at: { type: 'string', multiple: true },
    digest: { type: 'boolean', default: false },
    out: text,
  })
  if (positionals.length === 0) throw new ConcordError('no-file', 'Name a file or a folder.')
  const at = (values.at ?? []).map((text): Triple => {
    const numbers = text.split(',').map(Number)
    if (numbers.length !== 3 || text.trim() === '' || !numbers.every(Number.isInteger)) {
      throw new ConcordError('bad-option', `--at takes three whole numbers x,y,z, not "${text}".`)
    }
    return numbers as Triple
  })
  return { paths: positionals, request: { at, digest: values.digest, out: values.out ?? null } }
}
