import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { display } from '../../scripts/lib/display.mjs'
import { openServer } from '../../src/main/store/server/database.ts'
import { noServer, startServer } from '../fixtures/postgres.ts'
import { tortureDeed } from './deeds-rounds.ts'
import { deeds, type DeedName } from './deeds.ts'
import type { TortureResult } from './look.ts'
import type { Phase } from './phases.ts'
import { torture } from './rounds.ts'
import { killedPlans, killSeries, prepareSeries } from './series.ts'

// npm run torture [-- ROUNDS]: series of runs, each killed twice; each deed killed an eighth as often as ROUNDS (two hundred unless told
// otherwise); ROUNDS kills of the window, a quarter of them in each phase; and at a department's server an eighth of both while votes are
// cast.
const rounds = Number(process.argv[2] ?? 200)
const fewer = Math.ceil(rounds / 8)
const seed = Date.now() % 1_000_000
const tell = (line: string): void => void process.stdout.write(`${line}\n`)
let broken = 0

async function allSeries(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'concord-torture-series-'))
  const prepared = await prepareSeries(folder)
  for (const [name, plan] of Object.entries(killedPlans)) {
    const problems = await killSeries(prepared, plan)
    broken += problems.length
    if (problems.length === 0) tell(`a series (${name}), killed twice: ends as if nothing had happened`)
    else tell(`A SERIES (${name}), KILLED TWICE: ${problems.join('; ')}`)
  }
  rmSync(folder, { recursive: true, force: true })
}

async function someDeeds(names: DeedName[], where: string): Promise<void> {
  for (const name of names) {
    const { acknowledged, amid, problems } = await tortureDeed(name, fewer, seed)
    tell(`${name} ${where}: ${fewer + 1} rounds, ${acknowledged} acts acknowledged, ${amid} kills amid one`)
    for (const problem of problems) tell(`  ${problem}`)
    // Where nothing was acknowledged, or no kill came in the middle, nothing was proved.
    if (problems.length > 0 || acknowledged === 0 || amid === 0) {
      broken++
      tell(`SOMETHING IS NOT AS IT SHOULD BE: ${name} ${where}`)
    }
  }
}

async function windows(count: number, env: Record<string, string>, only?: readonly Phase[]): Promise<void> {
  const result: TortureResult = await torture(count, { env, seed, tell, ...(only ? { only } : {}) })
  tell(JSON.stringify(result, null, 2))
  const { lost, doubled, untidy, chain, unanswered, acknowledged } = result
  const whole = lost.length + doubled.length + untidy.length === 0 && chain === null && unanswered <= count
  tell(whole ? 'everything acknowledged is there, once' : 'SOMETHING ACKNOWLEDGED IS MISSING, DOUBLED OR BROKEN')
  // Where a phase had nothing acknowledged, its kills proved nothing.
  const idle = Object.entries(acknowledged).filter(
    ([phase, n]) => n === 0 && (only ?? [phase]).includes(phase as Phase),
  )
  if (idle.length > 0) tell(`nothing was acknowledged in: ${idle.map(([phase]) => phase).join(', ')}`)
  if (!whole || idle.length > 0) broken++
}

/** The same on a real PostgreSQL server. */
async function onServer(env: Record<string, string>): Promise<void> {
  const why = noServer()
  if (why !== null) return tell(`skipped on PostgreSQL: ${why}`)
  const server = await startServer()
  try {
    const { db } = await openServer(await server.database({ name: 'migrated' }))
    await db.destroy()
    process.env.CONCORD_TEST_SERVER = JSON.stringify({ port: server.port, password: server.password })
    await someDeeds(['voting', 'keys'], 'on PostgreSQL')
    await windows(fewer, env, ['voting'])
  } finally {
    delete process.env.CONCORD_TEST_SERVER
    await server.stop()
  }
}

tell(`seed ${seed}`)
await allSeries()
await someDeeds(Object.keys(deeds) as DeedName[], 'on a file')
const screen = await display({ always: true })
await windows(rounds, screen.env)
await onServer(screen.env)
screen.stop()
process.exit(broken === 0 ? 0 : 1)
