import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { makeFolder } from '../../../src/main/files/make-folder.ts'

const folder = mkdtempSync(join(tmpdir(), 'concord-folder-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('makes a folder and those above it, leaves one that is there, and says when a file is in the way', () => {
  const deep = join(folder, 'a/b/c')
  makeFolder(deep, 0o700)
  makeFolder(deep, 0o700)
  expect(statSync(join(folder, 'a')).mode & 0o777).toBe(0o700)
  writeFileSync(join(folder, 'file'), 'x')
  for (const path of [join(folder, 'file'), join(folder, 'file/below')])
    expect(() => makeFolder(path)).toThrow(expect.objectContaining({ code: 'ENOTDIR' }) as Error)
})

it.skipIf(!existsSync('/proc/self'))('ends where the system takes no folder (there is no /proc here)', () => {
  expect(() => makeFolder('/proc/concord/deep')).toThrow()
})
