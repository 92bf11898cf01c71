// npm run torture [-- ROUNDS]: kills the program while it takes votes, imports, backs up and trains, and looks for all that it acknowledged.
import { ensureBuilt } from './lib/build.mjs'
import { runOnElectronNode } from './lib/runtime.mjs'

await ensureBuilt({ tell: (line) => process.stdout.write(`${line}\n`) })
process.exit(await runOnElectronNode(['tests/torture/main.ts', ...process.argv.slice(2)]))
