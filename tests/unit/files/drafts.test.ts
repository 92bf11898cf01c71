import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { clearDrafts, draftOf } from '../../../src/main/files/drafts.ts'
import { writeOut } from '../../../src/main/files/write-out.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'concord-drafts-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const drafts = join(import.meta.dirname, '../../../src/main/files/drafts.ts')
const longAgo = new Date(Date.now() - 3 * 24 * 60 * 60 * 1000)

/** What a program leaves that is killed in the middle of a file; its name. */
async function killedWriting(name: string): Promise<string> {
  const code = `import { writeFileSync } from 'node:fs'
    const { draftOf } = await import(${JSON.stringify(drafts)})
    writeFileSync(draftOf(${JSON.stringify(join(folder, name))}), 'half')
    process.kill(process.pid, 'SIGKILL')`
  const before = new Set(readdirSync(folder))
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'ignore' })
  await once(child, 'exit')
  return readdirSync(folder).find((one) => !before.has(one))!
}

describe('a draft that a killed program left', () => {
  it('is hidden, and goes with the next file that leaves the program there, whatever its name', async () => {
    expect(await killedWriting('votes.csv')).toMatch(/^\.votes\.csv\./)
    await writeOut(join(folder, 'labels.csv'), 'scan,label\n')
    expect(readdirSync(folder)).toEqual(['labels.csv'])
  })

  it('goes at the next start; what is being written, and what is none, stays', async () => {
    await killedWriting('votes.csv')
    const own = draftOf(join(folder, 'model'))
    mkdirSync(own)
    writeFileSync(join(folder, '.kept.part'), '')
    writeFileSync(join(folder, 'concord-1.db.part'), '')
    await clearDrafts(folder)
    expect(readdirSync(folder).sort()).toEqual(['.kept.part', basename(own), 'concord-1.db.part'].sort())
    // Of a program before this one that had the same number.
    utimesSync(own, longAgo, longAgo)
    await clearDrafts(folder)
    expect(readdirSync(folder).sort()).toEqual(['.kept.part', 'concord-1.db.part'])
  })

  it('of another computer, one of the same name too, or of an earlier version, goes when nobody has touched it for a day', async () => {
    const named = createHash('sha256').update(hostname()).digest('hex').slice(0, 6)
    const ended = spawnSync(process.execPath, ['-e', ''], { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' } }).pid
    const others = [
      ...['.study.ffffff-12-0123abcd.part', `.votes.csv.${named}-${ended}-0123abcd.part`],
      '.b.0b0f5bd8-6d2c-4f0a-9d0e-0123456789ab.part',
    ]
    for (const name of others) writeFileSync(join(folder, name), 'half')
    await clearDrafts(folder)
    expect(readdirSync(folder).sort()).toEqual([...others].sort())
    for (const name of others) utimesSync(join(folder, name), longAgo, longAgo)
    await clearDrafts(folder)
    expect(readdirSync(folder)).toEqual([])
  })

  it('has a name that fits where the file’s own does', () => {
    const path = join(folder, `${'名'.repeat(80)}.csv`)
    writeFileSync(path, '')
    writeFileSync(draftOf(path), '')
    expect(readdirSync(folder)).toHaveLength(2)
  })
})
