import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { maglevCompiles } from '../../fixtures/tiers.ts'

const file = (path: string): string => JSON.stringify(resolve(import.meta.dirname, '../../..', path))
/** What the tiers say in a process of its own, started as a plain Node starts. */
async function told(...imported: string[]): Promise<string> {
  const program = [
    ...imported.map((path) => `await import(${file(path)})`),
    `const { maglevCompiles } = await import(${file('tests/fixtures/tiers.ts')})`,
    `process.stdout.write(String(await maglevCompiles()))`,
  ]
  const args = ['--input-type=module', '--eval', program.join('\n')]
  return (await promisify(execFile)(process.execPath, args)).stdout
}

test('V8’s middle compiler compiles nothing where the program’s first import turned it off, and would without', async () => {
  expect(await told()).toBe('true')
  expect(await told('src/main/app/compiler.ts')).toBe('false')
})

test('nor in what runs these tests, nor in a thread of it', async () => {
  expect(await maglevCompiles()).toBe(false)
  const thread = new Worker(
    `import(${file('tests/fixtures/tiers.ts')}).then(async ({ maglevCompiles }) =>
      require('node:worker_threads').parentPort.postMessage(await maglevCompiles()))`,
    { eval: true },
  )
  expect(await new Promise((done, fail) => thread.once('message', done).once('error', fail))).toBe(false)
})
