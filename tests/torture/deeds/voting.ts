import { join } from 'node:path'
import { openStudy, startProgram, type Program } from '../../fixtures/program.ts'
import { votesSaid } from '../../fixtures/votes.ts'
import { signIn, type Deed, type Known, type Said, type Say } from '../deed.ts'

interface Desk {
  current: { assignmentId: string } | null
}

/** Votes as fast as they are taken, on a file or on a department's server (CONCORD_TEST_SERVER). */
export const voting: Deed = {
  once: false,
  acts: 12,
  async prepare(root) {
    const program = await startProgram(join(root, 'data'))
    const { studyId } = await openStudy(program, 800)
    await program.close()
    return { studyId, before: 0 }
  },
  work: (program, known, say) => castAll(program, String(known['studyId']), say),
  look: lookAtVotes,
}

/** Until there is nothing left to vote on, or the first vote that is refused. */
export async function castAll(program: Program, studyId: string, say: Say): Promise<void> {
  await signIn(program, 'r1')
  let desk = await program.get<Desk>('r1', 'reading.desk', { studyId })
  for (let n = 0; desk.current; n++) {
    const { assignmentId } = desk.current
    const grade = 1 + (n % 5)
    say('asked', assignmentId, grade)
    const cast = await program.ask('r1', 'reading.cast', {
      ...{ assignmentId, grade, reason: null, shownAt: new Date().toISOString(), worstSlice: null, note: null },
    })
    if (!cast.ok) throw Object.assign(new Error(cast.error.message), { code: cast.error.code })
    desk = cast.value as Desk
    say('done', assignmentId, grade)
  }
}

export async function lookAtVotes(program: Program, known: Known, said: readonly Said[]): Promise<string[]> {
  const votes = await votesSaid(program)
  const asked = new Map(said.filter(({ kind }) => kind === 'asked').map(({ what, value }) => [what, value]))
  const done = said.filter(({ kind }) => kind === 'done')
  const problems: string[] = []
  for (const { what, value } of done) {
    const found = votes.filter((vote) => vote.assignment_id === what)
    if (found.length !== 1 || found[0]!.grade !== value)
      problems.push(`vote ${what}: ${JSON.stringify(found.map(({ grade }) => grade))}, acknowledged ${value}`)
  }
  const own = votes.slice(Number(known['before']))
  if (own.length > done.length + 1) problems.push(`${own.length} votes, ${done.length} acknowledged`)
  for (const vote of own)
    if (asked.get(vote.assignment_id) !== vote.grade) problems.push(`nobody asked for the vote ${vote.id}`)
  known['before'] = votes.length
  return problems
}
