import { closeSync, copyFileSync, openSync, readdirSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { dataFolders } from '../../../src/main/app/paths.ts'
import { createRecovery } from '../../../src/main/services/backups/recovery.ts'
import { finishRestore } from '../../../src/main/store/backup.ts'
import { openStudy, readAll, startProgram, type Program } from '../../fixtures/program.ts'
import { votesSaid } from '../../fixtures/votes.ts'
import { gradeOf, startAgain, type Deed } from '../deed.ts'

/** The database is damaged, with its log beside it: the last good backup is found and takes its place. */
export const damaged: Deed = {
  once: true,
  acts: Infinity,
  async prepare(root) {
    const data = join(root, 'data')
    const program = await startProgram(data)
    const { studyId } = await openStudy(program, 20)
    await readAll(program, 'r1', studyId, gradeOf)
    await program.get('lead', 'backups.make')
    await readAll(program, 'r2', studyId, gradeOf)
    // As after a crash: what was cast since the backup stands in the log.
    const file = program.folders.database
    for (const end of ['', '-wal']) copyFileSync(`${file}${end}`, join(root, `kept${end}`))
    await program.close()
    for (const end of ['', '-wal']) renameSync(join(root, `kept${end}`), `${file}${end}`)
    for (const end of ['', '-wal']) {
      const handle = openSync(`${file}${end}`, 'r+')
      writeSync(handle, Buffer.alloc(64, 'damage'), 0, 64, 0)
      closeSync(handle)
    }
    return { data, votes: 20 }
  },
  async start(data) {
    finishRestore(join(data, 'concord.db'))
    return startProgram(data).catch(async (error: { code?: string }) => {
      if (error.code !== 'database-damaged') throw error
      return recovering(data)
    })
  },
  async work(program, _known, say) {
    if (!isRecovering(program)) return
    say('asked', 'recovery', 1)
    await program.recover()
    say('done', 'recovery', 1)
  },
  async look(program, { data, votes }, said) {
    const done = said.some(({ kind }) => kind === 'done')
    const problems = done && isRecovering(program) ? ['the database is damaged again'] : []
    if (isRecovering(program)) await program.recover()
    const again = isRecovering(program) ? await startAgain(String(data)) : program
    try {
      const there = (await votesSaid(again)).length
      if (there !== votes) problems.push(`${there} votes after the recovery`)
      const { broken } = await again.services.audit.check()
      if (broken) problems.push(`the chain after the recovery: ${broken.why}`)
      // The damaged file is kept, together with its log.
      const kept = readdirSync(String(data)).filter(
        (name) => /\.replaced-[^.]*$/.test(name) && !name.includes('anchors'),
      )
      const files = kept.filter((name) => !name.endsWith('-wal') && !name.endsWith('-shm'))
      const logs = kept.filter((name) => name.endsWith('-wal'))
      if (files.length !== 1 || logs.length !== 1 || `${files[0]}-wal` !== logs[0])
        problems.push(`kept of the damaged one: ${kept.join(' ')}`)
    } finally {
      if (again !== program) await again.close()
    }
    return problems
  },
}

/** What stands in the program's place while its database is damaged. */
type Recovering = Program & { recover(): Promise<void> }
const isRecovering = (program: Program): program is Recovering => 'recover' in program

function recovering(data: string): Recovering {
  const recovery = createRecovery(dataFolders(data))
  const whole = {
    services: { audit: { check: () => Promise.resolve({ broken: null }) } },
    close: () => Promise.resolve(),
  }
  return {
    ...(whole as unknown as Program),
    async recover() {
      const good = await recovery.lastGood()
      if (!good) throw new Error('there is no good backup')
      await recovery.restore(good.name)
    },
  }
}
