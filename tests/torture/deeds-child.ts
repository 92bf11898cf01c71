// First of all: what the program does from here on is counted.
import { arm, stepsCounted } from './steps.ts'
import type { Known, Said } from './deed.ts'

// A program in a process of its own, to be killed. Arguments: the data folder, the deed, what is known of it (JSON), the step at
// which it kills itself (0: none), and whether only its start is wanted.
const [data = '', name = '', given = '{}', at = '0', only = ''] = process.argv.slice(2)
const { deeds } = await import('./deeds.ts')
const { startAgain } = await import('./deed.ts')
const deed = deeds[name as keyof typeof deeds]
const known = JSON.parse(given) as Known
const say = (kind: Said['kind'], what: string, value: string | number): void => {
  if (kind === 'asked') arm(Number(at))
  process.stdout.write(`${JSON.stringify({ kind, what, value, steps: stepsCounted() })}\n`)
}
if (only === 'start') say('asked', 'start', 0)
const program = await (deed.start ?? startAgain)(data, known)
if (only === 'start') say('done', 'start', 0)
else await deed.work(program, known, say)
say('ended', name, stepsCounted())
// Until it is killed.
setInterval(() => undefined, 60_000)
