import { deeds, startAgain, type DeedName, type Known } from './deeds.ts'

// A program in a process of its own, to be killed. Arguments: the data folder, the deed, what is known of it (JSON).
const [data = '', name = '', known = '{}'] = process.argv.slice(2)
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`)
await deeds[name as DeedName].work(await startAgain(data), JSON.parse(known) as Known, (kind, what, value) =>
  say({ kind, what, value }),
)
// Until it is killed.
setInterval(() => undefined, 60_000)
