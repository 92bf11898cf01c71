// npm run demo [-- --keep]: the main job, driven through the real window; leaves out/demo/.
import { ensureBuilt } from './lib/build.mjs'
import { runOnElectronNode } from './lib/runtime.mjs'

await ensureBuilt({ tell: (line) => process.stdout.write(`${line}\n`) })
process.exit(await runOnElectronNode(['tests/main-job/demo.ts', ...process.argv.slice(2)]))
