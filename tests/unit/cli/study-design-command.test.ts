import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { studyCommand } from '../../../src/main/cli/study.ts'
import { plainDesign, type Design } from '../../../src/preload/contract/design.ts'
import type { Quality } from '../../../src/preload/contract/analysis.ts'
import { addScans, password, startProgram } from '../../fixtures/program.ts'

let data: string
beforeEach(() => (data = mkdtempSync(join(tmpdir(), 'concord-design-'))))
afterEach(() => {
  delete process.env['CONCORD_PASSWORD']
  rmSync(data, { recursive: true, force: true })
})

async function concord<T>(...args: string[]): Promise<T> {
  const out: string[] = []
  await studyCommand([...args, '--data', data], { out: (line) => out.push(line), err: () => undefined })
  return JSON.parse(out[0]!) as T
}
const codeOf = (...args: string[]): Promise<string> =>
  concord(...args).then(
    () => 'ok',
    (error: { code: string }) => error.code,
  )

it('designs a study and reads it without a window, with all that its votes are asked for', async () => {
  const program = await startProgram(data)
  const lead = await program.person('lead', 'lead')
  await program.person('r1', 'reader')
  await program.close()
  process.env['CONCORD_PASSWORD'] = password
  const { id } = await concord<{ id: string }>('create', '--title', 'T', '--readers-per-scan', '1', '--as', 'lead')
  const again = await startProgram(data)
  await addScans(again.db, id, lead.accountId, 4)
  await again.db.updateTable('scan').set({ dims: '[64,64,16]' }).execute()
  await again.close()

  expect((await concord<{ design: Design }>('design', 'T', '--as', 'lead')).design).toEqual(plainDesign)
  const wanted = join(data, 'design.json')
  writeFileSync(wanted, JSON.stringify({ repeats: 50, repeatGap: 1, confidence: true, slicesPerStack: 8 }))
  expect(await concord<Design>('design', 'T', '--set', wanted, '--as', 'lead')).toMatchObject({
    repeats: 50,
    rounds: 1,
  })
  writeFileSync(join(data, 'bad.json'), '{"repeats": 400}')
  expect(await codeOf('design', 'T', '--set', join(data, 'bad.json'), '--as', 'lead')).toBe('bad-design')
  expect(await codeOf('design', 'T', '--set', join(data, 'nowhere.json'), '--as', 'lead')).toBe('bad-design')

  await concord('readers', 'T', 'r1', '--as', 'lead')
  await concord('open', 'T', '--as', 'lead')
  expect(await codeOf('vote', 'T', '3', '--stacks', '1,3', '--as', 'r1')).toBe('confidence-missing')
  expect(await codeOf('vote', 'T', '3', '--stacks', '1,3', '--sure', 'very', '--as', 'r1')).toBe('bad-option')
  expect(await codeOf('vote', 'T', '3', '--sure', '2', '--as', 'r1')).toBe('stack-grades-missing')
  const beyond = ['--worst', '16', '--stacks', '1,3', '--sure', '2']
  expect(await codeOf('vote', 'T', '3', ...beyond, '--as', 'r1')).toBe('worst-slice-outside')
  // Four scans, and two of them again.
  for (let i = 0; i < 6; i++) await concord('vote', 'T', '3', '--stacks', '1,3', '--sure', '2', '--as', 'r1')
  expect(await codeOf('vote', 'T', '3', '--as', 'r1')).toBe('queue-finished')
  const { readers } = await concord<Quality>('quality', 'T', '--as', 'lead')
  expect(readers).toMatchObject([{ letter: 'A', repeats: { n: 2, same: 2, rate: 1 } }])
})
