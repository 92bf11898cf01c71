import { createReadStream } from 'node:fs'
import { parseArgs } from 'node:util'
import { agreementReport } from '../domain/agreement/report.ts'
import { readVotes } from '../domain/csv.ts'
import { type CommandIo, rejectLine, scaleOptions, wholeNumber } from './votes.ts'
import { ConcordError, messageOf } from '../domain/error.ts'

const USAGE = 'agreement FILE.csv… [--categories 1,2,3,4,5] [--rescan-from 4] [--bootstrap 1000] [--seed 1]'

/**
 * `concord agreement`: one JSON line a file with every agreement statistic. A bad file gets a reject line and does not
 * stop the others. Exit code 0; 2 for bad arguments, or where any file was bad.
 */
export async function agreementCommand(args: string[], io: CommandIo): Promise<number> {
  let options: ReturnType<typeof optionsOf>
  try {
    options = optionsOf(args)
  } catch (error) {
    io.err(`${messageOf(error)} Usage: ${USAGE}`)
    return 2
  }
  let exit = 0
  for (const file of options.files) {
    try {
      const ratings = await readVotes(createReadStream(file, { highWaterMark: 1 << 20 }), options.categories)
      io.out(JSON.stringify({ file, ...agreementReport(ratings, options) }))
    } catch (error) {
      rejectLine(file, error, io)
      exit = 2
    }
  }
  return exit
}

function optionsOf(args: string[]) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      categories: { type: 'string' },
      'rescan-from': { type: 'string' },
      bootstrap: { type: 'string' },
      seed: { type: 'string' },
    },
  })
  if (positionals.length === 0) throw new ConcordError('no-file', 'Name at least one CSV file.')
  return {
    files: positionals,
    ...scaleOptions(values.categories, values['rescan-from']),
    bootstrap: wholeNumber('--bootstrap', values.bootstrap ?? '1000', 1_000_000),
    seed: values.seed ?? '1',
  }
}
