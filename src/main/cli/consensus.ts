import { consensusReport, type ConsensusRule, consensusRules } from '../domain/consensus/report.ts'
import { ConcordError } from '../domain/error.ts'
import { parse, readOr, text } from './arguments.ts'
import type { CommandIo } from './io.ts'
import { eachVotesFile, scaleOptions } from './votes.ts'

const USAGE = `consensus FILE.csv… [--rule ${consensusRules.join('|')}] [--categories 1,2,3,4,5] [--rescan-from 4]`

/**
 * `concord consensus`: one JSON line a file with a label for every subject. A bad file gets a reject line and does not
 * stop the others. Exit code 0; 2 for bad arguments, or where any file was bad.
 */
export async function consensusCommand(args: string[], io: CommandIo): Promise<number> {
  const options = readOr(optionsOf, args, USAGE, io)
  if (options === null) return 2
  return eachVotesFile(options, io, (ratings) => consensusReport(ratings, options.rule, options.rescanFrom))
}

function optionsOf(args: string[]) {
  const { values, positionals } = parse(args, {
    rule: text,
    categories: text,
    'rescan-from': text,
  })
  if (positionals.length === 0) throw new ConcordError('no-file', 'Name at least one CSV file.')
  const rule = values.rule ?? 'majority'
  if (!isRule(rule)) throw new ConcordError('bad-option', `There is no rule "${rule}".`)
  return { files: positionals, rule, ...scaleOptions(values.categories, values['rescan-from']) }
}

function isRule(rule: string): rule is ConsensusRule {
  return (consensusRules as readonly string[]).includes(rule)
}
