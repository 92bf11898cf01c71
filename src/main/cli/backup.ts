import { copyFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { dataFolders, dataRoot } from '../app/paths.ts'
import { ConcordError } from '../domain/error.ts'
import { createRecovery } from '../services/backups/recovery.ts'
import { requireRole, withProgram } from './program.ts'
import type { CommandIo } from './io.ts'

interface Given {
  data?: string | undefined
  as?: string | undefined
  out?: string | undefined
}

/** `concord study backup [--out FILE]`: makes one, reads it back, and copies it to FILE; without FILE it stays in the backup folder. */
export async function backupCommand(given: Given, io: CommandIo): Promise<number> {
  return withProgram(io, given.data, async ({ services, caller }) => {
    const who = await caller(given.as)
    requireRole(who, 'administrator', 'lead')
    const made = await services.backups.make(who)
    const { folder } = await services.backups.list(who)
    const path = given.out === undefined ? resolve(folder, made.name) : resolve(given.out)
    if (given.out !== undefined) await copyFile(resolve(folder, made.name), path)
    io.out(JSON.stringify({ path, ...made }))
    return 0
  })
}

/** `concord study backups`: what is there, one JSON line each, newest first. */
export async function backupsCommand(given: Given, io: CommandIo): Promise<number> {
  return withProgram(io, given.data, async ({ services, caller }) => {
    const who = await caller(given.as)
    requireRole(who, 'administrator', 'lead')
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
    return await withProgram(io, given.data, async ({ services, caller }) => {
      const who = await caller(given.as)
      requireRole(who, 'administrator')
      const listed = (await services.backups.list(who)).backups.some(({ name }) => name === wanted)
      if (!listed && !existsSync(wanted))
        throw new ConcordError('backup-unknown', `There is no backup "${wanted}", and no such file.`)
      const brought = listed ? null : await services.backups.bring(who, () => Promise.resolve(resolve(wanted)))
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
