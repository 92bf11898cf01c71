import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Deed } from '../deed.ts'
import { castAll, lookAtVotes, voting } from './voting.ts'

/**
 * Votes until no file may grow any more: the log of the database or the database itself, as the limit falls. (A disk that is really
 * full, for which one must be root: tests/unit/services/disk.test.ts.)
 */
export const full: Deed = {
  ...voting,
  async work(program, { studyId }, say) {
    try {
      await castAll(program, String(studyId), say)
    } catch (error) {
      // In words, not as a defect; the program goes on, and everything else can still be read.
      const { code = '', message } = error as { code?: string; message: string }
      if (!code.startsWith('disk-')) throw error
      await program.get('r1', 'reading.desk', { studyId })
      say('done', 'refused', message)
    }
  },
  look: (program, known, said) =>
    lookAtVotes(
      program,
      known,
      said.filter(({ what }) => what !== 'refused'),
    ),
  largest(data, share) {
    const bytes = (end: string): number => {
      const file = join(data, `concord.db${end}`)
      return existsSync(file) ? statSync(file).size : 0
    }
    // From where nothing can be written at all to where the log was folded into the file once.
    return Math.ceil((share < 0.5 ? bytes('') * share * 2 : bytes('') + 400_000 * (share - 0.5)) / 1024)
  },
}
