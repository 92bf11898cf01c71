import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { studyCommand } from '../../../src/main/cli/study.ts'
import type { RegionScan } from '../../../src/preload/contract/regions.ts'
import { addScans, password, startProgram } from '../../fixtures/program.ts'

let data: string
beforeEach(() => (data = mkdtempSync(join(tmpdir(), 'concord-roi-'))))
afterEach(() => {
  delete process.env['CONCORD_PASSWORD']
  rmSync(data, { recursive: true, force: true })
})

async function concord(...args: string[]): Promise<string> {
  const out: string[] = []
  await studyCommand([...args, '--data', data], { out: (line) => out.push(line), err: () => undefined })
  return out[0]!
}

it('lists and places regions from a table, all of it or nothing', async () => {
  const program = await startProgram(data)
  const lead = await program.person('lead', 'lead')
  const { id } = await program.get<{ id: string }>('lead', 'studies.create', {
    ...{ title: 'Heels', template: 'calcaneus-osteoporosis', readersPerScan: 1 },
  })
  await addScans(program.db, id, lead.accountId, 3)
  await program.db.updateTable('scan').set({ dims: '[600,500,1]', spacing: '[0.05,0.05,1]' }).execute()
  await program.db.updateTable('scan').set({ spacing: null }).where('pseudonym', '=', 'P0002-1').execute()
  await program.close()
  process.env['CONCORD_PASSWORD'] = password

  const table = join(data, 'regions.csv')
  const place = (text: string) => {
    writeFileSync(table, text)
    return concord('roi', 'place', 'Heels', table, '--as', 'lead').catch((e: { code: string; message: string }) => e)
  }
  const list = async () =>
    (JSON.parse(await concord('roi', 'list', 'Heels', '--as', 'lead')) as { scans: RegionScan[] }).scans
  expect(await place('subject,x,y\nP0001-1,300,250\nP0001-2,10,250\n')).toMatchObject({
    ...{ code: 'roi-outside', message: expect.stringMatching(/^Line 3: .*Nothing was placed\.$/) as string },
  })
  expect((await list()).map(({ region }) => region)).toEqual([null, null, null])
  expect(await place('subject,x,y\nP0009-1,300,250\n')).toMatchObject({ code: 'scan-unknown' })
  expect(await place('subject,x,y\nP0001-1,three,250\n')).toMatchObject({ code: 'roi-table' })
  expect(await place('who,x,y\nP0001-1,3,250\n')).toMatchObject({ code: 'roi-table' })
  expect(await place('subject,x,y\nP0002-1,300,250\n')).toMatchObject({ code: 'roi-no-spacing' })
  const good = 'subject,x,y,spacing,inverted\nP0001-1,300,250,,\nP0001-2,200.5,250,,1\nP0002-1,300,250,0.1,\n'
  expect(await place(good)).toBe('{"placed":3}')
  expect((await list()).map(({ region }) => [region!.x, region!.spacingFrom, region!.inverted])).toEqual([
    [300, 'file', false],
    [200.5, 'file', true],
    [300, 'assumed', false],
  ])
})
