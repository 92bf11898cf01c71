import { copyFile, open, rename, rm } from 'node:fs/promises'

/** Moves a file, also to another disk: there it has its name only once it is whole and on the disk. */
export async function moveFile(from: string, to: string): Promise<void> {
  try {
    await rename(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error
    await copyFile(from, `${to}.part`)
    const copy = await open(`${to}.part`, 'r+')
    await copy.sync().finally(() => copy.close())
    await rename(`${to}.part`, to)
    await rm(from, { force: true })
  }
}
