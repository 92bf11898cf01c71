import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { merge, oneCheck, readTally, report, type Tally } from '../../../scripts/lib/test/tally.mjs'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'concord-tally-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

function written(name: string, tally: Tally): string {
  const file = join(folder, name)
  writeFileSync(file, JSON.stringify(tally))
  return file
}

const ended = (code: number): { code: number; output: string } => ({ code, output: 'what it said' })

describe('a runner counts as failed', () => {
  it('that wrote nothing', () => {
    const { failed } = readTally('unit', join(folder, 'none.json'), ended(0))
    expect(failed).toHaveLength(1)
    expect(failed[0]!.message).toContain('what it said')
  })

  it('that ran no test', () => {
    expect(readTally('e2e', written('a', { passed: 0, failed: [], skipped: [] }), ended(0)).failed).toHaveLength(1)
  })

  it('that failed although every test passed', () => {
    expect(readTally('unit', written('b', { passed: 3, failed: [], skipped: [] }), ended(1)).failed).toHaveLength(1)
  })
})

it('a runner is believed otherwise', () => {
  const tally = { passed: 3, failed: [{ name: 'a', message: 'b' }], skipped: [] }
  expect(readTally('unit', written('c', tally), ended(1))).toEqual(tally)
})

it('the last line holds the counts of all stages, after failures and the reasons of what was skipped', () => {
  const lines: string[] = []
  const unit = { passed: 7, failed: [], skipped: [{ name: 'GPU', reason: 'no GPU here' }] }
  report(merge([unit, oneCheck('lint', ended(1)), oneCheck('type check', ended(0))]), (line) => lines.push(line))
  expect(lines.at(-1)).toBe('8 passed, 1 failed, 1 skipped')
  const text = lines.join('\n')
  expect(text).toContain('GPU: no GPU here')
  expect(text).toMatch(/✗ lint\n\s+what it said/)
})
