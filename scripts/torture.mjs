// npm run torture [-- ROUNDS [NAME …]]: kills the program in the middle of what it does, and looks for all that it acknowledged (docs/torture.md).
import { ensureBuilt } from './lib/build.mjs'
import { runOnElectronNode } from './lib/runtime.mjs'

await ensureBuilt({ tell: (line) => process.stdout.write(`${line}\n`) })
process.exit(await runOnElectronNode(['tests/torture/main.ts', ...process.argv.slice(2)]))
