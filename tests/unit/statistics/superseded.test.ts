import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createStatistics } from '../../../src/main/statistics/host.ts'
import { addLargeStudy } from '../../fixtures/large-study.ts'
import { startProgram } from '../../fixtures/program.ts'

// A filter that is chosen while the intervals of the last one are computed does not wait for them.

test('another filter of the same page ends what is under way for the last one, and nobody else’s', async () => {
  const root = mkdtempSync(join(tmpdir(), 'concord-superseded-'))
  const program = await startProgram(root)
  const lead = await program.person('lead', 'lead')
  const readers = [await program.person('r1', 'reader'), await program.person('r2', 'reader')]
  const { studyId } = await addLargeStudy(program.db, {
    ...{ scans: 200, readerIds: readers.map(({ accountId }) => accountId), leadId: lead.accountId },
  })
  const { database: file } = program.folders
  await program.close()
  const statistics = createStatistics({ file })
  const study = { id: studyId, categories: [1, 2, 3, 4, 5], rescanFrom: 4 }
  const ask = (asker: string | undefined, site: string, resamples: number) =>
    statistics.ask({
      ...{ kind: 'overview', study, filter: { site }, resamples, everything: true, seed: 1, asker },
    })
  // So many resamples that the next question is there long before their end.
  const endless = ask('one', 'tibia', 20_000)
  const refused = expect(endless).rejects.toMatchObject({ code: 'superseded' })
  const others = [ask('two', 'tibia', 50), ask(undefined, 'tibia', 50)]
  const next = await ask('one', 'radius', 50)
  await refused
  expect(next.bySite.map(({ site }) => site)).toEqual(['radius'])
  const [two, nobody] = await Promise.all(others)
  expect(two!.bySite.map(({ site }) => site)).toEqual(['tibia'])
  expect(nobody).toEqual(two)
  await statistics.close()
  rmSync(root, { recursive: true, force: true })
})
