import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { studyCommand } from '../../../src/main/cli/study.ts'
import { openStudy, password, readAll, startProgram } from '../../fixtures/program.ts'

let data: string
beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'concord-cli-backup-'))
  process.env.CONCORD_PASSWORD = password
  const program = await startProgram(data)
  const { studyId } = await openStudy(program, 3)
  await readAll(program, 'r1', studyId, () => 2)
  await program.close()
})
afterEach(() => {
  delete process.env.CONCORD_PASSWORD
  rmSync(data, { recursive: true, force: true })
})

async function study(...args: string[]) {
  const out: string[] = []
  const said: string[] = []
  const code = await studyCommand([...args, '--data', data], {
    out: (line) => out.push(line),
    err: (line) => said.push(line),
  })
  return { code, reply: JSON.parse(out.at(-1)!) as Record<string, unknown>, said: said.join('\n') }
}

it('backs up, verifies, finds what was changed, restores, also without a readable database', async () => {
  const file = join(data, 'elsewhere.db')
  expect(await study('backup', '--out', file, '--as', 'lead')).toMatchObject({ code: 0, reply: { path: file } })
  const { reply: before } = await study('verify', '--as', 'lead')
  expect(before).toMatchObject({ broken: null, votes: 3 })

  const other = new Sqlite(join(data, 'concord.db'))
  other.exec('drop trigger vote_no_delete; delete from vote where id = (select max(id) from vote)')
  other.close()
  const altered = await study('verify', '--as', 'lead')
  expect(altered).toMatchObject({ code: 1, reply: { broken: { why: 'the vote was removed', act: 'vote.cast' } } })
  expect(altered.said).toMatch(/is broken at entry \d+: the vote was removed \(.*That entry says "vote.cast", 20/)

  expect(await study('restore', file, '--as', 'admin')).toMatchObject({ code: 0 })
  const restored = await study('verify', '--as', 'lead')
  expect(restored).toMatchObject({ code: 0, reply: { broken: null, votes: 3 } })
  const head = before['head'] as { sequence: number; digest: string }
  // A head from before the restore, of an entry that went with it, is missed.
  expect(await study('verify', '--as', 'lead', '--head', `${head.sequence}:${'0'.repeat(64)}`)).toMatchObject({
    code: 1,
  })
  await expect(study('verify', '--as', 'lead', '--head', 'nonsense')).rejects.toMatchObject({ code: 'head-invalid' })

  const trail = join(data, 'audit.json')
  expect(await study('audit', '--out', trail, '--as', 'lead')).toMatchObject({ code: 0 })
  const entries = JSON.parse(readFileSync(trail, 'utf8')) as { act: string; name: string | null; secret: boolean }[]
  expect(entries.find((entry) => entry.act === 'database.restored')).toMatchObject({ name: 'Admin' })
  expect(entries.filter((entry) => entry.act === 'vote.cast').every((entry) => entry.secret && !entry.name)).toBe(true)

  const { reply: again } = await study('backup', '--as', 'lead')
  writeFileSync(join(data, 'concord.db'), Buffer.alloc(30_000, 0x5a))
  await expect(study('verify', '--as', 'lead')).rejects.toMatchObject({ code: 'database-damaged' })
  expect(await study('restore', String(again['name']))).toMatchObject({ code: 0 })
  expect(await study('verify', '--as', 'lead')).toMatchObject({ code: 0, reply: { votes: 3 } })
})
