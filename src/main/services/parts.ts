import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Part } from '../../preload/contract/program.ts'
import { ConcordError } from '../domain/error.ts'

/** The parts of the program and their licences, as the build collected them (packaging/parts); none without a build. */
export function createParts(folder: string) {
  let known: Part[] | null = null
  function list(): Part[] {
    try {
      known ??= JSON.parse(readFileSync(join(folder, 'parts.json'), 'utf8')) as Part[]
    } catch {
      // From source, without a build.
      return []
    }
    return known
  }
  return {
    list,
    /** @param text the name that the part has for its text */
    text(text: string): string {
      if (!list().some((part) => part.text === text))
        throw new ConcordError('text-unknown', 'There is no such licence text.')
      return readFileSync(join(folder, 'texts', `${text}.txt`), 'utf8')
    },
  }
}
