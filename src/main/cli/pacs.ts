import { criteria as criteriaSchema, type PacsSeries, type ReportKind } from '../../preload/contract/pacs.ts'
import type { Credential } from '../dicomweb/address.ts'
import { ConcordError, messageOf } from '../domain/error.ts'
import type { Caller } from '../services/context.ts'
import { dataOptions, flag, parse, text, unknownStep, type OptionValues } from './arguments.ts'
import { labelSetNamed, studyNamed } from './named.ts'
import { checked, oneOf, required, wholeNumber } from './options.ts'
import { finished, withProgram, type Headless } from './program.ts'
import { importOptions, takePreview } from './take-preview.ts'
import type { CommandIo } from './io.ts'

const options = {
  ...dataOptions,
  url: text,
  auth: text,
  ca: text,
  'plain-http': flag,
  'patient-id': text,
  'patient-name': text,
  from: text,
  to: text,
  modality: text,
  'body-part': text,
  description: text,
  series: flag,
  limit: text,
  purpose: text,
  site: text,
  side: text,
  labels: text,
  kinds: text,
  yes: flag,
} as const
type Values = OptionValues<typeof options>

interface Call {
  program: Headless
  caller: Caller
  values: Values
  rest: string[]
  io: CommandIo
}

const which =
  '[--patient-id I] [--patient-name N] [--from YYYY-MM-DD] [--to D] [--modality CT] [--body-part B] [--description T]'

const verbs: Record<string, { usage: string; roles: Caller['roles']; run(call: Call): Promise<number> }> = {
  add: {
    usage:
      'NAME --url https://… [--auth basic|token|none] [--ca FILE.pem] [--plain-http]   (again with the same name: changes it)',
    roles: ['administrator'],
    run: addPacs,
  },
  list: {
    usage: '',
    roles: ['administrator', 'lead'],
    run: async ({ program, caller, io }) => {
      for (const one of (await program.services.pacs.list(caller)).pacs) io.out(JSON.stringify(one))
      return 0
    },
  },
  test: {
    usage: 'NAME',
    roles: ['administrator', 'lead'],
    run: async ({ program, caller, rest, io }) => {
      io.out(JSON.stringify(await program.services.pacs.test(caller, await placeOf(program, caller, rest[0]))))
      return 0
    },
  },
  search: {
    usage: `NAME ${which} [--series] [--limit 100]   (one line a study; with --series its series too)`,
    roles: ['lead'],
    run: search,
  },
  import: {
    usage: `NAME STUDY ${which} [--limit 100] [--purpose reading|unread] [--site tibia] [--side left]   (again: goes on)`,
    roles: ['lead'],
    run: importSeries,
  },
  send: {
    usage: 'NAME STUDY --labels SET [--kinds grade,rescan] [--yes]   (without --yes it says what would be sent)',
    roles: ['lead'],
    run: send,
  },
}

export const usage = [
  ...Object.entries(verbs).map(([key, verb]) => `pacs ${key} ${verb.usage}`.trimEnd()),
  'Each with --as NAME [--data DIR]; the password is in CONCORD_PASSWORD or in the first line of --password-file FILE; for the archive',
  'CONCORD_PACS_USER and CONCORD_PACS_PASSWORD, or CONCORD_PACS_TOKEN.',
].join('\n')

/** `concord pacs VERB …`: exit 0 done; 2 bad input or an archive that refuses; 1 where something was left out. */
export async function pacsCommand(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parse(args, options)
  const [name, ...rest] = positionals
  const verb = name !== undefined && Object.hasOwn(verbs, name) ? verbs[name] : undefined
  if (!verb) throw unknownStep('pacs', name)
  return withProgram(io, values, async (program) => {
    const caller = await program.caller(verb.roles)
    return verb.run({ program, caller, values, rest, io })
  })
}

/** Of the command's surroundings, since there is no keychain without a window. */
function credentialHere(): Exclude<Credential, { kind: 'none' }> | null {
  const { CONCORD_PACS_USER: user, CONCORD_PACS_PASSWORD: password, CONCORD_PACS_TOKEN: token } = process.env
  if (token) return { kind: 'token', token }
  return user ? { kind: 'basic', user, password: password ?? '' } : null
}

/** The archive of a name, with the credential given for it. */
async function placeOf({ services }: Headless, caller: Caller, name: string | undefined): Promise<string> {
  const found = (await services.pacs.list(caller)).pacs.find((one) => one.name === name || one.id === name)
  if (!found)
    throw new ConcordError('pacs-unknown', `There is no PACS "${name ?? ''}". "concord pacs list" names them.`)
  const credential = credentialHere()
  if (credential?.kind === found.auth) await services.pacs.giveCredential(caller, found.id, credential)
  return found.id
}

async function addPacs({ program: { services }, caller, values, rest, io }: Call): Promise<number> {
  const name = required(rest[0], 'The name of the archive')
  const url = required(values.url, '--url')
  const auth = oneOf(values.auth, '--auth', ['basic', 'token', 'none'])
  const known = (await services.pacs.list(caller)).pacs.find((one) => one.name === name)
  const ca = values.ca === undefined ? undefined : (await services.pacs.certificateIn(values.ca)).ca
  const saved = await services.pacs.save(caller, {
    ...{ id: known?.id ?? null, name, url, auth, plain: values['plain-http'] ?? false },
    ...(ca === undefined ? {} : { ca }),
    credential: null,
  })
  io.out(JSON.stringify(saved))
  return 0
}

function criteriaOf(values: Values) {
  return checked(criteriaSchema, {
    patientId: values['patient-id'],
    patientName: values['patient-name'],
    from: values.from,
    to: values.to,
    modality: values.modality,
    bodyPart: values['body-part'],
    description: values.description,
  })
}

/** Studies that fit, as many as --limit says. */
async function* studiesOf({ program, caller, values }: Call, pacsId: string) {
  const criteria = criteriaOf(values)
  const limit = wholeNumber('--limit', values.limit ?? '100', 1_000_000, 1)
  let given = 0
  for (let offset: number | null = 0; offset !== null;) {
    const page: Awaited<ReturnType<typeof program.services.pacs.search>> = await program.services.pacs.search(caller, {
      ...{ pacsId, criteria, offset },
    })
    for (const study of page.studies) {
      if (given++ === limit) return
      yield study
    }
    offset = page.next
  }
}

async function search(call: Call): Promise<number> {
  const { program, caller, values, rest, io } = call
  const pacsId = await placeOf(program, caller, rest[0])
  for await (const study of studiesOf(call, pacsId)) {
    const series = values.series
      ? await program.services.pacs.seriesIn(caller, pacsId, study.uid, values['body-part'] ?? '')
      : undefined
    io.out(JSON.stringify({ ...study, ...(series ? { seriesList: series } : {}) }))
  }
  return 0
}

/** Series after series through the import's own door, so that a call that ended goes on with the next series. */
async function importSeries(call: Call): Promise<number> {
  const { program, caller, values, rest, io } = call
  const { pacs } = program.services
  const pacsId = await placeOf(program, caller, rest[0])
  const { id: studyId } = await studyNamed(program, caller, rest[1])
  const options = importOptions(values)
  const counts = { studies: 0, series: 0, imported: 0, duplicates: 0, refused: 0 }
  for await (const study of studiesOf(call, pacsId)) {
    counts.studies++
    const bodyPart = values['body-part'] ?? ''
    const list = await pacs.series(caller, { pacsId, studyId, studyUid: study.uid, bodyPart })
    for (const one of list) {
      counts.series++
      if (one.imported !== null) counts.duplicates++
      else await takeOne(one)
    }
  }
  io.out(JSON.stringify(counts))
  return counts.refused > 0 ? 1 : 0

  async function takeOne(one: PacsSeries): Promise<void> {
    const label = `series ${counts.series}`
    const wanted = [{ studyUid: one.studyUid, uid: one.uid, instances: one.instances, label }]
    const look = await pacs.retrieve(caller, { pacsId, studyId, series: wanted, previewId: null })
    const taken = await takePreview(program, caller, look, options, io, `${label}: `)
    for (const key of ['imported', 'duplicates', 'refused'] as const) counts[key] += taken[key]
  }
}

async function send({ program, caller, values, rest: [name, wanted], io }: Call): Promise<number> {
  const { pacs } = program.services
  const pacsId = await placeOf(program, caller, name)
  const study = await studyNamed(program, caller, wanted)
  const set = await labelSetNamed(program, caller, study.id, values.labels)
  const kinds = (values.kinds ?? (study.scale.rescanFrom === null ? 'grade' : 'grade,rescan'))
    .split(',')
    .map((kind) => {
      if (kind !== 'grade' && kind !== 'rescan')
        throw new ConcordError('bad-option', '--kinds is grade, rescan or both.')
      return kind satisfies ReportKind
    })
  const request = { pacsId, labelSetId: set.id, kinds }
  const plan = await pacs.plan(caller, request)
  if (!values.yes || plan.reports === 0) {
    io.out(JSON.stringify(plan))
    if (plan.reports > 0) io.err(`${plan.reports} reports of ${plan.scans} scans would be sent. Send them with --yes.`)
    return 0
  }
  const { jobId, ended } = await pacs.send(caller, request)
  try {
    await finished(program, caller, jobId, ended)
  } catch (error) {
    // What went out before it broke off is told all the same.
    io.out(JSON.stringify(pacs.sent(caller, jobId)))
    io.err(messageOf(error))
    return 1
  }
  const result = pacs.sent(caller, jobId)
  io.out(JSON.stringify(result))
  return result.failed > 0 ? 1 : 0
}
