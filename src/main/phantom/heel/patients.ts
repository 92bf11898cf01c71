import { randomFrom } from '../../domain/random.ts'
import type { Side } from '../types.ts'

/** CN: control; OP: osteoporotic. */
export type BoneClass = 'CN' | 'OP'

export interface HeelPatient {
  /** H001, H002 … in an order that tells nothing of the class. */
  id: string
  class: BoneClass
  /** Years, 40 to 92 as in the 2021 paper. */
  age: number
  side: Side
  /** How porous the bone is, in standard deviations within a class: CN around -separation / 2, OP around +separation / 2. */
  porosity: number
  seed: string
}

/**
 * Distance of the two classes' mean porosity in standard deviations. Porosity is the only thing of a picture that depends on
 * the class, so nobody can tell the classes apart better than somebody who knows it exactly and calls OP what lies
 * above 0: right in Phi(separation / 2) of the cases (bayesLimit). Who sees but a picture, with its age, noise
 * and overlap, stays below.
 */
export const separation = 2

/** The best accuracy that any reader or network can have on these patients: Phi(1) = 0.841. */
export const bayesLimit = 0.8413447460685429

/**
 * Age-matched pairs, half OP and half CN as in the 2021 paper (87 and 87 of women aged 40 to 92): both of a pair have the
 * same age. The same seed gives the same patients.
 * @param pairs 1 to 4,999.
 */
export function heelPatients(seed: string | number, pairs = 87): HeelPatient[] {
  if (!Number.isInteger(pairs) || pairs < 1 || pairs > 4999) throw new RangeError('pairs must be from 1 to 4,999')
  const random = randomFrom(`heel ${seed}`)
  const people = Array.from({ length: pairs }, () => {
    const age = Math.round(Math.min(92, Math.max(40, 68 + 11 * random.normal())))
    return (['CN', 'OP'] as const).map((kind) => ({
      class: kind,
      age,
      side: random.uniform() < 0.5 ? ('left' as const) : ('right' as const),
      porosity: random.normal() + ((kind === 'OP' ? 1 : -1) * separation) / 2,
    }))
  }).flat()
  const width = Math.max(3, String(people.length).length)
  return random.shuffle(people).map((person, index) => {
    const id = `H${String(index + 1).padStart(width, '0')}`
    return { id, ...person, seed: `heel ${seed} ${id}` }
  })
}
