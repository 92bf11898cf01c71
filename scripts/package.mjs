// npm run package [-- --folder | --smoke | --chroot [FILE.deb]]: the program as a Debian package in out/package (packaging/README.md).
import { ensureBuilt } from './lib/build.mjs'
import { runOnElectronNode } from './lib/runtime.mjs'

await ensureBuilt({ tell: (line) => process.stdout.write(`${line}\n`) })
process.exit(await runOnElectronNode(['packaging/main.ts', ...process.argv.slice(2)]))
