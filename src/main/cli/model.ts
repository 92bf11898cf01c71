import { resolve } from 'node:path'
import { ConcordError } from '../domain/error.ts'
import { LearnerHost } from '../learning/host.ts'
import { networks, variantsOf } from '../learning/networks/index.ts'
import { parse, text, unknownStep } from './arguments.ts'
import { registryCommand, registryVerbs } from './registry.ts'
import { about, type CommandIo } from './io.ts'
import { required, wholeNumber } from './options.ts'

export const usage = [
  'model list   (networks)',
  'model describe NAME [--classes N]',
  'model run NAME --weights FILE --input X.npy [--classes N]',
  ...Object.entries(registryVerbs).map(([verb, { usage }]) => `model ${verb} ${usage}`),
  'Those of a STUDY with --as NAME [--data DIR]; the password is in CONCORD_PASSWORD or in the first line of --password-file FILE.',
].join('\n')

const ofNetworks = ['list', 'describe', 'run']

/**
 * `concord model list`, `model describe NAME [--classes N]` and `model run NAME --weights FILE --input X.npy [--classes N]`.
 * Classes: 5 where not given; for `run` as many as the weights have. What is done with trained models is in registry.ts.
 */
export async function modelCommand(args: string[], io: CommandIo): Promise<number> {
  const registered = Object.hasOwn(registryVerbs, args[0] ?? '') ? registryVerbs[args[0]!] : undefined
  if (registered) return registryCommand(registered, args.slice(1), io)
  // Before the options are looked at: those of another step are none of these.
  if (args[0] !== undefined && /^\w/.test(args[0]) && !ofNetworks.includes(args[0])) throw unknownStep('model', args[0])
  const { values, positionals } = parse(args, { classes: text, weights: text, input: text })
  const [verb, name] = positionals
  if (verb === 'list') {
    for (const { name, title, describe } of networks)
      io.out(JSON.stringify({ name, title, source: describe(), variants: variantsOf(name) }))
    return 0
  }
  if (verb !== 'describe' && verb !== 'run') throw unknownStep('model', verb)
  if (name === undefined || positionals.length > 2)
    throw new ConcordError('bad-option', `Name one network: ${networks.map(({ name }) => name).join(', ')}.`)
  const classes = values.classes === undefined ? undefined : wholeNumber('--classes', values.classes, 100_000, 2)
  if (verb === 'describe') return withLearner((learner) => describe(learner, name, classes ?? 5, io))
  const weights = required(values.weights, '--weights')
  const input = required(values.input, '--input')
  return withLearner(async (learner) => {
    const request = { network: name, weights: resolve(weights), input: resolve(input) }
    const output = await learner.run({ ...request, ...(classes === undefined ? {} : { classes }) })
    io.out(JSON.stringify({ output }))
    return 0
  }).catch((error: unknown) => {
    const ofWeights = error instanceof ConcordError && error.code.startsWith('weights-')
    return about(ofWeights ? weights : input)(error)
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
