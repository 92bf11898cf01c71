import { ConcordError } from '../domain/error.ts'
import { commandDecoder } from '../app/command-decoder.ts'
import { inspectPaths, type InspectRequest } from '../imaging/inspect.ts'
import type { Triple } from '../imaging/volume.ts'
import { parse, text } from './arguments.ts'

const USAGE = 'concord inspect PATH… [--at x,y,z]… [--digest] [--out DIR]'

/**
 * `concord inspect`: one JSON line a volume on `out`, notes on `err`. Gives the exit code: 0 where a path was read, 2
 * where none was or the arguments are wrong.
 */
export async function inspectCommand(
  args: string[],
  io: { out: (line: string) => void; err: (line: string) => void },
): Promise<number> {
  let paths: string[]
  let request: InspectRequest
  try {
    ;({ paths, request } = optionsOf(args))
  } catch (error) {
    io.err(error instanceof ConcordError ? error.message : `${(error as Error).message} Usage: ${USAGE}`)
    return 2
  }
  const host = await commandDecoder()
  let read = 0
  try {
    for await (const line of inspectPaths(host, paths, request, io.err)) {
      io.out(JSON.stringify(line))
      if (line.kind === 'image') read++
      else io.err(`${line.path}: ${line.message}`)
    }
  } catch (error) {
    if (!(error instanceof ConcordError)) throw error
    io.err(error.message)
    return 2
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
  if (positionals.length === 0) throw new ConcordError('arguments', `Name a file or folder. Usage: ${USAGE}`)
  const at = (values.at ?? []).map((text): Triple => {
    const numbers = text.split(',').map(Number)
    if (numbers.length !== 3 || text.trim() === '' || !numbers.every(Number.isInteger)) {
      throw new ConcordError('arguments', `--at takes three whole numbers x,y,z, not "${text}".`, 'at')
    }
    return numbers as Triple
  })
  return { paths: positionals, request: { at, digest: values.digest, out: values.out ?? null } }
}
