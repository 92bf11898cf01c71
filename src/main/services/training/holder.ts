import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { computer, isRunning } from '../../files/drafts.ts'

/**
 * Which program of this computer carries a run out, noted in the run's folder: the window and the command may be open on one data
 * folder, and each must tell a run that goes on in the other from one whose program was killed.
 */
const fileIn = (folder: string): string => join(folder, 'program.json')

export async function noteHolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(fileIn(folder), JSON.stringify({ computer: computer(), pid: process.pid }))
}

export const forgetHolder = (folder: string): Promise<void> => rm(fileIn(folder), { force: true })

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
