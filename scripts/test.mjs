// npm test [-- unit|e2e|lint|types [filter …]]: every check there is, or one stage of them. The last line on stdout is
// always "N passed, N failed, N skipped"; type check, lint and format count as one test each. Exit code 1 if any failed.
import { emptyTally, merge, report } from './lib/test/tally.mjs'
import { inOrder, stages } from './lib/test/stages.mjs'

const print = (text) => process.stdout.write(`${text}\n`)
const [stage, ...filters] = process.argv.slice(2)

/** Runs one stage; one that cannot even start has failed. */
async function run(name) {
  const { title, run: work } = stages[name]
  const started = Date.now()
  print(`\n${title} …`)
  let tally
  try {
    tally = await work(filters, print)
  } catch (error) {
    tally = { ...emptyTally(), failed: [{ name: title, message: `could not run: ${error.message}` }] }
  }
  const seconds = ((Date.now() - started) / 1000).toFixed(1)
  print(`${title}: ${tally.failed.length === 0 ? 'passed' : `${tally.failed.length} failed`} (${seconds} s)`)
  return tally
}

if (stage && !(stage in stages)) {
  print(`There is no stage "${stage}"; there are ${Object.keys(stages).join(', ')}.`)
  process.exitCode = 2
} else {
  const tallies = []
  for (const together of stage ? [[stage]] : inOrder) tallies.push(...(await Promise.all(together.map(run))))
  const all = merge(tallies)
  report(all, print)
  process.exitCode = all.failed.length > 0 ? 1 : 0
}
