import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { display } from '../../scripts/lib/display.mjs'
import { openServer } from '../../src/main/store/server/database.ts'
import { noOrthanc } from '../fixtures/pacs/orthanc.ts'
import { noServer, startServer } from '../fixtures/postgres.ts'
import { tortureDeed } from './deeds-rounds.ts'
import { onFile, onServer, type DeedName } from './deeds.ts'
import { phases, type Phase } from './phases.ts'
import { torture } from './rounds.ts'
import { killedPlans, killSeries, prepareSeries } from './series.ts'
import { faultsOf, tableText, type Row } from './table.ts'

// npm run torture [-- ROUNDS [NAME …]]: series of runs, each killed twice; each deed killed a tenth as often as ROUNDS (two hundred
// unless told otherwise), on a file and on a department's server; ROUNDS kills of the window, a quarter of them in each phase, and
// a tenth as many at the server while votes are cast. NAME: only these of the deeds, `series` and `window`, or only on a
// `file` or on `PostgreSQL`.
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
    if (what === 'pacs' && noOrthanc) {
      tell(`pacs is left out: ${noOrthanc}`)
      continue
    }
    const { places, ...result } = await tortureDeed(what, fewer, seed)
    add({ what, where, ...result, places: places.size })
  }
}

async function windows(
  count: number,
  where: string,
  env: Record<string, string>,
  only: readonly Phase[] = phases,
): Promise<void> {
  const result = await torture(count, { env, seed, tell, only })
  const { lost, doubled, untidy, chain, unanswered } = result
  const problems = [
    ...lost.map((one) => `lost: ${one}`),
    ...doubled.map((one) => `doubled: ${one}`),
    ...untidy,
    ...(chain === null ? [] : [`the chain: ${chain}`]),
    // One a round may have been cast whose answer the kill kept from the page.
    ...(unanswered > count ? [`${unanswered} votes that nobody was told of`] : []),
  ]
  for (const [n, phase] of only.entries())
    add({
      ...{ what: `window: ${phase}`, where, rounds: Math.ceil((count - n) / only.length) },
      ...{ acknowledged: result.acknowledged[phase], amid: null, between: null, starting: 0, places: null },
      problems: n === 0 ? problems : [],
    })
}

/** The same on a real PostgreSQL server. */
async function atServer(env: Record<string, string>): Promise<void> {
  const why = noServer()
  if (why !== null) return tell(`left out on PostgreSQL: ${why}`)
  const server = await startServer()
  try {
    const { db } = await openServer(await server.database({ name: 'migrated' }))
    await db.destroy()
    process.env.CONCORD_TEST_SERVER = JSON.stringify({ port: server.port, password: server.password })
    await someDeeds(onServer, 'PostgreSQL')
    if (wanted('window')) await windows(fewer, 'PostgreSQL', env, ['voting'])
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
  if (screen) await windows(rounds, 'file', screen.env)
}
if (at('PostgreSQL')) await atServer(screen?.env ?? {})
screen?.stop()
const faults = rows.flatMap(faultsOf)
tell(`\n${tableText(rows)}\n`)
for (const fault of faults) tell(fault)
tell(faults.length === 0 ? 'everything acknowledged is there, whole and once' : 'SOMETHING IS NOT AS IT SHOULD BE')
process.exit(faults.length === 0 ? 0 : 1)
