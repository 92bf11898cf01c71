import { join } from 'node:path'
import { newId, now } from '../../../src/main/store/identity.ts'
import { recordModel, recordQueues, recordScan } from '../../../src/main/store/witness/record.ts'
import { openStudy, readAll, startProgram, type Program } from '../../fixtures/program.ts'
import { votesSaid } from '../../fixtures/votes.ts'
import { gradeOf, isDone, signIn, type Deed, type Known, type Say } from '../deed.ts'

const readers = ['r1', 'r2', 'r3']
/** Scans that are read first; one more comes when the reading is opened again. */
const scans = 6

/** A reading is sealed, which opens its votes for good, unblinded, and opened again for one scan more, under keys of its own. */
export const sealing: Deed = {
  once: true,
  acts: Infinity,
  async prepare(root) {
    const program = await startProgram(join(root, 'data'))
    const { studyId, scanIds, lead } = await openStudy(program, scans + 1)
    const unread = scanIds.at(-1)!
    const { db } = program
    const as = { accountId: lead.accountId }
    await db.deleteFrom('assignment').where('scan_id', '=', unread).execute()
    await db.updateTable('scan').set({ purpose: 'unread' }).where('id', '=', unread).execute()
    const modelId = newId()
    const model = {
      ...{ id: modelId, study_id: studyId, run_id: null, name: 'Model', sha256: 'a'.repeat(64), parameters: 1 },
      ...{ origin: 'import' as const, created_at: now() },
    }
    await db.insertInto('model').values(model).execute()
    await db.transaction().execute(async (t) => {
      await recordQueues(t, as.accountId, studyId)
      await recordScan(t, { ...as, act: 'scan.imported' }, unread)
      await recordModel(t, { ...as, act: 'model.imported' }, model)
    })
    for (const reader of readers) await readAll(program, reader, studyId, gradeOf)
    await program.close()
    return { studyId, unread, modelId }
  },
  async work(program, known, say) {
    await signIn(program, 'lead')
    for (const act of acts) await act.do(program, known, say)
  },
  async look(program, known, said) {
    const problems: string[] = []
    const found = await stateOf(program, known)
    acts.forEach(({ name }, n) => {
      if (isDone(said, name) && found.acts < n + 1) problems.push(`${name} was acknowledged and is not there`)
    })
    if (found.opened !== found.acts > 0) problems.push(`sealed ${found.acts > 0}, its key open ${found.opened}`)
    if (found.pairs !== (found.acts === acts.length ? 2 : 1)) problems.push(`${found.pairs} pairs of keys`)
    if ((await votesSaid(program)).length !== scans * readers.length) problems.push('not all votes can be opened')
    // And on to the end: what is left is done, the scan more is read, and its votes are the lead's to open.
    await signIn(program, 'lead')
    for (const act of acts.slice(found.acts)) await act.do(program, known, () => undefined)
    for (const reader of readers) {
      await signIn(program, reader)
      await readAll(program, reader, String(known['studyId']), gradeOf)
    }
    if ((await votesSaid(program)).length !== (scans + 1) * readers.length) problems.push('the scan more is not read')
    await program.get('lead', 'analysis.seal', { studyId: known['studyId'], incomplete: false })
    return problems
  },
}

interface Act {
  name: string
  do(program: Program, known: Known, say: Say): Promise<void>
}
const act = (name: string, request: (program: Program, known: Known) => Promise<unknown>): Act => ({
  name,
  async do(program, known, say) {
    say('asked', name, 1)
    await request(program, known)
    say('done', name, 1)
  },
})
const acts = [
  act('seal', (program, { studyId }) => program.get('lead', 'analysis.seal', { studyId, incomplete: false })),
  act('unblind', (program, { studyId }) => program.get('lead', 'analysis.unblind', { studyId })),
  act('open again', (program, { modelId, unread }) =>
    program.get('lead', 'models.sendBack', { modelId, scanIds: [unread], alsoSure: 0 }),
  ),
]

async function stateOf({ db }: Program, { studyId }: Known) {
  const id = String(studyId)
  const study = await db.selectFrom('study').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  const again = await db.selectFrom('reading_again').select('id').execute()
  const opened = await db.selectFrom('study_key_opened').select('study_key_id').execute()
  const pairs = await db.selectFrom('study_key').select('id').where('study_id', '=', id).execute()
  const done = again.length > 0 ? 3 : study.unblinded_at !== null ? 2 : study.state === 'sealed' ? 1 : 0
  return { acts: done, opened: opened.length === 1, pairs: pairs.length }
}
