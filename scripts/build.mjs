// node scripts/build.mjs [main] [preload] [renderer] [--force]: builds dist/ where its sources have changed.
import { ensureBuilt } from './lib/build.mjs'
import { targets } from './lib/targets.mjs'

const args = process.argv.slice(2)
const only = args.filter((arg) => arg in targets)
try {
  const built = await ensureBuilt({
    only: only.length > 0 ? only : undefined,
    force: args.includes('--force'),
    tell: (line) => process.stdout.write(`${line}\n`),
  })
  if (built.length === 0) process.stdout.write('dist/ is current.\n')
} catch (error) {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
