import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { runCommand } from '../../../src/main/cli/run.ts'

const folder = mkdtempSync(join(tmpdir(), 'concord-bad-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, text: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

async function ran(command: 'agreement' | 'consensus', args: string[]) {
  const lines: string[] = []
  const messages: string[] = []
  const exit = await runCommand([command, ...args], {
    out: (line) => lines.push(line),
    err: (line) => messages.push(line),
  })
  return { exit, lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>), messages }
}

const header = 'subject,rater,grade\n'
/** What is wrong, the file, the code, and the row that is named (the header is row 1). */
const bad: [string, string, string, number][] = [
  ['an unknown grade', `${header}a,X,1\na,Y,2\nb,X,6\n`, 'csv-unknown-grade', 4],
  ['an unknown grade after semicolons', `subject;rater;grade\na;X;1\na;Y;x\n`, 'csv-unknown-grade', 3],
  ['a duplicate vote', `${header}a,X,1\na,Y,2\nb,X,3\na,X,1\n`, 'csv-duplicate-vote', 5],
  ['a duplicate vote after tabs', `subject\trater\tgrade\na\tX\t1\na\tX\t2\n`, 'csv-duplicate-vote', 3],
  ['a missing column', 'subject,grade\na,1\n', 'csv-missing-column', 1],
  ['a missing column after a byte-order mark', '\uFEFFsubject,rater\na,X\n', 'csv-missing-column', 1],
  ['a column twice', 'subject,rater,grade,rater\na,X,1,Y\n', 'csv-duplicate-column', 1],
  ['a row that is too short', `${header}a,X,1\na,Y\n`, 'csv-row-length', 3],
  ['a row that is too long', `${header}a,X,1\nb,X,1,2\n`, 'csv-row-length', 3],
  ['a rater without a name', `${header}a,X,1\nb,,1\n`, 'csv-missing-value', 3],
  ['a quote that stays open', `${header}a,X,1\n"b,X,1\n`, 'csv-malformed', 3],
  ['a patient too many', `subject,rater,grade,patient\na,X,1,P\na,Y,1,Q\n`, 'csv-two-patients', 3],
]

describe.each(['agreement', 'consensus'] as const)('%s of bad files', (command) => {
  it.each(bad)('%s: one line with code and row, exit 2, nothing of its figures', async (what, text, code, row) => {
    const path = file(`${what}.csv`, text)
    const { exit, lines, messages } = await ran(command, [path])
    expect(exit).toBe(2)
    expect(lines).toEqual([{ file: path, kind: 'reject', code, message: expect.stringMatching(new RegExp(`^Row ${row}\\b`)) as string }]) // prettier-ignore
    expect(messages).toEqual([`${path}: ${lines[0]!.message as string}`])
    expect(messages[0]).not.toContain('\n')
  })

  it('answers for the good of several files, in their order', async () => {
    const good = file('good.csv', `${header}a,X,1\na,Y,1\nb,X,4\nb,Y,5\n`)
    const paths = [good, ...bad.map(([what]) => join(folder, `${what}.csv`)), good]
    const { exit, lines, messages } = await ran(command, paths)
    expect(exit).toBe(2)
    expect(lines.map(({ file: of }) => of)).toEqual(paths)
    expect(messages).toHaveLength(bad.length)
    expect(lines.at(-1)).toEqual(lines[0])
  })

  it.each([
    ['semicolons', (text: string) => text.replaceAll(',', ';')],
    ['tabs', (text: string) => text.replaceAll(',', '\t')],
    ['a byte-order mark', (text: string) => `\uFEFF${text}`],
    ['CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
    ['quotes', (text: string) => text.replace(/[^,\n]+/g, '"$&"')],
    ['UTF-16', (text: string) => Buffer.concat([Uint8Array.of(0xff, 0xfe), Buffer.from(text, 'utf16le')])],
  ] as const)('gives the same figures for %s', async (what, change) => {
    const text = `${header}a,X,1\na,Y,1\nb,X,4\nb,Y,\nc,X,NA\nc,Y,2\n`
    const plain = (await ran(command, [file('plain.csv', text)])).lines[0]
    const other = (await ran(command, [file(`${what} changed.csv`, change(text))])).lines[0]
    expect({ ...other, file: '' }).toEqual({ ...plain, file: '' })
  })

  it('says that a header alone has no row', async () => {
    const { exit, lines } = await ran(command, [file('header.csv', header)])
    expect({ exit, code: lines[0]!.code }).toEqual({ exit: 2, code: 'csv-empty' })
  })
})

describe('a large file', () => {
  it('is read piece by piece: a bad row at its end is named, and memory grows by a few bytes a row', async () => {
    const path = join(folder, 'large.csv')
    const out = createWriteStream(path)
    out.write(header)
    const subjects = 200_000
    for (let s = 0; s < subjects; s += 1000) {
      let part = ''
      for (let i = s; i < s + 1000; i += 1) for (const rater of 'ABC') part += `scan-${i},${rater},${1 + (i % 5)}\n`
      if (!out.write(part)) await once(out, 'drain')
    }
    out.end(`scan-7,B,3\n`)
    await once(out, 'close')
    const before = process.memoryUsage()
    const { lines } = await ran('agreement', [path, '--bootstrap', '0'])
    expect(lines[0]).toMatchObject({ code: 'csv-duplicate-vote' })
    expect(lines[0]!.message).toMatch(new RegExp(`^Row ${3 * subjects + 2}: B `))
    // 600,001 rows as objects would be some 100 MB; in the builder's columns they are 14 bytes each.
    const grown = process.memoryUsage().arrayBuffers - before.arrayBuffers
    expect(grown).toBeLessThan(64 * (1 << 20))
  })
})
