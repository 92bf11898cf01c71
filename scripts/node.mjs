// node scripts/node.mjs SCRIPT … : runs SCRIPT on Electron's own Node, which is newer than the machine's may be.
import { runOnElectronNode } from './lib/runtime.mjs'
process.exit(await runOnElectronNode(process.argv.slice(2)))
