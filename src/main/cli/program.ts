import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { composeServices, type Services } from '../app/compose.ts'
import { commandDecoder } from '../app/command-decoder.ts'
import { type DataFolders, dataFolders, dataRoot } from '../app/paths.ts'
import type { Job } from '../../preload/contract/jobs.ts'
import { ConcordError } from '../domain/error.ts'
import { LearnerHost } from '../learning/host.ts'
import type { Caller } from '../services/context.ts'
import { noKeychain } from '../services/keychain.ts'
import { placeFor, readPlaceSetting, wantedAddress } from '../services/places/setting.ts'
import { createStatistics } from '../statistics/host.ts'
import { finishRestore } from '../store/backup.ts'
import type { Database } from '../store/database.ts'
import { openPlace } from '../store/place.ts'
import packageJson from '../../../package.json' with { type: 'json' }
import type { dataOptions, OptionValues } from './arguments.ts'
import { about, FileRefused, type CommandIo } from './io.ts'

export interface Headless {
  services: Services
  db: Database
  /**
   * Signs in as `--as NAME` (or as this other one) with the password in CONCORD_PASSWORD or in a file, its first line, never on
   * the command line: the headless command obeys the same rules. Throws `not-allowed` for a caller without one of the roles.
   */
  caller(roles?: Caller['roles'], name?: string): Promise<Caller>
}

/**
 * Opens the same program as the window, on `--data DIR` or the usual folder, runs the task and closes it. Only what `begins` a
 * study's data makes them: a folder whose name was mistyped stays away.
 */
export async function withProgram(
  io: CommandIo,
  given: OptionValues<typeof dataOptions>,
  task: (program: Headless) => Promise<number>,
  { begins = false } = {},
): Promise<number> {
  const root = given.data ?? dataRoot()
  if (!begins && !holdsData(root))
    throw new FileRefused(root, {
      code: 'data-missing',
      message:
        'There is no data of Concord in this folder; name another with --data, or begin with "concord account create".',
    })
  const folders = foldersOf(root)
  finishRestore(folders.database)
  const place = placeFor(folders)
  const { db, link, close: closePlace } = await openPlace(place)
  const services = composeServices({
    ...{ db, place, link },
    folders,
    decoder: await commandDecoder(),
    learner: new LearnerHost(),
    statistics: createStatistics(place),
    version: packageJson.version,
    tell: {
      job: reportTo(io),
      run: () => undefined,
      studyChanged: () => undefined,
      sessionsEnd: () => undefined,
      server: () => undefined,
    },
    keychain: noKeychain,
    replace: async (swap) => {
      await close()
      swap()
    },
  })
  let open = true
  async function close(): Promise<void> {
    if (!open) return
    open = false
    await services.close()
    await closePlace()
  }
  try {
    return await task({
      services,
      db,
      async caller(roles, name = given.as) {
        const file = given['password-file']
        const password = file === undefined ? process.env.CONCORD_PASSWORD : await firstLine(file)
        if (name === undefined || !password)
          throw new ConcordError(
            'not-signed-in',
            'Say who you are: --as NAME, with the password in CONCORD_PASSWORD or --password-file.',
          )
        const caller = await services.accounts.signIn({ name: name.toLowerCase(), password })
        if (roles) requireRole(caller, ...roles)
        return caller
      },
    })
  } finally {
    await close()
  }
}

/** Whether data were begun there: a server is named, or the database is there, if only as a restore that was cut off left it. */
function holdsData(root: string): boolean {
  if (wantedAddress(root)) return true
  try {
    return readdirSync(root).some((name) => name.startsWith('concord.db'))
  } catch {
    return false
  }
}

/** Error: `data-folder` where nothing can be kept there. */
function foldersOf(root: string): DataFolders {
  const shared = readPlaceSetting(root).files
  try {
    return dataFolders(root, shared)
  } catch {
    const message = 'Data cannot be kept in this folder; name one that you may write to with --data.'
    throw new FileRefused(root, { code: 'data-folder', message })
  }
}

async function firstLine(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(about(path))
  return text.split(/\r?\n/)[0]!
}

/** Refuses a caller without one of the roles, as the window's router does. */
export function requireRole(caller: Caller, ...roles: Caller['roles']): void {
  if (!caller.roles.some((role) => roles.includes(role)))
    throw new ConcordError('not-allowed', `This needs the role ${roles.join(' or ')}.`)
}

/** Waits for a job; what failed in it is thrown. */
export async function finished(program: Headless, caller: Caller, jobId: string, ended: Promise<void>): Promise<void> {
  await ended
  const job = (await program.services.jobs.list(caller.accountId)).find((j) => j.id === jobId)
  if (job?.error) throw new ConcordError(job.error.code, job.error.message)
  if (job && job.state !== 'done') throw new ConcordError('job-ended', `The work ended as ${job.state}.`)
}

function reportTo(io: CommandIo): (job: Job) => void {
  return (job) => {
    const of = job.total > 0 ? ` ${Math.floor(job.done)} / ${job.total}` : ''
    io.err(`${job.kind} ${job.state}${of} ${job.detail}`.trimEnd())
  }
}
