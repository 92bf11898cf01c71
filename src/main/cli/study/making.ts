import { readFile } from 'node:fs/promises'
import { design } from '../../../preload/contract/design.ts'
import { studies } from '../../../preload/contract/studies.ts'
import { ConcordError, messageOf } from '../../domain/error.ts'
import { about, FileRefused } from '../io.ts'
import { accountsNamed, studyNamed } from '../named.ts'
import { unknownStep } from '../arguments.ts'
import { checked, oneOf, required, wholeNumber } from '../options.ts'
import { importOptions, takePreview } from '../take-preview.ts'
import type { Call, Verb } from './call.ts'

/** What makes a study: its readers, its scans, its design. */
export const makingVerbs: Record<string, Verb> = {
  create: {
    usage: '--title T [--template hrpqct-motion] [--readers-per-scan 3] [--readers-see] [--unencrypted]',
    roles: ['lead', 'administrator'],
    run: async ({ program, caller, values }) =>
      program.services.studies.create(
        caller,
        checked(studies.create.request, {
          title: values.title,
          template: values.template ?? 'hrpqct-motion',
          readersPerScan: Number(values['readers-per-scan'] ?? 3),
          readersSeeAfterwards: values['readers-see'] ?? false,
          encrypted: !(values.unencrypted ?? false),
        }),
      ),
  },
  'readers-see': {
    usage: 'STUDY yes|no   (whether readers see afterwards how they differ from the consensus)',
    roles: ['lead'],
    run: async ({ program, caller, rest: [, answer], studyId }) =>
      program.services.studies.setReadersSeeAfterwards(caller, {
        studyId: await studyId(),
        allowed: oneOf(required(answer, 'yes or no'), 'The answer', ['yes', 'no']) === 'yes',
      }),
  },
  demonstration: {
    usage: '--title T   1000 scans without pictures and the votes of three simulated readers, sealed',
    roles: ['lead', 'administrator'],
    run: async ({ program, caller, values }) =>
      program.services.demonstration.make(caller, checked(studies.makeDemonstration.request, { title: values.title })),
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
    run: async ({ program, caller, rest: [, ...names], studyId }) => {
      return program.services.studies.setReaders(caller, {
        studyId: await studyId(),
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
    run: async ({ program, caller, studyId }) => program.services.studies.open(caller, await studyId()),
  },
  design: {
    usage: 'STUDY [--set DESIGN.json]   (what it is, or changes it; keys as it prints them)',
    roles: ['lead'],
    run: async ({ program, caller, values, studyId }) => {
      const { designs } = program.services
      const id = await studyId()
      if (values.set === undefined) return designs.get(caller, id)
      const { design: before } = await designs.get(caller, id)
      const wanted = design.safeParse({ ...before, ...(await changesIn(values.set)) })
      if (wanted.success) return designs.set(caller, { studyId: id, design: wanted.data })
      const issue = wanted.error.issues[0]
      throw new ConcordError('bad-design', `${values.set}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`)
    },
  },
  truth: {
    usage:
      'STUDY FILE.csv   (what is true of scans, columns subject and grade: sensitivity and specificity are against it)',
    roles: ['lead'],
    run: async ({ program, caller, rest, studyId }) => {
      const path = required(rest[1], 'The CSV file')
      const request = { studyId: await studyId(), path }
      return program.services.references.importFile(caller, request).catch(about(path))
    },
  },
  roi: {
    usage:
      'list STUDY | place STUDY FILE.csv   (regions of interest; the CSV has the columns subject, x, y: the pseudonym and the ' +
      'middle of the square in pixels of the radiograph, the middle of its first pixel 0,0; spacing, mm a pixel, where the file ' +
      'does not say it; inverted, 1 where bone is dark. All rows are placed or none)',
    roles: ['lead', 'trainer'],
    run: regionsOfStudy,
  },
}

async function importScans({ program, caller, values, rest: [, ...paths], studyId, io }: Call) {
  const study = await studyId()
  if (paths.length === 0) throw new ConcordError('no-file', 'Name the files or folders to import.')
  const options = importOptions(values)
  const look = await program.services.scans.preview(caller, { studyId: study, paths })
  const taken = await takePreview(program, caller, look, options, io)
  if (taken.refused === 0 || taken.refused < taken.found) return taken
  const why = new ConcordError('nothing-imported', 'Nothing of this can be imported; the reasons stand above.')
  throw paths.length === 1 ? new FileRefused(paths[0]!, why) : why
}

async function regionsOfStudy({ program, caller, rest: [act, study, file] }: Call) {
  const { regions } = program.services
  if (act !== 'list' && act !== 'place') throw unknownStep('study roi', act)
  const { id: studyId } = await studyNamed(program, caller, study)
  if (act === 'list') return regions.list(caller, studyId)
  const path = required(file, 'FILE.csv')
  const text = await readFile(path, 'utf8').catch(about(path))
  return regions.placeTable(caller, { studyId, text }).catch(about(path))
}

/** Error: `bad-design` for a file that is not there or holds no JSON object. */
async function changesIn(path: string): Promise<object> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as object
  } catch (error) {
    throw new ConcordError('bad-design', `${path} cannot be read as a design: ${messageOf(error)}`)
  }
}
