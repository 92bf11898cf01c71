// npm run bench [-- NAME…]: measures the program and prints one line a figure.
import { ensureBuilt } from './lib/build.mjs'
import { runOnElectronNode } from './lib/runtime.mjs'

await ensureBuilt({ tell: (line) => process.stderr.write(`${line}\n`) })
process.exit(await runOnElectronNode(['tests/bench/main.ts', ...process.argv.slice(2)]))
