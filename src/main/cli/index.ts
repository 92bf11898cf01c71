import '../app/compiler.ts'
import { runCommand } from './run.ts'

// The headless command on a plain Node, from a checkout. An installed program runs it from app/start.ts.
process.exitCode = await runCommand(process.argv.slice(2))
