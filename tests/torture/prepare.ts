import { join } from 'node:path'
import { writeDiscs } from '../fixtures/discs.ts'
import { addScans, createStudyWith, readAll, startProgram } from '../fixtures/program.ts'
import { phases, type Places } from './phases.ts'

/** A study to vote on, a draft to import into, and a label set to train on, in one data folder. */
export async function prepare(data: string, made: string, rounds: number): Promise<Places> {
  const program = await startProgram(data)
  try {
    await writeDiscs(join(made, 'labelled'), 16)
    // A folder for each import: small enough to be looked through at once, so that the kill meets the import itself.
    const folders = Array.from({ length: Math.ceil(rounds / phases.length) }, (_, n) => join(made, `new-${n}`))
    for (const [n, folder] of folders.entries()) await writeDiscs(folder, 12, [96, 96, 24], 'Disc', 100 + n * 12)
    const {
      studyId: trained,
      readers,
      lead,
    } = await createStudyWith(program, [{ folder: join(made, 'labelled'), purpose: 'reading' }])
    for (const reader of ['r1', 'r2', 'r3'])
      await readAll(program, reader, trained, (pseudonym) => 1 + (Number(pseudonym.slice(1, 5)) % 5))
    await program.get('lead', 'analysis.seal', { studyId: trained, incomplete: false })
    const { id: labelSet } = await program.get<{ id: string }>('lead', 'labels.freeze', {
      ...{ studyId: trained, name: 'To train on', rule: 'majority' },
    })
    await program.person('theo', 'trainer')
    const create = (title: string) =>
      program.get<{ id: string }>('lead', 'studies.create', { title, template: 'hrpqct-motion', readersPerScan: 1 })
    const { id: draft } = await create('To import into')
    const { id: voting } = await create('To vote on')
    await addScans(program.db, voting, lead.accountId, 200 + rounds * 120)
    await program.get('lead', 'studies.setReaders', { studyId: voting, readerIds: [readers[0]!.accountId] })
    await program.get('lead', 'studies.open', { studyId: voting })
    return { voting, draft, folders, labelSet, trained }
  } finally {
    await program.close()
  }
}
