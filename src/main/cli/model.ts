import { resolve } from 'node:path'
import { ConcordError } from '../domain/error.ts'
import { LearnerHost } from '../learning/host.ts'
import { networks, variantsOf } from '../learning/networks/index.ts'
import { parse, text } from './arguments.ts'
import { registryCommand, registryVerbs } from './registry.ts'
import type { CommandIo } from './io.ts'

const usage = [
  'Networks: model list | model describe NAME [--classes N] | model run NAME --weights FILE --input X.npy [--classes N]',
  'Models of a study, each with --as NAME [--data DIR]:',
  ...Object.entries(registryVerbs).map(([verb, { usage }]) => `  model ${verb} ${usage}`),
].join('\n')

/**
 * `concord model list`, `model describe NAME [--classes N]` and `model run NAME --weights FILE --input X.npy [--classes N]`.
 * Classes: 5 where not given; for `run` as many as the weights have. What is done with trained models is in registry.ts.
 */
export async function modelCommand(args: string[], io: CommandIo): Promise<number> {
  const registered = Object.hasOwn(registryVerbs, args[0] ?? '') ? registryVerbs[args[0]!] : undefined
  if (registered) return registryCommand(registered, args.slice(1), io)
  const { values, positionals } = parse(args, { classes: text, weights: text, input: text })
  const [verb, name] = positionals
  if (verb === 'list') {
    for (const { name, title, describe } of networks)
      io.out(JSON.stringify({ name, title, source: describe(), variants: variantsOf(name) }))
    return 0
  }
  if (name === undefined || positionals.length > 2) throw new ConcordError('usage', usage)
  const classes = values.classes === undefined ? undefined : Number(values.classes)
  if (classes !== undefined && (!Number.isInteger(classes) || classes < 2 || classes > 100_000))
    throw new ConcordError('bad-option', '--classes is a whole number from 2 to 100000.')
  if (verb === 'describe') return withLearner((learner) => describe(learner, name, classes ?? 5, io))
  if (verb !== 'run') throw new ConcordError('usage', usage)
  const { weights, input } = values
  if (weights === undefined || input === undefined) throw new ConcordError('usage', usage)
  return withLearner(async (learner) => {
    const request = { network: name, weights: resolve(weights), input: resolve(input) }
    const output = await learner.run({ ...request, ...(classes === undefined ? {} : { classes }) })
    io.out(JSON.stringify({ output }))
    return 0
  }).catch((error: unknown) => {
    if (!(error instanceof ConcordError)) throw error
    const file = error.code.startsWith('weights-') ? weights : input
    io.out(JSON.stringify({ file, kind: 'reject', code: error.code, message: error.message }))
    throw error
  })
}

async function describe(learner: LearnerHost, name: string, classes: number, io: CommandIo): Promise<number> {
  const { title: _title, ...description } = await learner.describe(name, { classes })
  io.out(JSON.stringify(description))
  return 0
}

async function withLearner(work: (learner: LearnerHost) => Promise<number>): Promise<number> {
  const learner = new LearnerHost()
  try {
    return await work(learner)
  } finally {
    await learner.end()
  }
}
