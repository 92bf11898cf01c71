import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createLog, withoutNames } from '../../../src/main/app/log.ts'

it.each([
  ["ENOENT: no such file or directory, open '/scans/Muster Hanna 1970/a.dcm'", 'Muster'],
  ['EACCES, scandir "C:\\Users\\Muster\\scans"', 'Muster'],
  ['copy /home/muster/x.db to //server/share/Muster failed', 'uster'],
  [`UNIQUE constraint failed: "Muster"`, 'Muster'],
  ['at file:///home/muster/own/thing.js:12:3', 'muster'],
])('takes names out of %s', (line, name) => {
  expect(withoutNames(line)).not.toContain(name)
  expect(withoutNames(line).length).toBeGreaterThan(5)
})

it('keeps codes, identifiers and the program’s own source files', () => {
  const here = new URL('../../../src/main/app/log.ts', import.meta.url).pathname
  const line = `reading.cast: disk-full 019aa000-0000-7000-8000-000000000000 at f (${here}:3:4)`
  expect(withoutNames(line)).toBe(line)
})

it('writes no path of the data folder either', () => {
  const folder = mkdtempSync(join(tmpdir(), 'concord-log-'))
  const file = join(folder, 'concord.log')
  createLog(file, [folder])(`start: cannot open ${folder}/concord.db`)
  expect(readFileSync(file, 'utf8')).toMatch(/start: cannot open <data>\n$/)
  rmSync(folder, { recursive: true, force: true })
})
