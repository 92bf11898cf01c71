import { plainDesign, type Design } from '../../preload/contract/design.ts'
import type { Connection } from '../store/database.ts'
import type { Row } from '../store/schema.ts'

/** The study's design; what an older study does not say is as in the plain one. */
export const designOf = (study: Row<'study'>): Design => ({
  ...plainDesign,
  ...(JSON.parse(study.design) as Partial<Design>),
})

/**
 * What queues are drawn from. Letters and codes are not: they follow `order_seed`, which nobody is told, so that the stated
 * seed says nothing about who is A. A study that an earlier version opened has no other.
 */
export const orderSeedOf = (study: Row<'study'>): string => String(designOf(study).seed ?? study.order_seed)

/** Stacks on end that a scan of so many slices consists of; a rest shorter than half a stack belongs to the last one. */
export function stacksOf(slices: number, design: Design): number {
  return design.slicesPerStack === null ? 1 : Math.max(1, Math.round(slices / design.slicesPerStack))
}

/**
 * Whether scans come more than once, or known ones among the others: then nothing may tell the reader which, neither a
 * pseudonym nor what the program says, or withholds, of scans voted on.
 */
export async function isConcealed(connection: Connection, study: Row<'study'>): Promise<boolean> {
  const design = designOf(study)
  if (design.repeats > 0 || design.rounds > 1) return true
  return (await casesOf(connection, study.id)).some(({ use }) => use === 'hidden')
}

export async function casesOf(connection: Connection, studyId: string): Promise<Row<'known_case'>[]> {
  return connection.selectFrom('known_case').selectAll().where('study_id', '=', studyId).orderBy('id').execute()
}
