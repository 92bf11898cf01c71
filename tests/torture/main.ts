import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { display } from '../../scripts/lib/display.mjs'
import { torture } from './rounds.ts'
import { killedPlans, killSeries, prepareSeries } from './series.ts'

// npm run torture [-- ROUNDS]: series of runs, each killed twice; then two hundred rounds unless told otherwise, a quarter of
// them in each phase.
const rounds = Number(process.argv[2] ?? 200)
const seed = Date.now() % 1_000_000
const series = mkdtempSync(join(tmpdir(), 'concord-torture-series-'))
const prepared = await prepareSeries(series)
let broken = 0
for (const [name, plan] of Object.entries(killedPlans)) {
  const problems = await killSeries(prepared, plan)
  broken += problems.length
  process.stdout.write(
    problems.length === 0
      ? `a series (${name}), killed twice: ends as if nothing had happened\n`
      : `A SERIES (${name}), KILLED TWICE: ${problems.join('; ')}\n`,
  )
}
rmSync(series, { recursive: true, force: true })
const screen = await display({ always: true })
process.stdout.write(`seed ${seed}\n`)
const result = await torture(rounds, {
  env: screen.env,
  seed,
  tell: (line) => void process.stdout.write(`${line}\n`),
})
screen.stop()
process.stdout.write(`${JSON.stringify(result, null, 2)}\n`)
const { lost, doubled, untidy, chain } = result
const whole = lost.length + doubled.length + untidy.length === 0 && chain === null
process.stdout.write(
  whole ? 'everything acknowledged is there, once\n' : 'SOMETHING ACKNOWLEDGED IS MISSING, DOUBLED OR BROKEN\n',
)
// Where a phase had nothing acknowledged, its kills proved nothing.
const idle = Object.entries(result.acknowledged).filter(([, count]) => count === 0)
if (idle.length > 0) process.stdout.write(`nothing was acknowledged in: ${idle.map(([phase]) => phase).join(', ')}\n`)
process.exit(whole && broken === 0 && idle.length === 0 && result.unanswered <= rounds ? 0 : 1)
