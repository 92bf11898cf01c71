import { join } from 'node:path'
import type { Settings } from '../../../src/preload/contract/settings.ts'
import { openStudy, password, readAll, startProgram } from '../../fixtures/program.ts'
import { votesSaid } from '../../fixtures/votes.ts'
import { gradeOf, mayBe, signIn, type Deed } from '../deed.ts'

/** A reader chooses passwords, each of which wraps the keys of the own votes anew; an administrator changes a setting. */
export const keys: Deed = {
  once: false,
  acts: 4,
  async prepare(root) {
    const program = await startProgram(join(root, 'data'))
    const { studyId } = await openStudy(program, 6)
    await readAll(program, 'r1', studyId, gradeOf)
    await program.close()
    return { studyId, password, setting: '' }
  },
  async work(program, known, say) {
    await signIn(program, 'admin')
    await signIn(program, 'r1', String(known['password']))
    let current = String(known['password'])
    for (let n = 0; ; n++) {
      const next = `${password} ${Date.now()}-${n}`
      say('asked', 'password', next)
      await program.get('r1', 'accounts.changePassword', { current, next })
      say('done', 'password', next)
      current = next
      const updatesFrom = `/srv/${Date.now()}-${n}`
      const settings = await program.get<Settings>('admin', 'settings.get')
      say('asked', 'setting', updatesFrom)
      await program.get('admin', 'settings.set', { ...settings, updatesFrom })
      say('done', 'setting', updatesFrom)
    }
  },
  async look(program, known, said) {
    const problems: string[] = []
    let found: string | null = null
    for (const one of mayBe(said, 'password', String(known['password']))) {
      const outcome = await program.ask('r1', 'accounts.signIn', { name: 'r1', password: one })
      if (outcome.ok) found ??= one
    }
    if (found === null) problems.push('neither the last password nor the one before it is taken')
    else {
      known['password'] = found
      await signIn(program, 'r1', found)
      const votes = await votesSaid(program)
      if (votes.length !== 6) problems.push(`${votes.length} of 6 votes can be opened`)
    }
    await signIn(program, 'admin')
    const { updatesFrom } = await program.get<Settings>('admin', 'settings.get')
    if (!mayBe(said, 'setting', String(known['setting'])).includes(updatesFrom ?? ''))
      problems.push(`the setting is ${updatesFrom}`)
    known['setting'] = updatesFrom ?? ''
    return problems
  },
}
