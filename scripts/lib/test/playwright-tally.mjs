// A Playwright reporter that writes the tally (tally.mjs) to the file named by CONCORD_TALLY.
import { writeFileSync } from 'node:fs'
import { emptyTally, withoutForeignFrames } from './tally.mjs'

const plain = (text) => text.replace(/\x1b\[[0-9;]*m/g, '')
const words = (errors) =>
  errors
    .map((one) => plain(withoutForeignFrames(one.stack ?? one.message ?? '') + (one.snippet ? `\n${one.snippet}` : '')))
    .join('\n')

export default class PlaywrightTally {
  tally = emptyTally()

  onBegin(_config, suite) {
    this.suite = suite
  }

  /** An error outside every test: a file that does not load, a worker that ended. */
  onError(error) {
    this.tally.failed.push({ name: 'an error outside every test', message: words([error]) })
  }

  onEnd() {
    for (const test of this.suite?.allTests() ?? []) {
      const name = test.titlePath().filter(Boolean).join(' > ')
      const outcome = test.outcome()
      if (outcome === 'expected') this.tally.passed += 1
      else if (outcome === 'skipped') {
        this.tally.skipped.push({
          name,
          reason: test.annotations.find((one) => one.type === 'skip')?.description ?? '',
        })
      } else {
        this.tally.failed.push({
          name,
          message: words(test.results.flatMap((one) => one.errors)) || `ended as ${outcome}`,
        })
      }
    }
    writeFileSync(process.env.CONCORD_TALLY, JSON.stringify(this.tally))
  }
}
