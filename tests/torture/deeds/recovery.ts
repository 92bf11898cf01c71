import { join } from 'node:path'
import type { StudyKeys } from '../../../src/preload/contract/keys.ts'
import type { Session } from '../../../src/preload/contract/accounts.ts'
import { contentColumns } from '../../../src/main/store/sealed/votes.ts'
import { openStudy, password, readAll, startProgram, type Program } from '../../fixtures/program.ts'
import { votesSaid } from '../../fixtures/votes.ts'
import { gradeOf, signIn, type Deed, type Known, type Said } from '../deed.ts'

const votes = 6

/**
 * A reader forgets the password, then the lead: an administrator gives one for a single sign-in, which is changed at once; the
 * lead opens the votes with the printed key, and the reader has the own ones again.
 */
export const recovery: Deed = {
  once: false,
  acts: 5,
  async prepare(root) {
    const program = await startProgram(join(root, 'data'))
    const { studyId } = await openStudy(program, votes)
    await readAll(program, 'r1', studyId, gradeOf)
    const { code } = await program.get<{ code: string }>('lead', 'keys.recovery', { studyId })
    await program.close()
    return { studyId, code, r1: password, lead: password }
  },
  async work(program, { studyId, code, lead }, say) {
    const admin = await signIn(program, 'admin')
    await signIn(program, 'lead', String(lead))
    for (let n = 0; ; n++) {
      for (const name of ['r1', 'lead']) {
        const accountId = await idOf(program, name)
        say('asked', `reset ${name}`, '')
        const given = await program.services.accounts.resetPassword(admin, accountId)
        say('done', `reset ${name}`, given.password)
        await signIn(program, name, given.password)
        const next = `${password} ${Date.now()}-${n}`
        say('asked', name, next)
        await program.get(name, 'accounts.changePassword', { current: given.password, next })
        say('done', name, next)
        if (name === 'lead') await signIn(program, name, next)
      }
      say('asked', 'unlock', 1)
      await program.get('lead', 'keys.unlock', { studyId, code })
      say('done', 'unlock', 1)
    }
  },
  async look(program, known, said) {
    const problems: string[] = []
    for (const name of ['r1', 'lead']) problems.push(...(await comeIn(program, name, known, said)))
    const { studyId, code } = known
    const { mine } = await program.get<StudyKeys>('lead', 'keys.unlock', { studyId, code })
    if (!mine) problems.push('the printed key does not open the votes')
    const lead = await signIn(program, 'lead', String(known['lead']))
    if (!(await program.get<StudyKeys>('lead', 'keys.state', { studyId })).mine)
      problems.push('the lead does not have the key at the next sign-in')
    const forLead = await readableBy(program, lead, String(studyId))
    if (forLead !== votes) problems.push(`the lead can read ${forLead} of ${votes} votes`)
    await signIn(program, 'r1', String(known['r1']))
    const own = await votesSaid(program)
    if (own.length !== votes) problems.push(`the reader can read ${own.length} of ${votes} votes`)
    return problems
  },
}

const idOf = async (program: Program, name: string): Promise<string> =>
  (await program.db.selectFrom('account').select('id').where('name', '=', name).executeTakeFirstOrThrow()).id

/**
 * Signs in with what must be taken: the last password that was acknowledged or the one asked for after it. Where a reset was asked
 * for and its answer was lost, nobody knows the new one, and the administrator resets again.
 */
async function comeIn(program: Program, name: string, known: Known, said: readonly Said[]): Promise<string[]> {
  const own = said.filter(({ what }) => what === name || what === `reset ${name}`)
  const done = own.findLast(({ kind }) => kind === 'done')
  const last = own.at(-1)
  const may = [String(done?.value ?? known[name])]
  if (last?.kind === 'asked' && last.what === name) may.unshift(String(last.value))
  let session: Session | null = null
  let secret = ''
  for (secret of may) {
    const outcome = await program.ask(name, 'accounts.signIn', { name, password: secret })
    if (outcome.ok) session = outcome.value as Session
    if (session) break
  }
  const problems: string[] = []
  if (!session) {
    if (last?.kind !== 'asked' || last.what !== `reset ${name}`) problems.push(`no password of ${name} is taken`)
    const admin = await signIn(program, 'admin')
    secret = (await program.services.accounts.resetPassword(admin, await idOf(program, name))).password
    session = await signIn(program, name, secret)
  }
  known[name] = secret
  if (session.mustChangePassword) {
    const next = `${password} ${Date.now()}`
    await program.get(name, 'accounts.changePassword', { current: secret, next })
    await signIn(program, name, next)
    known[name] = next
  }
  return problems
}

async function readableBy({ db, services }: Program, lead: Session, studyId: string): Promise<number> {
  const rows = await db
    .selectFrom('vote')
    .innerJoin('assignment', 'assignment.id', 'vote.assignment_id')
    .selectAll('vote')
    .select(contentColumns)
    .execute()
  const reader = await services.sealing.forFigures(db, lead, studyId)
  return rows.filter((row) => reader.read(row)?.grade != null).length
}
