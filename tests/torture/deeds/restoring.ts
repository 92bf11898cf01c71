import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { openStudy, readAll, startProgram, type Program } from '../../fixtures/program.ts'
import { votesSaid } from '../../fixtures/votes.ts'
import { gradeOf, isDone, signIn, startAgain, type Deed } from '../deed.ts'

const count = async (program: Program): Promise<number> => (await votesSaid(program)).length

/** A backup takes the database's place; after the kill another one does. */
export const restoring: Deed = {
  once: true,
  acts: Infinity,
  async prepare(root) {
    const program = await startProgram(join(root, 'data'))
    const { studyId } = await openStudy(program, 20)
    const made = async (): Promise<string> => (await program.get<{ name: string }>('lead', 'backups.make')).name
    const first = await made()
    await readAll(program, 'r1', studyId, gradeOf)
    const name = await made()
    await readAll(program, 'r2', studyId, gradeOf)
    await program.close()
    return { root: join(root, 'data'), first, name, older: 20, newer: 40 }
  },
  async work(program, { name }, say) {
    await signIn(program, 'admin')
    say('asked', 'restore', 1)
    await program.get('admin', 'backups.restore', { name })
    say('done', 'restore', 1)
  },
  async look(program, { root, first, older, newer }, said) {
    const there = await count(program)
    const allowed = isDone(said, 'restore') ? [older] : [older, newer]
    const problems = allowed.includes(there) ? [] : [`${there} votes: neither the backup's nor those before`]
    const left = readdirSync(String(root)).filter((name) => /\.(restoring|ready)/.test(name))
    if (left.length > 0) problems.push(`left behind: ${left.join(' ')}`)
    // Another backup now, with nothing of the first one in it.
    await signIn(program, 'admin')
    await program.get('admin', 'backups.restore', { name: first })
    const again = await startAgain(String(root))
    try {
      const { broken } = await again.services.audit.check()
      if (broken) problems.push(`the chain of the other backup: ${broken.why}`)
      if ((await count(again)) !== 0) problems.push('the other backup has votes')
    } finally {
      await again.close()
    }
    return problems
  },
}
