import { createHmac } from 'node:crypto'
import { appendFile, mkdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Which files on the disk became which scan, so that a folder that is looked at again (an import that was cancelled or
 * interrupted, a folder that grew) costs a look at the sizes and times of what is known instead of decoding it. Only keyed
 * digests are kept, no path and no name; without the file everything is decoded again, and nothing else changes.
 */
export interface KnownSources {
  /** A digest of the files' places, sizes and times; null where one of them cannot be asked. */
  keyOf(files: readonly string[]): Promise<string | null>
  /** Content digest of files that have not changed since they were taken in. */
  contentOf(key: string): string | null
  add(taken: readonly { key: string | null; content: string }[]): Promise<void>
}

/** @param secret the study's own key: the digests say nothing to whoever does not have the database. */
export async function openKnownSources(folder: string, studyId: string, secret: string): Promise<KnownSources> {
  const file = join(folder, `${studyId}.txt`)
  const known = new Map<string, string>()
  const text = await readFile(file, 'utf8').catch(() => '')
  for (const line of text.split('\n')) {
    const [key, content] = line.split(' ')
    if (key && content?.length === 64) known.set(key, content)
  }
  return {
    async keyOf(files) {
      const hash = createHmac('sha256', secret)
      for (const path of files) {
        const found = await stat(path).catch(() => null)
        if (!found) return null
        hash.update(`${path}\0${found.size}\0${found.mtimeMs}\0${found.ino}\n`)
      }
      return hash.digest('hex')
    },
    contentOf: (key) => known.get(key) ?? null,
    async add(taken) {
      const lines = taken.flatMap(({ key, content }) => (key === null ? [] : [`${key} ${content}\n`]))
      if (lines.length === 0) return
      await mkdir(folder, { recursive: true })
      // A list that cannot be kept costs time at the next look, not the import.
      await appendFile(file, lines.join('')).catch(() => undefined)
    },
  }
}
