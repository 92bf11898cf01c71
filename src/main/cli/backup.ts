import { createReadStream, existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { dataFolders, dataRoot } from '../app/paths.ts'
import { ConcordError } from '../domain/error.ts'
import { writeOut } from '../files/write-out.ts'
import { createRecovery } from '../services/backups/recovery.ts'
import type { dataOptions, OptionValues } from './arguments.ts'
import { withProgram } from './program.ts'
import { about, type CommandIo } from './io.ts'

type Given = OptionValues<typeof dataOptions> & { out?: string | undefined }

export const backupUsage = [
  'study backup [--out FILE]   (a copy of the database, read back; without FILE in the folder of backups)',
  'study backups   (those there are)',
  'study restore NAME|FILE   (puts a backup in the database’s place; what is replaced is kept beside it)',
]

/** `concord study backup [--out FILE]`: makes one, reads it back, and copies it to FILE; without FILE it stays in the backup folder. */
export async function backupCommand(given: Given, io: CommandIo): Promise<number> {
  return withProgram(io, given, async ({ services, caller }) => {
    const who = await caller(['administrator', 'lead'])
    const made = await services.backups.make(who)
    const { folder } = await services.backups.list(who)
    const path = given.out === undefined ? resolve(folder, made.name) : resolve(given.out)
    if (given.out !== undefined)
      await writeOut(path, createReadStream(resolve(folder, made.name)), 0o600).catch(about(given.out))
    io.out(JSON.stringify({ path, ...made }))
    return 0
  })
}

/** `concord study backups`: what is there, one JSON line each, newest first. */
export async function backupsCommand(given: Given, io: CommandIo): Promise<number> {
  return withProgram(io, given, async ({ services, caller }) => {
    const who = await caller(['administrator', 'lead'])
    for (const backup of (await services.backups.list(who)).backups) io.out(JSON.stringify(backup))
    return 0
  })
}

/**
 * `concord study restore NAME|FILE`: puts a backup in the database's place; what is replaced is kept beside it. Where the
 * database is so damaged that nobody can sign in, no sign-in is asked for.
 */
export async function restoreCommand(wanted: string | undefined, given: Given, io: CommandIo): Promise<number> {
  if (!wanted) throw new ConcordError('bad-option', 'Name the backup to restore: its name in the list, or a file.')
  try {
    return await withProgram(io, given, async ({ services, caller }) => {
      const who = await caller(['administrator'])
      const listed = (await services.backups.list(who)).backups.some(({ name }) => name === wanted)
      if (!listed && !existsSync(wanted))
        throw new ConcordError('backup-unknown', `There is no backup "${wanted}", and no such file.`)
      const brought = listed
        ? null
        : await services.backups.bring(who, () => Promise.resolve(resolve(wanted))).catch(about(wanted))
      const name = brought?.name ?? wanted
      await services.backups.restore(who, name)
      io.out(JSON.stringify({ restored: name }))
      return 0
    })
  } catch (error) {
    if (!(error instanceof ConcordError) || error.code !== 'database-damaged') throw error
    io.err(error.message)
    await createRecovery(dataFolders(given.data ?? dataRoot())).restore(wanted)
    io.out(JSON.stringify({ restored: wanted }))
    return 0
  }
}
