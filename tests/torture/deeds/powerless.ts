import { existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { verifyChain } from '../../../src/main/store/verify.ts'
import { votesSaid } from '../../fixtures/votes.ts'
import { signIn, type Deed } from '../deed.ts'
import { voting } from './voting.ts'

/**
 * Votes, then a power cut on a disk that had not kept all that it said it had: the database's log ends in the middle, or its end is
 * rubbish. What was acknowledged last may be missing then, and the noted ends of the audit chain say so; but what is there is what
 * was cast first, whole, and reading goes on.
 */
export const powerless: Deed = {
  ...voting,
  once: true,
  acts: 40,
  harm(data, share) {
    const log = join(data, 'concord.db-wal')
    if (!existsSync(log)) return
    const { size } = statSync(log)
    const at = Math.floor(size * share)
    if (share < 0.7) return truncateSync(log, at)
    const bytes = readFileSync(log)
    for (let n = at; n < size; n++) bytes[n] = (bytes[n]! * 31 + n) & 255
    writeFileSync(log, bytes)
  },
  async look(program, { studyId }, said) {
    const problems: string[] = []
    const asked = said.filter(({ kind }) => kind === 'asked')
    const votes = await votesSaid(program)
    votes.forEach((vote, n) => {
      const { what, value } = asked[n] ?? {}
      if (vote.assignment_id !== what || vote.grade !== value) problems.push(`vote ${n} is another than was asked for`)
    })
    const { broken } = await verifyChain(program.db)
    if (broken) problems.push(`the chain by itself: ${broken.why}`)
    await signIn(program, 'r1')
    const desk = await program.get<{ current: { assignmentId: string } | null }>('r1', 'reading.desk', { studyId })
    if (desk.current?.assignmentId !== (asked[votes.length]?.what ?? desk.current?.assignmentId))
      problems.push('the queue goes on elsewhere')
    return problems
  },
}
