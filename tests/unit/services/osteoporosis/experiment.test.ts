import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LearnerHost } from '../../../../src/main/learning/host.ts'
import { osteoporosisExperiment, sittingsOf } from '../../../../src/main/services/osteoporosis/index.ts'
import type { ExperimentProgress } from '../../../../src/main/services/osteoporosis/index.ts'
import { writePage } from '../../../../src/main/services/osteoporosis/page.ts'
import { simulateHeelsInto } from '../../../../src/main/services/simulated/simulation.ts'
import { smallExperiment } from '../../../fixtures/small-experiment.ts'

const root = mkdtempSync(join(tmpdir(), 'experiment-'))
const heels = join(root, 'heels')
const killed = join(root, 'killed')
const whole = join(root, 'whole')
const child = join(import.meta.dirname, '../../../fixtures/small-experiment.ts')
let learner: LearnerHost

beforeAll(async () => {
  learner = new LearnerHost()
  await simulateHeelsInto(heels, { seed: 7, pairs: 3, readers: 3 })
})
afterAll(async () => {
  await learner.end()
  rmSync(root, { recursive: true, force: true })
})

const results = (folder: string): string[] => {
  const at = join(folder, 'results')
  // A file that was being written when the kill came is none.
  return existsSync(at)
    ? readdirSync(at)
        .filter((name) => name.endsWith('.json'))
        .sort()
    : []
}

describe('the experiment', () => {
  it('goes on after a kill, keeps what was done, and comes to the very figures of one that was never killed', async () => {
    const running = spawn(process.execPath, [child, killed, heels], { env: process.env, stdio: 'ignore' })
    while (results(killed).length < 2 && running.exitCode === null) await wait(20)
    running.kill('SIGKILL')
    await once(running, 'exit')
    const before = results(killed)
    expect(before.length).toBeGreaterThanOrEqual(2)
    expect(before.length).toBeLessThan(8)
    expect(existsSync(join(killed, 'figures.csv'))).toBe(false)
    const texts = before.map((name) => readFileSync(join(killed, 'results', name), 'utf8'))

    const asked: string[] = []
    const onProgress = (progress: ExperimentProgress): void => {
      if (progress.stage === 'training' && progress.epoch === 0) asked.push(`${progress.training.id}.json`)
    }
    await osteoporosisExperiment(killed, smallExperiment(heels), { learner, onProgress })
    expect(asked.filter((name) => before.includes(name))).toEqual([])
    expect(before.map((name) => readFileSync(join(killed, 'results', name), 'utf8'))).toEqual(texts)
    expect(results(killed)).toHaveLength(8)

    await osteoporosisExperiment(whole, smallExperiment(heels), { learner })
    for (const table of ['figures.csv', 'gaps.csv'])
      expect(readFileSync(join(killed, table), 'utf8')).toBe(readFileSync(join(whole, table), 'utf8'))
    expect((await sittingsOf(whole)).map(({ ended }) => ended)).toEqual(['done'])
    // The killed one counts, until it was last noted.
    expect((await sittingsOf(killed)).map(({ ended }) => ended)).toEqual(['killed', 'done'])
  })

  it('can be stopped, says so in its sittings, and refuses another plan in the same folder', async () => {
    const stopped = join(root, 'stopped')
    const abort = new AbortController()
    const run = osteoporosisExperiment(stopped, smallExperiment(heels), {
      ...{ learner, signal: abort.signal },
      onProgress: (progress) => progress.stage === 'training' && abort.abort(),
    })
    await expect(run).rejects.toMatchObject({ code: 'cancelled' })
    expect((await sittingsOf(stopped)).map(({ ended }) => ended)).toEqual(['stopped'])
    const other = { ...smallExperiment(heels), seed: 8 }
    await expect(osteoporosisExperiment(stopped, other, { learner })).rejects.toMatchObject({ code: 'plan-differs' })
  })

  it('is refused before its first training where one of its networks would not fit in memory', async () => {
    const folder = join(root, 'large')
    const small = smallExperiment(heels)
    const large = {
      ...small,
      settings: { ...small.settings, networks: ['scratch4', 'resnet50'], edge: 224, batch: 4096 },
    }
    await expect(osteoporosisExperiment(folder, large, { learner })).rejects.toMatchObject({
      code: 'not-enough-memory',
    })
    expect(results(folder)).toEqual([])
  })

  it('writes its page: tables, explanation, pictures, parameters, nothing made up', async () => {
    const page = join(root, 'page.md')
    const done = await osteoporosisExperiment(whole, smallExperiment(heels), { learner })
    const described = { describe: (network: string) => Promise.resolve({ title: network, parameters: 12345 }) } as never
    await writePage(page, whole, smallExperiment(heels), done, described)
    const text = readFileSync(page, 'utf8')
    expect(text).not.toMatch(/undefined|NaN|null|\[object/)
    for (const word of ['Table 3', 'Table 4', 'Table 5', 'max-voting', 'Table 6', 'leaky protocol', '84.1 %', '12,345'])
      expect(text, word).toContain(word)
    // 6 patients: N 6, A 24, B 48, C 54.
    expect(text).toContain('N: 6, A: 24, B: 48, C: 54')
    expect(readFileSync(join(root, 'page-sets.png')).subarray(1, 4).toString()).toBe('PNG')
    expect(readFileSync(join(root, 'page-split.svg'), 'utf8')).toContain('lie on both sides')
  })
})
