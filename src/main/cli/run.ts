import { ConcordError, messageOf } from '../domain/error.ts'
import type { CommandIo } from './io.ts'

interface Command {
  help: string
  /** It answers --help itself, with more than the line above. */
  helps?: true
  run(args: string[], io: CommandIo): Promise<number>
}

/** Commands by name. Each is loaded when it is called, so that `agreement` never opens a database or TensorFlow. */
const commands: Record<string, Command> = {
  inspect: {
    help: 'PATH… [--at x,y,z]… [--digest] [--out DIR]   what files and folders decode to',
    run: async (args, io) => (await import('./inspect.ts')).inspectCommand(args, io),
  },
  agreement: {
    help: 'FILE.csv… [--rescan-from 4] [--bootstrap 1000]   how far readers agree',
    run: async (args, io) => (await import('./agreement.ts')).agreementCommand(args, io),
  },
  consensus: {
    help: 'FILE.csv… [--rule majority]   one label a scan',
    run: async (args, io) => (await import('./consensus.ts')).consensusCommand(args, io),
  },
  simulate: {
    help: 'OUT --scans N [--site tibia|radius|calcaneus] [--seed S] [--size 512] [--voxel MM] [--slices 168] [--readers 3] [--grades balanced|thesis] [--formats isq,dicom,aim] [--workers 2] | OUT --votes-only [--scans 1000]   phantom scans with known motion',
    run: async (args, io) => (await import('./simulate.ts')).simulateCommand(args, io),
  },
  qme: {
    help: 'PROJECTIONS [--angles FILE]   motion between the views at 0 and 180 degrees',
    run: async (args, io) => (await import('./qme.ts')).qmeCommand(args, io),
  },
  study: {
    help: 'create|readers|import|open|queue|vote|status|seal|unblind|labels|export|report|verify|audit|backup|restore   a study, step by step',
    helps: true,
    run: async (args, io) => (await import('./study.ts')).studyCommand(args, io),
  },
  pacs: {
    help: 'add|list|test|search|import|send   picture archives by DICOMweb',
    helps: true,
    run: async (args, io) => (await import('./pacs.ts')).pacsCommand(args, io),
  },
  account: {
    help: 'create|list   people who may sign in',
    run: async (args, io) => (await import('./account.ts')).accountCommand(args, io),
  },
  database: {
    help: 'state|test|use|move   where the data lies: a file of this workstation or a department’s PostgreSQL',
    run: async (args, io) => (await import('./database.ts')).databaseCommand(args, io),
  },
  model: {
    help: 'list|describe|run   networks; registered|evaluate|compare|export|import|combine|retire STUDY …   trained models',
    run: async (args, io) => (await import('./model.ts')).modelCommand(args, io),
  },
  train: {
    help: 'STUDY --labels NAME [--network walle2023] [--folds 5] [--ablation] [--help]   networks on frozen labels',
    helps: true,
    run: async (args, io) => (await import('./train.ts')).trainCommand(args, io),
  },
  infer: {
    help: 'STUDY --model ID [--scope unread|all] [--rule mean|majority]   grades by a trained network',
    run: async (args, io) => (await import('./train.ts')).inferCommand(args, io),
  },
  experiment: {
    help: 'osteoporosis OUT [--reduced]   the 2021 paper’s experiments, leaky and by patient',
    run: async (args, io) => (await import('./experiment.ts')).experimentCommand(args, io),
  },
}

const io: CommandIo = {
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
}

/** Runs `concord COMMAND …` and gives its exit code: 0 done, 2 bad input, 1 anything else. */
export async function runCommand([name, ...args]: string[]): Promise<number> {
  const command = name === undefined ? undefined : commands[name]
  if (!command) {
    const known = Object.entries(commands).map(([key, { help }]) => `  ${key.padEnd(10)} ${help}`)
    io.err([`concord COMMAND …`, ...known].join('\n'))
    return name === undefined || name === '--help' ? 0 : 2
  }
  if (args.includes('--help') && !command.helps) {
    io.out(`concord ${name} ${command.help}`)
    return 0
  }
  let told = false
  const out = (line: string): void => {
    told ||= line.includes('"kind":"reject"')
    io.out(line)
  }
  try {
    return await command.run(args, { ...io, out })
  } catch (error) {
    io.err(messageOf(error))
    // What was refused without a file to name has a code for programs too.
    if (error instanceof ConcordError && error.code !== 'usage' && !told)
      io.out(JSON.stringify({ kind: 'reject', code: error.code, message: error.message }))
    return error instanceof ConcordError || isArgumentError(error) ? 2 : 1
  }
}

/** parseArgs of node:util throws errors with such codes for options it does not know. */
const isArgumentError = (error: unknown): boolean => {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS')
}
