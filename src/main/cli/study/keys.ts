import { readFile } from 'node:fs/promises'
import { about } from '../io.ts'
import { required } from '../options.ts'
import type { Verb } from './call.ts'

/** Who can open the encrypted votes of a study. */
export const keyVerbs: Record<string, Verb> = {
  keys: {
    usage: 'STUDY   (whether its votes are encrypted, and who can open them)',
    roles: ['lead', 'administrator'],
    run: async ({ program, caller, studyId }) => program.services.keepers.state(caller, await studyId()),
  },
  'recovery-key': {
    usage: 'STUDY --out FILE   (the key to print, which opens the votes if every lead forgets the password)',
    roles: ['lead'],
    run: async ({ program, caller, values, studyId }) => {
      const path = required(values.out, '--out')
      return program.services.keepers.saveRecovery(caller, { studyId: await studyId() }, () => Promise.resolve(path))
    },
  },
  unlock: {
    usage: 'STUDY --recovery-key FILE   (opens the encrypted votes by the printed key, for this lead from now on)',
    roles: ['lead'],
    run: async ({ program, caller, values, studyId }) => {
      return program.services.keepers.unlock(caller, {
        studyId: await studyId(),
        code: await codeIn(values['recovery-key']),
      })
    },
  },
}

/** The recovery key in a text file: a line of its own, with or without a word and a colon before it. */
async function codeIn(path: string | undefined): Promise<string> {
  const file = required(path, '--recovery-key')
  const text = await readFile(file, 'utf8').catch(about(file))
  return /(?:[0-9a-z]{4}[ -]){8}[0-9a-z]{4}/i.exec(text)?.[0] ?? text.trim()
}
