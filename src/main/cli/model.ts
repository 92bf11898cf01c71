import { parseArgs } from 'node:util'
import { ConcordError } from '../domain/error.ts'
import { LearnerHost } from '../learning/host.ts'
import { networks } from '../learning/networks/index.ts'
import type { CommandIo } from './votes.ts'

/** `concord model list` and `concord model describe NAME [--classes N]`. */
export async function modelCommand(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { classes: { type: 'string' } } })
  const [verb, name] = positionals
  if (verb === 'list') {
    for (const network of networks)
      io.out(JSON.stringify({ name: network.name, title: network.title, source: network.describe() }))
    return 0
  }
  if (verb !== 'describe' || name === undefined)
    throw new ConcordError('usage', 'Usage: model list | model describe NAME [--classes N]')
  const classes = Number(values.classes ?? 5)
  if (!Number.isInteger(classes) || classes < 2)
    throw new ConcordError('bad-option', '--classes is a whole number from 2 on.')
  const learner = new LearnerHost()
  try {
    const { title: _title, ...description } = await learner.describe(name, { classes })
    io.out(JSON.stringify(description))
  } finally {
    await learner.end()
  }
  return 0
}
