// What a stage of `npm test` found, in one shape for all stages, and how it is printed.
import { existsSync, readFileSync } from 'node:fs'

/** An error's message and stack without the frames of other people's code. */
export const withoutForeignFrames = (stack) =>
  stack
    .split('\n')
    .filter((line) => !/^\s+at .*(node_modules|node:)/.test(line))
    .join('\n')

/** { passed, failed: [{ name, message }], skipped: [{ name, reason }] } with nothing in it yet. */
export const emptyTally = () => ({ passed: 0, failed: [], skipped: [] })

/** A stage that is one check: passed, or failed with its output as the message. */
export function oneCheck(name, { code, output }) {
  return code === 0 ? { ...emptyTally(), passed: 1 } : { ...emptyTally(), failed: [{ name, message: output.trim() }] }
}

/** Reads what a runner's reporter wrote. A runner that wrote nothing, or failed without a failed test, is itself a failure. */
export function readTally(name, file, { code, output }) {
  const whole = existsSync(file)
  const tally = whole ? JSON.parse(readFileSync(file, 'utf8')) : emptyTally()
  const empty = tally.passed + tally.failed.length + tally.skipped.length === 0
  if (!whole || empty || (code !== 0 && tally.failed.length === 0)) {
    const said = output.trim().split('\n').slice(-30).join('\n')
    tally.failed.push({
      name,
      message: `It ended with ${code} and ${whole && !empty ? 'no failed test' : 'without running a test'}.\n${said}`,
    })
  }
  return tally
}

export function merge(tallies) {
  return {
    passed: tallies.reduce((sum, one) => sum + one.passed, 0),
    failed: tallies.flatMap((one) => one.failed),
    skipped: tallies.flatMap((one) => one.skipped),
  }
}

const indent = (text) =>
  text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n')

/** Everything a person needs at the end of a run; the counts are the last line. */
export function report({ passed, failed, skipped }, print) {
  if (skipped.length > 0) print('\nSkipped')
  for (const { name, reason } of skipped) print(`  - ${name}: ${reason || 'gives no reason (say why: ctx.skip("…"))'}`)
  if (failed.length > 0) print('\nFailed')
  for (const { name, message } of failed) print(`  ✗ ${name}\n${indent(message)}`)
  print('')
  print(`${passed} passed, ${failed.length} failed, ${skipped.length} skipped`)
}
