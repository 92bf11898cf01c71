import type { Program } from '../fixtures/program.ts'
import { isDone, signIn, type Deed, type Known } from './deed.ts'

/** One of a row of acts, each of which can be done only after those before it. */
export interface Act {
  name: string
  do(program: Program, known: Known): Promise<unknown>
  /** Whether it is done, whole: not a part of it. */
  there(program: Program, known: Known): Promise<boolean>
}

/**
 * A deed that consists of a row of acts, by people who sign in first. After the kill each that was acknowledged is there, none
 * without those before it, at most one that was not acknowledged; then the rest can be done, and all are there.
 */
export function rowOfActs(
  people: readonly string[],
  acts: readonly Act[],
): Pick<Deed, 'once' | 'acts' | 'work' | 'look'> {
  const come = async (program: Program): Promise<void> => {
    for (const name of people) await signIn(program, name)
  }
  const which = async (program: Program, known: Known): Promise<boolean[]> => {
    const found: boolean[] = []
    for (const act of acts) found.push(await act.there(program, known))
    return found
  }
  return {
    once: true,
    acts: Infinity,
    async work(program, known, say) {
      await come(program)
      for (const act of acts) {
        say('asked', act.name, 1)
        await act.do(program, known)
        say('done', act.name, 1)
      }
    },
    async look(program, known, said) {
      await come(program)
      const problems: string[] = []
      const found = await which(program, known)
      const count = found.includes(false) ? found.indexOf(false) : acts.length
      acts.forEach(({ name }, n) => {
        if (found[n] && n >= count) problems.push(`${name} is there without ${acts[count]!.name}`)
        if (isDone(said, name) && !found[n]) problems.push(`${name} was acknowledged and is not there`)
        if (found[n] && !said.some(({ what }) => what === name)) problems.push(`nobody asked for: ${name}`)
      })
      for (const act of acts.slice(count)) await act.do(program, known)
      const after = await which(program, known)
      acts.forEach(({ name }, n) => {
        if (!after[n]) problems.push(`${name} is not there after the rest was done`)
      })
      const { broken } = await program.services.audit.check()
      if (broken) problems.push(`the chain after the rest was done: ${broken.why}`)
      return problems
    },
  }
}
