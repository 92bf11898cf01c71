import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { withLock } from '../../../scripts/lib/lock.mjs'

let folder: string
let lock: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'concord-lock-'))
  lock = join(folder, 'set-up.lock')
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

it('lets one in at a time, tells the other to wait, and leaves nothing behind', async () => {
  let inside = 0
  let most = 0
  let waited = 0
  const work = async (): Promise<void> => {
    inside += 1
    most = Math.max(most, inside)
    await new Promise((done) => setTimeout(done, 50))
    inside -= 1
  }
  await Promise.all([1, 2, 3].map(() => withLock(lock, work, () => (waited += 1))))
  expect(most).toBe(1)
  expect(waited).toBe(2)
  expect(existsSync(lock)).toBe(false)
})

it('lets the next one in after a failure', async () => {
  await expect(withLock(lock, () => Promise.reject(new Error('no network')))).rejects.toThrow('no network')
  expect(await withLock(lock, () => 'in')).toBe('in')
})

it('takes over from a holder that was killed', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  const { pid } = child
  child.kill('SIGKILL')
  await once(child, 'exit')
  writeFileSync(lock, `${pid} ${hostname()}`)
  expect(await withLock(lock, () => 'in')).toBe('in')
})

it('takes over from a holder elsewhere that has been silent for more than a minute', async () => {
  writeFileSync(lock, '1 another-machine')
  const old = new Date(Date.now() - 61_000)
  utimesSync(lock, old, old)
  expect(await withLock(lock, () => 'in')).toBe('in')
})
