import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runCommand } from '../../../src/main/cli/run.ts'
import { password, startProgram } from '../../fixtures/program.ts'

const data = mkdtempSync(join(tmpdir(), 'concord-bad-input-'))
const before = process.env.CONCORD_PASSWORD
const passwordFile = join(data, 'password.txt')

beforeAll(async () => {
  const program = await startProgram(join(data, 'here'))
  await program.person('lead', 'lead')
  await program.get('lead', 'studies.create', { title: 'S', template: 'hrpqct-motion', readersPerScan: 3 })
  await program.close()
  writeFileSync(passwordFile, `${password}\n`)
  delete process.env.CONCORD_PASSWORD
})
afterAll(() => {
  if (before !== undefined) process.env.CONCORD_PASSWORD = before
  rmSync(data, { recursive: true, force: true })
})

/** What a command printed; every message must be one sentence or two, on one line. */
async function ran(...args: string[]) {
  const [out, err]: [Record<string, unknown>[], string[]] = [[], []]
  const io = {
    out: (line: string) => void out.push(JSON.parse(line) as never),
    err: (line: string) => void err.push(line),
  }
  const signedIn = ['--as', 'lead', '--password-file', passwordFile, '--data', join(data, 'here')]
  return { code: await runCommand([args[0]!, ...signedIn, ...args.slice(1)], io), out, err }
}

it.each([
  [['study', 'create'], 'bad-option', '--title is needed.'],
  [
    ['study', 'create', '--title', 'T', '--readers-per-scan', '0'],
    'bad-option',
    '--readers-per-scan must be at least 1.',
  ],
  [
    ['study', 'create', '--title', 'T', '--readers-per-scan', 'x'],
    'bad-option',
    '--readers-per-scan must be a number.',
  ],
  [
    ['study', 'create', '--title', 'T', '--readers-per-scan', '-1'],
    'bad-option',
    '--readers-per-scan must be at least 1.',
  ],
  [['study', 'status'], 'study-unknown', 'Name a study.'],
  [['study', 'status', 'Nowhere'], 'study-unknown', 'There is no study "Nowhere".'],
  [['train', 'S'], 'not-allowed', 'This needs the role trainer.'],
  [['account', 'list', '--nonsense'], 'bad-option', 'There is no option --nonsense here; --help lists the options.'],
] as const)('%j is refused with a code and one sentence', async (args, code, message) => {
  expect(await ran(...args)).toEqual({ code: 2, out: [{ kind: 'reject', code, message }], err: [message] })
})

it.each([
  [['study', 'import', 'S'], 'nothing-imported'],
  [['study', 'truth', 'S'], 'truth-unreadable'],
  [['study', 'packet', 'merge'], 'packet-missing'],
  [['study', 'status', 'S', '--password-file'], 'file-not-found'],
] as const)('%j names the file that is not there', async (args, code) => {
  const gone = join(data, 'gone.csv')
  const { code: exit, out } = await ran(...args, gone)
  expect({ exit, out }).toMatchObject({ exit: 2, out: [{ file: gone, kind: 'reject', code }] })
})

it('makes no data in a folder whose name was mistyped, and says which folder takes none', async () => {
  const gone = join(data, 'heer')
  expect((await ran('study', 'status', 'S', '--data', gone)).out).toMatchObject([{ file: gone, code: 'data-missing' }])
  expect(existsSync(gone)).toBe(false)
  const file = join(data, 'a file')
  writeFileSync(file, 'x')
  const { out } = await ran('account', 'create', 'eve', '--data', file)
  expect(out).toMatchObject([{ file, code: 'data-folder' }])
})

it('copies a backup whole or not at all', async () => {
  const good = join(data, 'copy.db')
  expect((await ran('study', 'backup', '--out', good)).out[0]).toMatchObject({ path: good })
  expect(existsSync(good)).toBe(true)
  expect((await ran('study', 'backup', '--out', join(data, 'none', 'copy.db'))).out).toMatchObject([
    { file: join(data, 'none', 'copy.db'), code: 'output-unwritable' },
  ])
})
