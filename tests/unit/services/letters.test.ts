import { expect, it } from 'vitest'
import { readerLetters } from '../../../src/preload/contract/letters.ts'
import { password, startProgram } from '../../fixtures/program.ts'

it('calls up to 26 readers A to Z, and more of them AA, AB, … in one order however names are sorted', () => {
  expect(readerLetters(3)).toEqual(['A', 'B', 'C'])
  expect(readerLetters(26).at(-1)).toBe('Z')
  const many = readerLetters(30)
  expect([many[0], many[25], many[26], many[29]]).toEqual(['AA', 'AZ', 'BA', 'BD'])
  expect([...many].sort()).toEqual(many)
  expect([...many].sort(new Intl.Collator('de').compare)).toEqual(many)
})

it('gives thirty readers of a study letters, and no other signs', async () => {
  const program = await startProgram()
  await program.person('lead', 'lead')
  const readerIds: string[] = []
  for (let n = 1; n <= 30; n += 1) {
    const request = { name: `r${n}`, displayName: `Dr r${n}`, password, roles: ['reader'] }
    readerIds.push((await program.get<{ id: string }>('admin', 'accounts.create', request)).id)
  }
  const { id: studyId } = await program.get<{ id: string }>('lead', 'studies.create', {
    ...{ title: 'Motion', template: 'hrpqct-motion', readersPerScan: 3 },
  })
  await program.get('lead', 'studies.setReaders', { studyId, readerIds })
  const rows = await program.db.selectFrom('study_reader').select('letter').orderBy('letter').execute()
  expect(rows.map(({ letter }) => letter)).toEqual(readerLetters(30))
  await program.close()
})
