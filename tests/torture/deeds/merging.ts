import { join } from 'node:path'
import { giveVolumes, travel } from '../../fixtures/packets.ts'
import { openStudy, readAll, startProgram } from '../../fixtures/program.ts'
import { votesSaid } from '../../fixtures/votes.ts'
import { gradeOf, isDone, signIn, type Deed } from '../deed.ts'

/** A packet of votes is merged. */
export const merging: Deed = {
  once: true,
  acts: Infinity,
  async prepare(root) {
    const home = await startProgram(join(root, 'data'))
    const away = await startProgram(join(root, 'away'))
    const { studyId, lead, readers } = await openStudy(home, 60)
    await giveVolumes(home)
    const ways = travel({ home, away, stick: root, lead, reader: readers[0]!, studyId })
    await ways.make()
    await ways.open()
    await readAll(away, 'r1', studyId, gradeOf)
    await ways.take()
    await home.close()
    await away.close()
    return { path: ways.file('back.concord-votes'), votes: 60 }
  },
  async work(program, { path }, say) {
    const lead = await signIn(program, 'lead')
    say('asked', 'merge', 1)
    await program.services.packets.merge(lead, { path: String(path) })
    say('done', 'merge', 1)
  },
  async look(program, { path, votes }, said) {
    const problems: string[] = []
    const there = (await votesSaid(program)).length
    const allowed = isDone(said, 'merge') ? [votes] : [0, votes]
    if (!allowed.includes(there)) problems.push(`${there} votes of the packet's ${votes}`)
    // Merged once more, as one would: now all are there, each once.
    await program.services.packets
      .merge(await signIn(program, 'lead'), { path: String(path) })
      .catch((error: unknown) => {
        if (there === 0) problems.push(`it cannot be merged again: ${String(error)}`)
      })
    const all = await votesSaid(program)
    if (all.length !== votes || new Set(all.map((vote) => vote.assignment_id)).size !== votes)
      problems.push(`${all.length} votes after merging again`)
    return problems
  },
}
