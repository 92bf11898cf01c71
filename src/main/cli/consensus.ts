import { consensusReport, consensusRules } from '../domain/consensus/report.ts'
import { ConcordError } from '../domain/error.ts'
import { parse, text } from './arguments.ts'
import type { CommandIo } from './io.ts'
import { oneOf } from './options.ts'
import { eachVotesFile, scaleOptions } from './votes.ts'

export const usage = `consensus FILE.csv… [--rule ${consensusRules.join('|')}] [--categories 1,2,3,4,5] [--rescan-from 4]`

/**
 * `concord consensus`: one JSON line a file with a label for every subject. A bad file gets a reject line and does not
 * stop the others. Exit code 0; 2 for bad arguments, or where any file was bad.
 */
export async function consensusCommand(args: string[], io: CommandIo): Promise<number> {
  const options = optionsOf(args)
  return eachVotesFile(options, io, (ratings) => consensusReport(ratings, options.rule, options.rescanFrom))
}

function optionsOf(args: string[]) {
  const { values, positionals } = parse(args, {
    rule: text,
    categories: text,
    'rescan-from': text,
  })
  if (positionals.length === 0) throw new ConcordError('no-file', 'Name at least one CSV file.')
  const rule = oneOf(values.rule, '--rule', consensusRules)
  return { files: positionals, rule, ...scaleOptions(values.categories, values['rescan-from']) }
}
