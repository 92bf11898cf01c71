import { display } from '../../scripts/lib/display.mjs'
import { torture } from './rounds.ts'

// npm run torture [-- ROUNDS]: fifty rounds unless told otherwise.
const rounds = Number(process.argv[2] ?? 50)
const seed = Date.now() % 1_000_000
const screen = await display({ always: true })
process.stdout.write(`seed ${seed}\n`)
const result = await torture(rounds, {
  env: screen.env,
  seed,
  tell: (line) => void process.stdout.write(`${line}\n`),
})
screen.stop()
process.stdout.write(`${JSON.stringify(result, null, 2)}\n`)
const whole = result.lost.length === 0 && result.doubled.length === 0 && result.chain === null
process.stdout.write(whole ? 'every acknowledged vote is there, once\n' : 'VOTES ARE MISSING OR DOUBLED\n')
process.exit(whole && result.unanswered <= rounds ? 0 : 1)
