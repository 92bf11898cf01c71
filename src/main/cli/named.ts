import { ConcordError } from '../domain/error.ts'
import type { Caller } from '../services/context.ts'
import type { Headless } from './program.ts'

// What people name on the command line, by its name or its identifier. Each throws `…-unknown` where there is none.

const orThrow = <T>(found: T | undefined, code: string, message: string): T => {
  if (found === undefined) throw new ConcordError(code, message)
  return found
}

const none = (what: string, wanted: string | undefined, where = ''): string =>
  wanted === undefined ? `Name a ${what}${where}.` : `There is no ${what} "${wanted}"${where}.`

/** A study by title or identifier. */
export async function studyNamed({ services }: Headless, caller: Caller, wanted: string | undefined) {
  const found = (await services.studies.list(caller)).find(({ id, title }) => id === wanted || title === wanted)
  return orThrow(found, 'study-unknown', none('study', wanted))
}

/** A label set of a study. */
export async function labelSetNamed(
  { services }: Headless,
  caller: Caller,
  studyId: string,
  wanted: string | undefined,
) {
  const found = (await services.labels.list(caller, studyId)).find(({ id, name }) => id === wanted || name === wanted)
  return orThrow(found, 'label-set-unknown', none('label set', wanted, ' in this study (--labels)'))
}

/** A model of a study; of two with one name the newer. */
export async function modelNamed({ services }: Headless, caller: Caller, studyId: string, wanted: string | undefined) {
  const found = (await services.models.list(caller, studyId)).find(({ id, name }) => id === wanted || name === wanted)
  return orThrow(found, 'model-unknown', none('model', wanted, ' in this study'))
}

/** The identifiers of accounts, by the names people sign in with. */
export async function accountsNamed({ services }: Headless, names: readonly string[]): Promise<string[]> {
  const people = await services.accounts.list()
  return names.map((name) => {
    const found = people.find((person) => person.name === name.toLowerCase())
    return orThrow(found, 'reader-unknown', `There is no account "${name}".`).id
  })
}
