import { join } from 'node:path'
import type { LabelRule } from '../../../src/preload/contract/labels.ts'
import { openStudy, readAll, startProgram } from '../../fixtures/program.ts'
import { gradeOf, isDone, signIn, type Deed } from '../deed.ts'

/** More than are written at a time. */
const scans = 250
const rules: LabelRule[] = ['majority', 'dawid-skene']

/** Label sets are frozen: their labels are written some at a time, before the set that makes them valid. */
export const labelling: Deed = {
  once: true,
  acts: Infinity,
  async prepare(root) {
    const program = await startProgram(join(root, 'data'))
    const { studyId } = await openStudy(program, scans)
    // One vote is no majority.
    for (const reader of ['r1', 'r2']) await readAll(program, reader, studyId, gradeOf)
    await program.get('lead', 'analysis.seal', { studyId, incomplete: true })
    await program.close()
    return { studyId }
  },
  async work(program, { studyId }, say) {
    await signIn(program, 'lead')
    for (const rule of rules) {
      say('asked', rule, 1)
      await program.get('lead', 'labels.freeze', { studyId, name: rule, rule })
      say('done', rule, 1)
    }
  },
  async look(program, { studyId }, said) {
    const problems: string[] = []
    const sets = await program.db.selectFrom('label_set').select(['id', 'name']).execute()
    const labels = await program.db
      .selectFrom('label')
      .select(({ fn }) => ['label_set_id as id', fn.countAll<number>().as('n')])
      .groupBy('label_set_id')
      .execute()
    for (const { id, name } of sets) {
      const there = Number(labels.find((one) => one.id === id)?.n ?? 0)
      if (there !== scans) problems.push(`${name} has ${there} of ${scans} labels`)
    }
    const without = labels.filter(({ id }) => !sets.some((set) => set.id === id))
    if (without.length > 0) problems.push(`labels of ${without.length} sets that never came were left`)
    await signIn(program, 'lead')
    for (const rule of rules) {
      const there = sets.some(({ name }) => name === rule)
      if (isDone(said, rule) && !there) problems.push(`${rule} was acknowledged and is not there`)
      // What is not there can be frozen now, under the same name.
      if (!there) await program.get('lead', 'labels.freeze', { studyId, name: rule, rule })
    }
    return problems
  },
}
