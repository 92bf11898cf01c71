import { type CommandIo, tellError } from './io.ts'
import { ConcordError } from '../domain/error.ts'

interface Command {
  /** What it is for, in a few words. */
  about: string
  /** Loaded when it is called, so that `agreement` never opens a database or TensorFlow. */
  load(): Promise<Loaded>
}
interface Loaded {
  /** How it is called; one line a step where it has several. */
  usage: string
  run(args: string[], io: CommandIo): Promise<number>
}

const commands: Record<string, Command> = {
  inspect: {
    about: 'what files and folders decode to',
    load: () => import('./inspect.ts').then(({ usage, inspectCommand: run }) => ({ usage, run })),
  },
  agreement: {
    about: 'how far readers agree, from a CSV file of votes',
    load: () => import('./agreement.ts').then(({ usage, agreementCommand: run }) => ({ usage, run })),
  },
  consensus: {
    about: 'one label a scan, from a CSV file of votes',
    load: () => import('./consensus.ts').then(({ usage, consensusCommand: run }) => ({ usage, run })),
  },
  simulate: {
    about: 'phantom scans with known motion, radiographs of heels, or votes alone',
    load: () => import('./simulate.ts').then(({ usage, simulateCommand: run }) => ({ usage, run })),
  },
  qme: {
    about: 'motion between the views at 0 and 180 degrees',
    load: () => import('./qme.ts').then(({ usage, qmeCommand: run }) => ({ usage, run })),
  },
  study: {
    about: 'a study, step by step: create, readers, import, open, vote, seal, labels, export, report …',
    load: () => import('./study.ts').then(({ usage, studyCommand: run }) => ({ usage, run })),
  },
  pacs: {
    about: 'picture archives by DICOMweb: add, list, test, search, import, send',
    load: () => import('./pacs.ts').then(({ usage, pacsCommand: run }) => ({ usage, run })),
  },
  account: {
    about: 'people who may sign in: create, list',
    load: () => import('./account.ts').then(({ usage, accountCommand: run }) => ({ usage, run })),
  },
  database: {
    about: 'where the data lies, a file of this workstation or a department’s PostgreSQL: state, test, use, move',
    load: () => import('./database.ts').then(({ usage, databaseCommand: run }) => ({ usage, run })),
  },
  model: {
    about: 'networks: list, describe, run; trained models: registered, evaluate, compare, export, import …',
    load: () => import('./model.ts').then(({ usage, modelCommand: run }) => ({ usage, run })),
  },
  train: {
    about: 'networks on frozen labels',
    load: () => import('./train.ts').then(({ trainUsage: usage, trainCommand: run }) => ({ usage, run })),
  },
  infer: {
    about: 'grades by a trained network',
    load: () => import('./train.ts').then(({ inferUsage: usage, inferCommand: run }) => ({ usage, run })),
  },
  experiment: {
    about: 'the 2021 paper’s experiments, leaky and by patient',
    load: () => import('./experiment.ts').then(({ usage, experimentCommand: run }) => ({ usage, run })),
  },
}

const overview = [
  'concord COMMAND …',
  ...Object.entries(commands).map(([name, { about }]) => `  ${name.padEnd(10)} ${about}`),
  '"concord COMMAND --help" says how one is called.',
].join('\n')

const standard: CommandIo = {
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
}

/** Runs `concord COMMAND …` and gives its exit code: 0 done, 2 bad input, 1 anything else. */
export async function runCommand([name, ...args]: string[], io: CommandIo = standard): Promise<number> {
  if (name === undefined || name === '--help') {
    // Who asked for it gets it as the answer.
    if (name) io.out(overview)
    else io.err(overview)
    return 0
  }
  try {
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined
    if (!command)
      throw new ConcordError('usage', `There is no command "${name}"; "concord --help" lists what there is.`)
    const { usage, run } = await command.load()
    if (!args.includes('--help')) return await run(args, io)
    io.out(usageOf(name, args[0]!, usage))
    return 0
  } catch (error) {
    return tellError(error, io)
  }
}

/** Of a usage of several steps those lines that are about one; all of them where it has no such step. */
function usageOf(name: string, step: string, usage: string): string {
  const lines = usage.split('\n')
  const wanted = lines.filter((line) => `${line} `.startsWith(`${name} ${step} `))
  return (wanted.length > 0 ? wanted : lines)
    .map((line) => (line.startsWith(`${name} `) ? `concord ${line}` : line))
    .join('\n')
}
