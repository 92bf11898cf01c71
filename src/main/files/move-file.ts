import { createReadStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { writeWhole } from './whole.ts'

/** Moves a file, also to another disk: there it has its name only once it is whole and on the disk. */
export async function moveFile(from: string, to: string): Promise<void> {
  try {
    await rename(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error
    await writeWhole(to, createReadStream(from))
    await rm(from, { force: true })
  }
}
