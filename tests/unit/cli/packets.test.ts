import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { studyCommand } from '../../../src/main/cli/study.ts'
import { giveVolumes } from '../../fixtures/packets.ts'
import { openStudy, password, startProgram } from '../../fixtures/program.ts'

let root: string
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'concord-cli-packets-'))
  process.env.CONCORD_PASSWORD = password
  const program = await startProgram(join(root, 'home'))
  await openStudy(program, 2)
  await giveVolumes(program)
  await program.close()
})
afterEach(() => {
  delete process.env.CONCORD_PASSWORD
  rmSync(root, { recursive: true, force: true })
})

async function study(where: 'home' | 'away', ...args: string[]) {
  const out: string[] = []
  const io = { out: (line: string) => out.push(line), err: () => undefined }
  const code = await studyCommand([...args, '--data', join(root, where)], io)
  return { code, reply: JSON.parse(out.at(-1)!) as Record<string, unknown> }
}

it('takes a study to a workstation that is offline and its votes home', async () => {
  const [packet, votes] = [join(root, 'r1.concord-study'), join(root, 'r1.concord-votes')]
  const made = await study('home', 'packet', 'make', 'Motion', '--reader', 'r1', packet, '--as', 'lead')
  expect(made).toMatchObject({ code: 0, reply: { reader: 'r1', scans: null } })
  const signer = made.reply['signer'] as string
  expect(await study('away', 'packet', 'open', packet, '--signer', signer)).toMatchObject({ reply: { changed: true } })
  expect(await study('away', 'packet', 'open', packet)).toMatchObject({ reply: { changed: false } })
  await study('away', 'vote', 'Motion', '3', '--as', 'r1')
  await study('away', 'vote', 'Motion', '1', '--as', 'r1')
  expect(await study('away', 'packet', 'votes', 'Motion', '--reader', 'r1', votes)).toMatchObject({
    reply: { votes: 2 },
  })
  await expect(study('home', 'packet', 'merge', votes, '--as', 'r2')).rejects.toMatchObject({ code: 'not-allowed' })
  expect(await study('home', 'packet', 'merge', votes, '--as', 'lead')).toMatchObject({
    code: 0,
    reply: { votes: 2, known: 0, conflicts: [], reader: null },
  })
  expect(await study('home', 'packet', 'merge', votes, '--as', 'lead')).toMatchObject({ reply: { votes: 0 } })
  expect(await study('home', 'verify', '--as', 'lead')).toMatchObject({ code: 0, reply: { broken: null, votes: 2 } })
  writeFileSync(votes, 'no packet')
  await expect(study('home', 'packet', 'merge', votes, '--as', 'lead')).rejects.toMatchObject({
    code: 'packet-foreign',
  })
  await expect(study('home', 'packet', 'merge')).rejects.toMatchObject({ code: 'usage' })
})
