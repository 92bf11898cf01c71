import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import type { Outcome } from '../../../src/preload/contract/route.ts'
import type { Series } from '../../../src/preload/contract/series.ts'
import { defaultRecipe, type Recipe } from '../../../src/preload/contract/training.ts'
import { prepareSeries } from '../../torture/series.ts'

const root = mkdtempSync(join(tmpdir(), 'concord-two-'))
const children: ChildProcess[] = []
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
})

/** More epochs than there is time for. */
const unending: Recipe = { ...defaultRecipe, imageSize: 32, epochs: 1000, patience: 0, testShare: 0.25 }

interface Asking {
  child: ChildProcess
  ask<T>(channel: string, payload: object): Promise<Outcome<T>>
}

async function another(data: string): Promise<Asking> {
  const script = fileURLToPath(new URL('../../fixtures/asking-child.ts', import.meta.url))
  const child = spawn(process.execPath, [script, data], { stdio: ['pipe', 'pipe', 'ignore'] })
  children.push(child)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async (): Promise<unknown> => JSON.parse((await lines.next()).value as string)
  expect(await next()).toBe('ready')
  return {
    child,
    async ask<T>(channel: string, payload: object) {
      child.stdin.write(`${JSON.stringify({ channel, payload })}\n`)
      return (await next()) as Outcome<T>
    },
  }
}

const gone = ({ child }: Asking): Promise<unknown> =>
  new Promise((end) => {
    child.once('exit', end)
    child.kill('SIGKILL')
  })

it('of two programs that go on with one dead run in the same instant one does, and the same of a series', async () => {
  const { studyId, labelSetId } = await prepareSeries(root)
  const data = join(root, 'data')
  const [first, ...pair] = await Promise.all([another(data), another(data), another(data)])

  const plan = { variants: [unending], folds: 2, inner: 0 }
  const started = await first.ask<Series>('series.start', { labelSetId, plan })
  if (!started.ok) throw new Error(started.error.message)
  const seriesId = started.value.id
  const theRun = async (asked: Asking): Promise<string | undefined> => {
    const runs = await asked.ask<{ id: string }[]>('training.runs', { studyId })
    return runs.ok ? runs.value[0]?.id : undefined
  }
  await expect.poll(() => theRun(first), { interval: 50, timeout: 60_000 }).toBeDefined()
  const runId = (await theRun(first))!
  await gone(first)

  for (const { resume, cancel, payload, code } of [
    { resume: 'training.resume', cancel: 'training.cancel', payload: { runId }, code: 'run-in-progress' },
    { resume: 'series.resume', cancel: 'series.cancel', payload: { seriesId }, code: 'series-in-progress' },
  ])
    // Left by a kill the first time, by a stop the next.
    for (let round = 0; round < 2; round++) {
      const outcomes = await Promise.all(pair.map((one) => one.ask(resume, payload)))
      expect(outcomes.map((one) => (one.ok ? 'goes on' : one.error.code)).sort()).toEqual(['goes on', code].sort())
      const winner = pair[outcomes.findIndex(({ ok }) => ok)]!
      await winner.ask(cancel, payload)
      const ended = async (): Promise<string> => {
        const outcome = await winner.ask<{ state: string }>('training.run', { runId })
        return outcome.ok ? outcome.value.state : outcome.error.code
      }
      await expect.poll(ended, { interval: 50, timeout: 60_000 }).toBe('cancelled')
    }
})
