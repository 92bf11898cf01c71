import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { runCommand } from '../../../src/main/cli/run.ts'

/** A text that contains `part`, inside an expected object. */
const text = (part: string) => expect.stringContaining(part) as string

const folder = mkdtempSync(join(tmpdir(), 'concord-votes-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const votes = 'subject,rater,grade\na,X,1\na,Y,1\na,Z,4\nb,X,5\nb,Y,4\nb,Z,4\nc,X,2\nc,Y,NA\nc,Z,2\n'
const good = file('good.csv', votes)
const bad = file('bad.csv', 'subject,rater,grade\na,X,1\na,Y,9\n')

async function ran(command: 'agreement' | 'consensus', args: string[]) {
  const lines: string[] = []
  const messages: string[] = []
  const exit = await runCommand([command, ...args], {
    out: (line) => lines.push(line),
    err: (line) => messages.push(line),
  })
  return { exit, lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>), messages }
}

describe('agreement', () => {
  it('writes one object with the keys of the command', async () => {
    const { exit, lines, messages } = await ran('agreement', [good, '--bootstrap', '50'])
    expect({ exit, messages }).toEqual({ exit: 0, messages: [] })
    expect(Object.keys(lines[0]!)).toEqual(
      expect.arrayContaining([
        'file',
        'subjects',
        'raters',
        'categories',
        'percentAgreement',
        'cohenKappa',
        'lightKappa',
        'fleissKappa',
        'fleissKappaAvailable',
        'congerKappa',
        'krippendorffAlpha',
        'gwetAC1',
        'gwetAC2',
        'icc',
        'kendallW',
        'rescan',
        'fullAgreementRate',
        'confusion',
      ]),
    )
    expect(lines[0]).toMatchObject({
      file: good,
      subjects: 3,
      raters: ['X', 'Y', 'Z'],
      percentAgreement: { allRaters: 0, pairwise: 3 / 7 },
      rescan: { disagreementRate: 1 / 3, count: 1, n: 3, perReaderRate: { X: 1 / 3, Y: 1 / 2, Z: 2 / 3 } },
      fullAgreementRate: 0,
    })
    expect(lines[0]!.cohenKappa).toHaveLength(9)
    expect((await ran('agreement', [good, '--bootstrap', '50'])).lines).toEqual(lines)
  })

  it('goes on after bad files, says each in one line, and exits 2', async () => {
    const missing = join(folder, 'none.csv')
    const { exit, lines, messages } = await ran('agreement', [bad, good, missing, folder])
    expect(exit).toBe(2)
    expect(lines[0]).toEqual({
      file: bad,
      kind: 'reject',
      code: 'csv-unknown-grade',
      message: text('Row 3'),
    })
    expect(lines[1]).toMatchObject({ file: good, subjects: 3 })
    expect(lines[2]).toMatchObject({ file: missing, kind: 'reject', code: 'file-not-found' })
    expect(lines[3]).toMatchObject({ file: folder, kind: 'reject', code: 'file-is-folder' })
    expect(messages).toHaveLength(3)
    expect(messages.join('')).not.toContain('\n')
  })

  it('takes the scale, the cut, the seed', async () => {
    const two = file('two.csv', 'subject,rater,grade\na,X,0\na,Y,1\n')
    const { lines } = await ran('agreement', [two, '--categories', '1,0', '--bootstrap', '0'])
    expect(lines[0]).toMatchObject({
      categories: [0, 1],
      rescan: { disagreementRate: null, reason: text('') },
    })
    const cut = await ran('agreement', [two, '--categories', '0,1', '--rescan-from', '1'])
    expect(cut.lines[0]).toMatchObject({ rescan: { disagreementRate: 1 } })
  })

  it.each([[[]], [['--nonsense']], [[good, '--bootstrap', '-1']], [[good, '--categories', 'a,b']], [[good, '--categories', '1,1']], [[good, '--rescan-from', '9']]]) // prettier-ignore
  ('refuses %j with one line and exit 2', async (args) => {
    const { exit, lines, messages } = await ran('agreement', args)
    expect({ exit, messages: messages.length }).toEqual({ exit: 2, messages: 1 })
    expect(lines).toEqual([{ kind: 'reject', code: expect.any(String) as string, message: messages[0] }])
    expect(messages[0]).toMatch(/^\S[^\n]+\.$/)
  })
})

describe('consensus', () => {
  it('labels by the rule named', async () => {
    const of = async (...args: string[]) => (await ran('consensus', [good, ...args])).lines[0]!
    const labels = (line: Record<string, unknown>) =>
      (line.labels as { label: number | null }[]).map(({ label }) => label)
    expect(await of()).toMatchObject({ file: good, rule: 'majority', noConsensus: 0, ruleConflicts: 0 })
    expect(labels(await of())).toEqual([1, 4, 2])
    expect(labels(await of('--rule', 'rounded-mean'))).toEqual([2, 4, 2])
    expect(labels(await of('--rule', 'median'))).toEqual([1, 4, 2])
    const model = await of('--rule', 'dawid-skene')
    for (const key of ['posterior', 'readers', 'prior', 'logLikelihood', 'iterations'])
      expect(model).toHaveProperty(key)
    expect(model.posterior).toHaveLength(3)
  })

  it('rejects a bad file and an unknown rule', async () => {
    const { exit, lines } = await ran('consensus', [bad])
    expect({ exit, code: lines[0]!.code }).toEqual({ exit: 2, code: 'csv-unknown-grade' })
    expect((await ran('consensus', [good, '--rule', 'mean'])).exit).toBe(2)
  })
})
