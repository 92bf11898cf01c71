import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { display } from '../../scripts/lib/display.mjs'
import { openServer } from '../../src/main/store/server/database.ts'
import { noOrthanc } from '../fixtures/pacs/orthanc.ts'
import { noServer, startServer } from '../fixtures/postgres.ts'
import { tortureDeed } from './deeds-rounds.ts'
import { onFile, onServer, type DeedName } from './deeds.ts'
import { phases } from './phases.ts'
import { torture } from './rounds.ts'
import { killedPlans, killSeries, prepareSeries } from './series.ts'
import { killAtServer, victims } from './server-kills.ts'
import { faultsOf, tableText, type Row } from './table.ts'

// npm run torture [-- ROUNDS [NAME …]]: series of runs, each killed twice; each deed killed a tenth as often as ROUNDS (two hundred
// unless told otherwise), on a file and on a department's server; ROUNDS kills of the window, a quarter of them in each phase, and
// a tenth as many of a window that votes at a server, and of that server. NAME: only these of the deeds, `series` and `window`, or
// only on a `file` or on `PostgreSQL`.
const [given = '200', ...asked] = process.argv.slice(2)
const places = ['file', 'PostgreSQL']
const names = asked.filter((name) => !places.includes(name))
const at = (place: string): boolean => !asked.some((name) => places.includes(name)) || asked.includes(place)
const rounds = Number(given)
const fewer = Math.ceil(rounds / 10)
const seed = Date.now() % 1_000_000
const wanted = (name: string): boolean => names.length === 0 || names.includes(name)
const tell = (line: string): void => void process.stdout.write(`${line}\n`)
const rows: Row[] = []

function add(row: Row): void {
  rows.push(row)
  tell(tableText([row]).split('\n')[1]!)
  for (const fault of faultsOf(row)) tell(`  ${fault}`)
}

async function allSeries(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'concord-torture-series-'))
  const prepared = await prepareSeries(folder)
  for (const [name, plan] of Object.entries(killedPlans)) {
    const problems = await killSeries(prepared, plan)
    add({
      ...{ what: `series: ${name}`, where: 'file', rounds: 1, acknowledged: 1, amid: 2, between: 0, starting: 0 },
      ...{ places: null, problems },
    })
  }
  rmSync(folder, { recursive: true, force: true })
}

async function someDeeds(deeds: readonly DeedName[], where: string): Promise<void> {
  for (const what of deeds.filter(wanted)) {
    if ((what === 'pacs' || what === 'reporting') && noOrthanc) {
      tell(`${what} is left out: ${noOrthanc}`)
      continue
    }
    const { places, ...result } = await tortureDeed(what, fewer, seed)
    add({ what, where, ...result, places: places.size })
  }
}

/** Of a window nobody can tell where in an act it was killed. */
const untold = { amid: null, between: null, starting: 0, places: null }

async function windows(env: Record<string, string>): Promise<void> {
  const result = await torture(rounds, { env, seed, tell })
  const { lost, doubled, untidy, chain, unanswered } = result
  const problems = [
    ...lost.map((one) => `lost: ${one}`),
    ...doubled.map((one) => `doubled: ${one}`),
    ...untidy,
    ...(chain === null ? [] : [`the chain: ${chain}`]),
    // One a round may have been cast whose answer the kill kept from the page.
    ...(unanswered > rounds ? [`${unanswered} votes that nobody was told of`] : []),
  ]
  for (const [n, phase] of phases.entries())
    add({
      ...{ what: `window: ${phase}`, where: 'file', rounds: Math.ceil((rounds - n) / phases.length) },
      ...{ acknowledged: result.acknowledged[phase], ...untold, problems: n === 0 ? problems : [] },
    })
}
/** A window at a server that keeps its data as a department's does. */
async function windowsAtServer(env: Record<string, string>): Promise<void> {
  const server = await startServer({ safe: true })
  try {
    const { acknowledged, problems } = await killAtServer(server, 2 * fewer, { env, seed, tell })
    for (const [n, victim] of victims.entries())
      add({
        ...{ what: `window: voting, ${victim} killed`, where: 'PostgreSQL', rounds: fewer },
        ...{ acknowledged: acknowledged[victim], ...untold, problems: n === 0 ? problems : [] },
      })
  } finally {
    await server.stop()
  }
}

/** The same on a real PostgreSQL server. */
async function atServer(): Promise<void> {
  const server = await startServer()
  try {
    const { db } = await openServer(await server.database({ name: 'migrated' }))
    await db.destroy()
    process.env.CONCORD_TEST_SERVER = JSON.stringify({ port: server.port, password: server.password })
    await someDeeds(onServer, 'PostgreSQL')
  } finally {
    delete process.env.CONCORD_TEST_SERVER
    await server.stop()
  }
}

tell(`seed ${seed}`)
const screen = wanted('window') ? await display({ always: true }) : null
if (at('file')) {
  if (wanted('series')) await allSeries()
  await someDeeds(onFile, 'file')
  if (screen) await windows(screen.env)
}
const why = noServer()
if (at('PostgreSQL') && why !== null) tell(`left out on PostgreSQL: ${why}`)
else if (at('PostgreSQL')) {
  await atServer()
  if (screen) await windowsAtServer(screen.env)
}
screen?.stop()
const faults = rows.flatMap(faultsOf)
tell(`\n${tableText(rows)}\n`)
for (const fault of faults) tell(fault)
tell(faults.length === 0 ? 'everything acknowledged is there, whole and once' : 'SOMETHING IS NOT AS IT SHOULD BE')
process.exit(faults.length === 0 ? 0 : 1)
