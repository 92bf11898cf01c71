import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { moveFile } from '../../../src/main/files/move-file.ts'
import { putInPlace, writeWhole, writeWholeSync } from '../../../src/main/files/whole.ts'
import { writeOut } from '../../../src/main/files/write-out.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'concord-whole-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const posix = process.platform !== 'win32'

describe('a file written whole or not at all', () => {
  it('takes the place of the one before with all parts of its content, and leaves no draft', async () => {
    const path = join(folder, 'table.csv')
    writeFileSync(path, 'earlier')
    const parts = async function* (): AsyncGenerator<string | Uint8Array> {
      yield 'scan,grade\n'
      yield Buffer.from('a,3\n')
    }
    await writeWhole(path, parts())
    expect(readFileSync(path, 'utf8')).toBe('scan,grade\na,3\n')
    writeWholeSync(path, 'later')
    expect(readFileSync(path, 'utf8')).toBe('later')
    expect(readdirSync(folder)).toEqual(['table.csv'])
  })

  it('leaves the earlier file and no draft where its content fails in the middle, and says why', async () => {
    const path = join(folder, 'table.csv')
    writeFileSync(path, 'earlier')
    const failing = function* (): Generator<string> {
      yield 'half of '
      throw new Error('the vote cannot be read')
    }
    await expect(writeWhole(path, failing())).rejects.toThrow('the vote cannot be read')
    expect(readFileSync(path, 'utf8')).toBe('earlier')
    expect(readdirSync(folder)).toEqual(['table.csv'])
  })

  it('leaves no draft where its name is taken by a folder', async () => {
    const taken = join(folder, 'taken')
    mkdirSync(taken)
    await expect(writeWhole(taken, 'content')).rejects.toThrow()
    expect(() => writeWholeSync(taken, 'content')).toThrow()
    expect(readdirSync(folder)).toEqual(['taken'])
  })

  it('is one of two that are written at the same time, not a mixture', async () => {
    const path = join(folder, 'volume')
    const contents = ['a', 'b', 'c'].map((letter) => letter.repeat(1 << 20))
    await Promise.all(contents.map((content) => writeWhole(path, content)))
    expect(contents).toContain(readFileSync(path, 'utf8'))
    expect(readdirSync(folder)).toEqual(['volume'])
  })

  it.runIf(posix)('has the rights it was given before anything is in it', async () => {
    await writeWhole(join(folder, 'key'), 'secret', 0o600)
    writeWholeSync(join(folder, 'other'), 'secret', 0o600)
    for (const name of ['key', 'other']) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
  })
})

it('a file put in place is there under its new name alone', () => {
  writeFileSync(join(folder, 'made'), 'content')
  putInPlace(join(folder, 'made'), join(folder, 'named'))
  expect(readdirSync(folder)).toEqual(['named'])
})

it.runIf(posix && existsSync('/dev/shm'))('a file moves to another disk', async () => {
  const other = mkdtempSync('/dev/shm/concord-whole-')
  try {
    writeFileSync(join(folder, 'scan'), 'voxels')
    await moveFile(join(folder, 'scan'), join(other, 'scan'))
    expect(readFileSync(join(other, 'scan'), 'utf8')).toBe('voxels')
    expect([...readdirSync(folder), ...readdirSync(other)]).toEqual(['scan'])
  } finally {
    rmSync(other, { recursive: true, force: true })
  }
})

describe('a file that leaves the program', () => {
  it('to a folder that is gone by then says so', async () => {
    for (const gone of ['gone/a.csv', 'file/a.csv']) {
      writeFileSync(join(folder, 'file'), '')
      await expect(writeOut(join(folder, gone), 'a,3\n')).rejects.toMatchObject({ code: 'output-unwritable' })
    }
    expect(readdirSync(folder)).toEqual(['file'])
  })

  it.runIf(posix)('goes into a pipe as it is, which stays a pipe', async () => {
    const pipe = join(folder, 'pipe')
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0)
    const [read] = await Promise.all([readFile(pipe, 'utf8'), writeOut(pipe, 'a,3\n')])
    expect(read).toBe('a,3\n')
    expect(statSync(pipe).isFIFO()).toBe(true)
  })
})
