// A Vitest reporter that writes the tally (tally.mjs) to the file named by CONCORD_TALLY.
import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { emptyTally, withoutForeignFrames } from './tally.mjs'

const words = (errors) =>
  (errors ?? []).map((one) => withoutForeignFrames(one.stack ?? one.message ?? String(one))).join('\n')

/**
 * Why a test was skipped: what it said, the hook that failed before it, or the words in brackets at the end of its name or, after
 * "skipped", of one around it.
 */
function reasonOf(test, result, broken) {
  if (result.note) return result.note
  if (broken) return 'what should prepare it failed'
  return (/\(([^()]+)\)$/.exec(test.name) ?? /\(skipped:? ([^()]+)\)/.exec(test.fullName))?.[1] ?? ''
}

export default class VitestTally {
  onTestRunEnd(modules, unhandled) {
    const tally = emptyTally()
    for (const module of modules) {
      let broken = false
      const file = relative(process.cwd(), module.moduleId)
      // A file that does not load holds no tests that could fail; it fails itself. So does a hook around a suite.
      for (const suite of [module, ...module.children.allSuites()]) {
        const errors = suite.errors()
        broken ||= errors.length > 0
        if (errors.length > 0)
          tally.failed.push({ name: suite.fullName ? `${file} > ${suite.fullName}` : file, message: words(errors) })
      }
      for (const test of module.children.allTests()) {
        const result = test.result()
        const name = `${file} > ${test.fullName}`
        if (result.state === 'passed') tally.passed += 1
        else if (result.state === 'skipped') tally.skipped.push({ name, reason: reasonOf(test, result, broken) })
        else tally.failed.push({ name, message: words(result.errors) || `ended as ${result.state}` })
      }
    }
    for (const error of unhandled) tally.failed.push({ name: 'an error outside every test', message: words([error]) })
    writeFileSync(process.env.CONCORD_TALLY, JSON.stringify(tally))
  }
}
