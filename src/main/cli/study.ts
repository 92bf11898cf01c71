import { readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { design } from '../../preload/contract/design.ts'
import { consensusRules } from '../domain/consensus/report.ts'
import { ConcordError, messageOf } from '../domain/error.ts'
import type { Caller } from '../services/context.ts'
import { backupCommand, backupsCommand, restoreCommand } from './backup.ts'
import { packetCommand, packetUsage } from './packet.ts'
import { finished, requireRole, studyNamed, withProgram, type Headless } from './program.ts'
import { wholeNumber, type CommandIo } from './votes.ts'

const options = {
  data: { type: 'string' },
  as: { type: 'string' },
  title: { type: 'string' },
  template: { type: 'string' },
  'readers-per-scan': { type: 'string' },
  purpose: { type: 'string' },
  site: { type: 'string' },
  side: { type: 'string' },
  unnamed: { type: 'string' },
  reason: { type: 'string' },
  stacks: { type: 'string' },
  sure: { type: 'string' },
  worst: { type: 'string' },
  set: { type: 'string' },
  incomplete: { type: 'boolean' },
  named: { type: 'boolean' },
  'readers-see': { type: 'boolean' },
  language: { type: 'string' },
  rule: { type: 'string' },
  name: { type: 'string' },
  out: { type: 'string' },
  head: { type: 'string' },
  labels: { type: 'string' },
  model: { type: 'string' },
  unencrypted: { type: 'boolean' },
  'recovery-key': { type: 'string' },
  'password-file': { type: 'string' },
  pairs: { type: 'string' },
  seed: { type: 'string' },
  reader: { type: 'string' },
  signer: { type: 'string' },
  help: { type: 'boolean' },
} as const
type Values = ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>['values']

interface Call {
  program: Headless
  caller: Caller
  values: Values
  /** What stands after the verb. */
  rest: string[]
  io: CommandIo
}
interface Verb {
  usage: string
  roles: Caller['roles']
  run(call: Call): Promise<unknown>
}

/** One row a step of the window's main job; the reply is one JSON object. */
const verbs: Record<string, Verb> = {
  create: {
    usage: '--title T [--template hrpqct-motion] [--readers-per-scan 3] [--readers-see] [--unencrypted]',
    roles: ['lead', 'administrator'],
    run: ({ program, caller, values }) =>
      program.services.studies.create(caller, {
        title: required(values.title, '--title'),
        template: values.template ?? 'hrpqct-motion',
        readersPerScan: Number(values['readers-per-scan'] ?? 3),
        readersSeeAfterwards: values['readers-see'] ?? false,
        encrypted: !(values.unencrypted ?? false),
      }),
  },
  'readers-see': {
    usage: 'STUDY yes|no   (whether readers see afterwards how they differ from the consensus)',
    roles: ['lead'],
    run: async ({ program, caller, rest: [study, answer] }) =>
      program.services.studies.setReadersSeeAfterwards(caller, {
        studyId: (await studyNamed(program, caller, study)).id,
        allowed: oneOf(required(answer, 'yes or no'), ['yes', 'no'] as const) === 'yes',
      }),
  },
  demonstration: {
    usage: '--title T   1000 scans without pictures and the votes of three simulated readers, sealed',
    roles: ['lead', 'administrator'],
    run: ({ program, caller, values }) =>
      program.services.demonstration.make(caller, { title: required(values.title, '--title') }),
  },
  heels: {
    usage:
      '[NAME…] --title T [--pairs 87] [--seed 1]   (the study of 2021 with simulated heels, their truth and three simulated readers; sealed, or open for the people named)',
    roles: ['lead'],
    run: async ({ program, caller, rest, values, io }) => {
      const wanted = {
        title: required(values.title, '--title'),
        pairs: wholeNumber('--pairs', values.pairs ?? '87', 4999),
        seed: wholeNumber('--seed', values.seed ?? '1', 2 ** 31 - 1),
        readerIds: await accountsNamed(program, rest),
      }
      return program.services.heelStudies.make(caller, wanted, (done, total) => {
        if (done % 10 === 0 || done === total) io.err(`${done} of ${total} radiographs`)
      })
    },
  },
  readers: {
    usage: 'STUDY NAME…',
    roles: ['lead', 'administrator'],
    run: async ({ program, caller, rest: [study, ...names] }) => {
      const { id } = await studyNamed(program, caller, study)
      return program.services.studies.setReaders(caller, {
        studyId: id,
        readerIds: await accountsNamed(program, names),
      })
    },
  },
  import: {
    usage: 'STUDY PATH… [--purpose reading|unread] [--site tibia] [--side left] [--unnamed each|folder]',
    roles: ['lead', 'administrator', 'trainer'],
    run: importScans,
  },
  open: {
    usage: 'STUDY',
    roles: ['lead', 'administrator'],
    run: async ({ program, caller, rest }) =>
      program.services.studies.open(caller, (await studyNamed(program, caller, rest[0])).id),
  },
  queue: {
    usage: 'STUDY',
    roles: ['reader'],
    run: async ({ program, caller, rest }) =>
      program.services.reading.desk(caller, (await studyNamed(program, caller, rest[0])).id),
  },
  vote: {
    usage: 'STUDY GRADE [--stacks 1,3] [--sure 1|2|3] [--worst SLICE] | STUDY --reason WHY   (for the next scan)',
    roles: ['reader'],
    run: async ({ program, caller, rest: [study, grade], values }) => {
      const desk = await program.services.reading.desk(caller, (await studyNamed(program, caller, study)).id)
      if (!desk.current) throw new ConcordError('queue-finished', 'There is no scan left in your queue.')
      if ((grade === undefined) === (values.reason === undefined))
        throw new ConcordError('bad-option', 'Give a grade, or --reason why the scan cannot be graded.')
      return program.services.reading.cast(caller, {
        assignmentId: desk.current.assignmentId,
        grade: grade === undefined ? null : Number(grade),
        reason: values.reason ?? null,
        shownAt: new Date().toISOString(),
        worstSlice: numberOf(values.worst),
        note: null,
        confidence: numberOf(values.sure),
        stackGrades: values.stacks === undefined ? null : values.stacks.split(',').map(Number),
      })
    },
  },
  design: {
    usage: 'STUDY [--set DESIGN.json]   (what it is, or changes it; keys as it prints them)',
    roles: ['lead'],
    run: async ({ program, caller, rest, values }) => {
      const { designs } = program.services
      const studyId = (await studyNamed(program, caller, rest[0])).id
      if (values.set === undefined) return designs.get(caller, studyId)
      const { design: before } = await designs.get(caller, studyId)
      const wanted = design.safeParse({ ...before, ...(await changesIn(values.set)) })
      if (wanted.success) return designs.set(caller, { studyId, design: wanted.data })
      const issue = wanted.error.issues[0]
      throw new ConcordError('bad-design', `${values.set}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`)
    },
  },
  truth: {
    usage:
      'STUDY FILE.csv   (what is true of scans, columns subject and grade: sensitivity and specificity are against it)',
    roles: ['lead'],
    run: async ({ program, caller, rest }) =>
      program.services.references.importFile(caller, {
        studyId: (await studyNamed(program, caller, rest[0])).id,
        path: required(rest[1], 'The CSV file'),
      }),
  },
  roi: {
    usage:
      'list STUDY | place STUDY FILE.csv   (regions of interest; the CSV has the columns subject, x, y: the pseudonym and the ' +
      'middle of the square in pixels of the radiograph, the middle of its first pixel 0,0; spacing, mm a pixel, where the file ' +
      'does not say it; inverted, 1 where bone is dark. All rows are placed or none)',
    roles: ['lead', 'trainer'],
    run: regionsOfStudy,
  },
  keys: {
    usage: 'STUDY   (whether its votes are encrypted, and who can open them)',
    roles: ['lead', 'administrator'],
    run: async ({ program, caller, rest }) =>
      program.services.keepers.state(caller, (await studyNamed(program, caller, rest[0])).id),
  },
  'recovery-key': {
    usage: 'STUDY --out FILE   (the key to print, which opens the votes if every lead forgets the password)',
    roles: ['lead'],
    run: async ({ program, caller, rest, values }) => {
      const { id: studyId } = await studyNamed(program, caller, rest[0])
      const path = required(values.out, '--out')
      return program.services.keepers.saveRecovery(caller, { studyId }, () => Promise.resolve(path))
    },
  },
  unlock: {
    usage: 'STUDY --recovery-key FILE   (opens the encrypted votes by the printed key, for this lead from now on)',
    roles: ['lead'],
    run: async ({ program, caller, rest, values }) => {
      const { id: studyId } = await studyNamed(program, caller, rest[0])
      return program.services.keepers.unlock(caller, { studyId, code: await codeIn(values['recovery-key']) })
    },
  },
  quality: {
    usage: 'STUDY   (repeats, known cases, rounds and second votes, by reader)',
    roles: ['lead'],
    run: async ({ program, caller, rest }) =>
      program.services.quality.of(caller, (await studyNamed(program, caller, rest[0])).id),
  },
  status: {
    usage: 'STUDY',
    roles: ['lead'],
    run: async ({ program, caller, rest }) =>
      program.services.analysis.overview(caller, (await studyNamed(program, caller, rest[0])).id),
  },
  seal: {
    usage: 'STUDY [--incomplete]',
    roles: ['lead'],
    run: async ({ program, caller, rest, values }) =>
      program.services.rounds.seal(caller, {
        studyId: (await studyNamed(program, caller, rest[0])).id,
        incomplete: values.incomplete ?? false,
      }),
  },
  unblind: {
    usage: 'STUDY',
    roles: ['lead'],
    run: async ({ program, caller, rest }) =>
      program.services.rounds.unblind(caller, (await studyNamed(program, caller, rest[0])).id),
  },
  labels: {
    usage: 'STUDY --name N [--rule majority|rounded-mean|median|dawid-skene]',
    roles: ['lead'],
    run: async ({ program, caller, rest, values }) => {
      const rule = consensusRules.find((known) => known === (values.rule ?? 'majority'))
      if (!rule)
        throw new ConcordError('bad-option', `There is no rule "${values.rule}"; use ${consensusRules.join(', ')}.`)
      return program.services.labels.freeze(caller, {
        studyId: (await studyNamed(program, caller, rest[0])).id,
        name: required(values.name, '--name'),
        rule,
      })
    },
  },
  export: {
    usage: 'STUDY folder|votes|agreement|labels|predictions --out PATH [--labels NAME] [--model ID] [--named]',
    roles: ['lead', 'trainer'],
    run: exportTable,
  },
  report: {
    usage: 'STUDY --out FILE.html [--language en|de]   (the window prints the same page as a PDF)',
    roles: ['lead'],
    run: async ({ program, caller, rest, values }) => {
      const { id } = await studyNamed(program, caller, rest[0])
      const path = required(values.out, '--out')
      await writeFile(
        path,
        await program.services.exports.reportPage(caller, {
          studyId: id,
          language: oneOf(values.language, ['en', 'de'] as const),
        }),
      )
      return { path }
    },
  },
  verify: {
    usage:
      '[--head NUMBER:DIGEST]   (recomputes the audit chain, holds votes and labels against it; exit 1 where it breaks)',
    roles: ['administrator', 'lead'],
    run: ({ program, values }) => program.services.audit.check(values.head),
  },
  audit: {
    usage: '--out FILE.csv|FILE.json   (the audit trail itself)',
    roles: ['administrator', 'lead'],
    run: ({ program, caller, values }) => {
      const path = required(values.out, '--out')
      return program.services.audit.export(caller, path.endsWith('.json') ? 'json' : 'csv', () => Promise.resolve(path))
    },
  },
}

/** `concord study VERB …`: exit 0 done, 2 bad input, 1 where `verify` finds a break. */
export async function studyCommand(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options })
  const [name, ...rest] = positionals
  if (name === 'backup') return backupCommand(values, io)
  if (name === 'backups') return backupsCommand(values, io)
  if (name === 'restore') return restoreCommand(rest[0], values, io)
  if (name === 'packet') return packetCommand(rest, values, io)
  const verb = name === undefined || values.help ? undefined : verbs[name]
  if (!verb) {
    const known = Object.entries(verbs).map(([key, { usage }]) => `  study ${key} ${usage}`)
    known.push('  study backup [--out FILE]   study backups   study restore NAME|FILE')
    known.push(...packetUsage.map((line) => `  ${line}`))
    const usage = [`study VERB … --as NAME [--data DIR]`, ...known].join('\n')
    if (!values.help) throw new ConcordError('usage', usage)
    io.out(usage)
    return 0
  }
  return withProgram(io, values.data, async (program) => {
    const caller = await program.caller(values.as, values['password-file'])
    requireRole(caller, ...verb.roles)
    const reply = await verb.run({ program, caller, values, rest, io })
    io.out(JSON.stringify(reply))
    return name === 'verify' && (reply as { broken: unknown }).broken !== null ? 1 : 0
  })
}

async function importScans({ program, caller, values, rest: [study, ...paths], io }: Call) {
  const { scans } = program.services
  const { id: studyId } = await studyNamed(program, caller, study)
  if (paths.length === 0) throw new ConcordError('no-file', 'Name the files or folders to import.')
  const purpose = values.purpose ?? 'reading'
  if (purpose !== 'reading' && purpose !== 'unread')
    throw new ConcordError('bad-option', '--purpose is reading or unread.')
  const look = await scans.preview(caller, { studyId, paths })
  await finished(program, caller, look.jobId, look.ended)
  const { found } = scans.previewResult(caller, look.previewId)
  for (const row of found.filter((f) => f.status === 'refused')) io.err(`refused: ${row.reason}`)
  const accept = found.filter((f) => f.status === 'new').map((f) => f.index)
  if (accept.length > 0) {
    const defaults = { site: oneOf(values.site, sites), side: oneOf(values.side, sides) }
    const unnamed = oneOf(values.unnamed, ['each', 'folder'])
    const taken = await scans.import(caller, { previewId: look.previewId, accept, purpose, defaults, unnamed })
    await finished(program, caller, taken.jobId, taken.ended)
  }
  const count = (status: string): number => found.filter((f) => f.status === status).length
  return { found: found.length, imported: count('new'), duplicates: count('duplicate'), refused: count('refused') }
}

async function regionsOfStudy({ program, caller, rest: [act, study, file] }: Call) {
  const { regions } = program.services
  const { id: studyId } = await studyNamed(program, caller, study)
  if (act === 'list') return regions.list(caller, studyId)
  if (act !== 'place') throw new ConcordError('usage', 'study roi list STUDY, or study roi place STUDY FILE.csv.')
  const path = required(file, 'FILE.csv')
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new ConcordError('no-file', `${path} cannot be read: ${messageOf(error)}`)
  })
  return regions.placeTable(caller, { studyId, text })
}

async function exportTable({ program, caller, values, rest: [study, what] }: Call) {
  const { exports, labels, models } = program.services
  const { id } = await studyNamed(program, caller, study)
  const ask = async (): Promise<string> => required(values.out, '--out')
  if (what === 'folder' || what === 'votes' || what === 'agreement') requireRole(caller, 'lead')
  const named = values.named ?? false
  if (what === 'folder') return exports.folderAt(caller, { studyId: id, named }, required(values.out, '--out'))
  if (what === 'votes') return exports.votes(caller, id, ask, named)
  if (what === 'agreement') return exports.agreement(caller, id, ask)
  if (what === 'labels') {
    const set = (await labels.list(caller, id)).find((s) => s.name === values.labels || s.id === values.labels)
    if (!set) throw new ConcordError('label-set-unknown', 'Name a label set of this study with --labels.')
    return exports.labels(caller, set.id, ask)
  }
  if (what === 'predictions') {
    const model = (await models.list(caller, id)).find((m) => m.id === values.model || m.name === values.model)
    if (!model) throw new ConcordError('model-unknown', 'Name a model of this study with --model.')
    return exports.predictions(caller, model.id, ask)
  }
  throw new ConcordError('usage', 'Export folder, votes, agreement, labels or predictions.')
}

async function accountsNamed(program: Headless, names: readonly string[]): Promise<string[]> {
  const people = await program.services.accounts.list()
  return names.map((name) => {
    const person = people.find((p) => p.name === name)
    if (!person) throw new ConcordError('reader-unknown', `There is no account "${name}".`)
    return person.id
  })
}

const sites = ['other', 'tibia', 'radius', 'calcaneus'] as const
const sides = ['unknown', 'left', 'right'] as const

/** The first of the known values is the default. */
function oneOf<T extends string>(value: string | undefined, known: readonly [T, ...T[]]): T {
  const found = value === undefined ? known[0] : known.find((k) => k === value)
  if (!found) throw new ConcordError('bad-option', `"${value}" is none of ${known.join(', ')}.`)
  return found
}

/** The recovery key in a text file: a line of its own, with or without a word and a colon before it. */
async function codeIn(path: string | undefined): Promise<string> {
  const text = await readFile(required(path, '--recovery-key'), 'utf8').catch((error: unknown) => {
    throw new ConcordError('bad-option', `The file of the recovery key cannot be read: ${messageOf(error)}`)
  })
  return /(?:[0-9a-z]{4}[ -]){8}[0-9a-z]{4}/i.exec(text)?.[0] ?? text.trim()
}

/** Error: `bad-design` for a file that is not there or holds no JSON object. */
async function changesIn(path: string): Promise<object> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as object
  } catch (error) {
    throw new ConcordError('bad-design', `${path} cannot be read as a design: ${messageOf(error)}`)
  }
}

const numberOf = (value: string | undefined): number | null => (value === undefined ? null : Number(value))

function required(value: string | undefined, option: string): string {
  if (!value) throw new ConcordError('bad-option', `${option} is needed.`)
  return value
}
