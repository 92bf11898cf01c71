import { opendir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { ConcordError } from '../domain/error.ts'
import { fileError } from './bytes.ts'

/** More files than any import has; a walk that meets more was pointed at the wrong place. */
const MAX_FILES = 200_000
const MAX_DEPTH = 32

export interface Walked {
  files: string[]
  refused: { path: string; error: ConcordError }[]
}

/**
 * Every file below the given files and folders, each once, in natural order. Links inside a folder are not followed, so
 * a walk cannot leave what was given; hidden files are passed over.
 */
export async function walk(
  paths: readonly string[],
  onFiles: (count: number) => void = () => undefined,
): Promise<Walked> {
  const files = new Set<string>()
  const refused: Walked['refused'] = []
  for (const path of paths) {
    try {
      if ((await stat(path)).isDirectory()) await walkFolder(path, 0, files, refused, onFiles)
      else files.add(path)
    } catch (error) {
      refused.push({ path, error: error instanceof ConcordError ? error : fileError(path, error) })
    }
  }
  return { files: [...files].sort(naturally), refused }
}

async function walkFolder(
  folder: string,
  depth: number,
  files: Set<string>,
  refused: Walked['refused'],
  onFiles: (count: number) => void,
): Promise<void> {
  if (depth > MAX_DEPTH) {
    const error = new ConcordError('folder-too-deep', `${basename(folder)} lies more than ${MAX_DEPTH} folders deep.`)
    refused.push({ path: folder, error })
    return
  }
  const folders: string[] = []
  try {
    for await (const item of await opendir(folder)) {
      if (item.name.startsWith('.')) continue
      const path = join(folder, item.name)
      if (item.isDirectory()) folders.push(path)
      else if (item.isFile()) {
        files.add(path)
        if (files.size > MAX_FILES) {
          throw new ConcordError('too-many-files', `There are more than ${MAX_FILES} files. Choose a smaller folder.`)
        }
        if (files.size % 100 === 0) onFiles(files.size)
      }
    }
  } catch (error) {
    if (error instanceof ConcordError) throw error
    refused.push({ path: folder, error: fileError(folder, error) })
  }
  for (const path of folders) await walkFolder(path, depth + 1, files, refused, onFiles)
}

const collator = new Intl.Collator('en', { numeric: true })

/** slice-2 before slice-10. */
export const naturally = (a: string, b: string): number => collator.compare(a, b) || (a < b ? -1 : 1)
