import { agreementReport } from '../domain/agreement/report.ts'
import { parse, text } from './arguments.ts'
import type { CommandIo } from './io.ts'
import { wholeNumber } from './options.ts'
import { eachVotesFile, scaleOptions } from './votes.ts'
import { ConcordError } from '../domain/error.ts'

export const usage = 'agreement FILE.csv… [--categories 1,2,3,4,5] [--rescan-from 4] [--bootstrap 1000] [--seed 1]'

/**
 * `concord agreement`: one JSON line a file with every agreement statistic. A bad file gets a reject line and does not
 * stop the others. Exit code 0; 2 for bad arguments, or where any file was bad.
 */
export async function agreementCommand(args: string[], io: CommandIo): Promise<number> {
  const options = optionsOf(args)
  return eachVotesFile(options, io, (ratings) => agreementReport(ratings, options))
}

function optionsOf(args: string[]) {
  const { values, positionals } = parse(args, {
    categories: text,
    'rescan-from': text,
    bootstrap: text,
    seed: text,
  })
  if (positionals.length === 0) throw new ConcordError('no-file', 'Name at least one CSV file.')
  return {
    files: positionals,
    ...scaleOptions(values.categories, values['rescan-from']),
    bootstrap: wholeNumber('--bootstrap', values.bootstrap ?? '1000', 1_000_000),
    seed: values.seed ?? '1',
  }
}
