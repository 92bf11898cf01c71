import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { sql } from 'kysely'
import { dataFolders, dataRoot } from '../app/paths.ts'
import { ConcordError } from '../domain/error.ts'
import { storageError } from '../domain/storage-error.ts'
import { readPlaceSetting, wantedAddress, writePlaceSetting } from '../services/places/setting.ts'
import { putAnchorsAside, readAnchors } from '../store/anchors.ts'
import { putDatabaseAside } from '../store/backup.ts'
import { closeDatabase, openDatabase, type Database } from '../store/database.ts'
import { addressText, parseAddress } from '../store/server/address.ts'
import { openServer } from '../store/server/database.ts'
import { lookAtServer } from '../store/server/look.ts'
import { copyToServer } from '../store/server/move.ts'
import { movedBefore } from '../store/server/moved-before.ts'
import { dataOptions, flag, type OptionValues, parse, text, unknownStep } from './arguments.ts'
import { required } from './options.ts'
import { withProgram } from './program.ts'
import type { CommandIo } from './io.ts'

export const usage = `database state                            where the data lies
database test ADDRESS                     reaches for a department's PostgreSQL and changes nothing there
database use ADDRESS [--files DIR]        opens there from now on; DIR: a folder all workstations share, for pictures and models
database use --here                       opens the file of this workstation again
database move ADDRESS --as NAME           copies the file's studies there, compares every row, and opens there from now on
Each with [--data DIR]. ADDRESS is postgres://USER@HOST[:PORT]/DATABASE; its password stands in PGPASSWORD or the file that PGPASSFILE names.`

/** `concord database …`: where the data of this workstation lies. */
export async function databaseCommand(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parse(args, {
    ...dataOptions,
    files: text,
    here: flag,
  })
  const [verb, address] = positionals
  const root = values.data ?? dataRoot()
  const say = (value: unknown): number => {
    io.out(JSON.stringify(value))
    return 0
  }
  switch (verb) {
    case 'state':
      return say({ address: wantedAddress(root), file: dataFolders(root).database, setting: readPlaceSetting(root) })
    case 'test':
      return say(await lookAtServer(placeOf(address)))
    case 'use': {
      const { address: wanted } = values.here ? { address: null } : placeOf(address)
      if (wanted) await lookAtServer({ address: wanted, password: null })
      const database = wanted && addressText(wanted)
      writePlaceSetting(root, { database, files: values.files === undefined ? null : resolve(values.files) })
      return say({ setting: readPlaceSetting(root) })
    }
    case 'move':
      return say(await move(root, address, values, io))
    default:
      throw unknownStep('database', verb)
  }
}

function placeOf(text: string | undefined) {
  return { address: parseAddress(required(text, 'ADDRESS, postgres://USER@HOST[:PORT]/DATABASE,')), password: null }
}

/** The file keeps its content and gets another name, so that nobody goes on voting in it. */
async function move(root: string, text: string | undefined, given: OptionValues<typeof dataOptions>, io: CommandIo) {
  const place = placeOf(text)
  if (wantedAddress(root) === addressText(place.address) && existsSync(dataFolders(root).database))
    return { ...(await finishedBefore(root, place, given, io)), kept: putAside(dataFolders(root), true) }
  if (wantedAddress(root) !== null)
    throw new ConcordError(
      'move-no-file',
      'The data lies on a server already; only a file of this workstation is moved.',
    )
  const folders = dataFolders(root)
  if (!existsSync(folders.database)) throw new ConcordError('move-no-file', 'There is no study on this workstation.')
  let moved: Awaited<ReturnType<typeof copyToServer>> | undefined
  await withProgram(io, { ...given, data: root }, async ({ db, caller }) => {
    const who = await caller(['administrator'])
    await alone(db)
    const { db: server } = await openServer(place)
    try {
      moved = await copyToServer(db, server, {
        ...{ by: who.accountId, anchors: readAnchors(folders.anchors) },
        tell: (line) => io.err(line),
      })
      // The server plans its first questions by what there is now.
      await sql`analyze`.execute(server)
    } finally {
      await server.destroy()
    }
    return 0
  })
  writePlaceSetting(root, { ...readPlaceSetting(root), database: addressText(place.address) })
  return { ...moved, address: addressText(place.address), kept: putAside(folders, moved?.rows === 0) }
}

/** @param ends whether the file went on after it was copied, if only by somebody signing in: the ends of its chain go with it */
function putAside({ database, anchors }: { database: string; anchors: string }, ends: boolean): string {
  const suffix = `moved-${new Date().toISOString().replace(/[-:.]/g, '')}`
  if (ends) putAnchorsAside(anchors, suffix)
  putDatabaseAside(database, suffix)
  return `${database}.${suffix}`
}

/** The moving was cut off when only the file was left to be put aside. Error: `move-no-file` where the file is another's. */
async function finishedBefore(
  root: string,
  place: ReturnType<typeof placeOf>,
  given: OptionValues<typeof dataOptions>,
  io: CommandIo,
) {
  let from: string | null = null
  await withProgram(io, { ...given, data: root }, async ({ db: server, caller }) => {
    await caller(['administrator'])
    const file = await openDatabase(dataFolders(root).database)
    try {
      from = await movedBefore(file, server)
    } finally {
      await closeDatabase(file)
    }
    return 0
  })
  if (from === null)
    throw new ConcordError('move-no-file', 'The data lies on that server already; the file here is of another study.')
  return { tables: [], rows: 0, from, address: addressText(place.address) }
}

/**
 * Nobody else may be at the file, and nobody may come while it is copied: SQLite gives up its log for the only user alone,
 * and then keeps the file for it.
 */
async function alone(db: Database): Promise<void> {
  try {
    await sql`pragma busy_timeout = 500`.execute(db)
    await sql`pragma journal_mode = delete`.execute(db)
    await sql`pragma locking_mode = exclusive`.execute(db)
    await db.connection().execute(async (one) => {
      await sql`begin exclusive`.execute(one)
      await sql`commit`.execute(one)
    })
  } catch (error) {
    if (storageError(error)?.code !== 'database-busy') throw error
    throw new ConcordError('database-in-use', 'Concord is open on this data. Close it, then move.')
  }
}
