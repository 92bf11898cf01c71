import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { computer, isRunning } from '../../files/drafts.ts'
import type { Connection, Database } from '../../store/database.ts'

/**
 * Which program of this computer carries a run out, noted in the run's folder: the window and the command may be open on one data
 * folder, and each must tell a run that goes on in the other from one whose program was killed.
 */
const fileIn = (folder: string): string => join(folder, 'program.json')

export async function noteHolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
    await writeFile(fileIn(folder), JSON.stringify({ computer: computer(), pid: process.pid }))
  } catch {
    // A disk that is full says so where the run's own files are written.
  }
}

export const forgetHolder = (folder: string): Promise<void> =>
  rm(fileIn(folder), { force: true }).catch(() => undefined)

/** Whether another program of this computer, one that runs now, carries it out. */
export async function isHeldElsewhere(folder: string): Promise<boolean> {
  const text = await readFile(fileIn(folder), 'utf8').catch(() => '{}')
  try {
    const { computer: of, pid } = JSON.parse(text) as { computer?: string; pid?: number }
    return of === computer() && typeof pid === 'number' && pid !== process.pid && isRunning(pid)
  } catch {
    // Cut off by a kill: nobody carries it out.
    return false
  }
}

/**
 * Decides who goes on with a run or a series while every other program that would decide it waits: the row is written first, which
 * takes it until the decision is kept, and whoever comes next finds the holder noted.
 */
export function decideAlone<T>(
  db: Database,
  table: 'training_run' | 'training_series',
  id: string,
  decide: (t: Connection) => Promise<T>,
): Promise<T> {
  return db.transaction().execute(async (t) => {
    await t
      .updateTable(table as 'training_run')
      .set((row) => ({ state: row.ref('state') }))
      .where('id', '=', id)
      .execute()
    return decide(t)
  })
}
