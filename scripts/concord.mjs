// npm run --silent concord -- COMMAND …: the headless command, on Electron's own Node. stdout is the command's alone:
// whatever this script has to say goes to stderr. Exit code and signals are passed through.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { ensureBuilt } from './lib/build.mjs'
import { passSignals } from './lib/command.mjs'
import { electronBinary, nodeEnvironment } from './lib/runtime.mjs'
import { outputOf } from './lib/targets.mjs'

try {
  await ensureBuilt({ only: ['main'], tell: (line) => process.stderr.write(`${line}\n`) })
  const args = [join(outputOf('main'), 'cli.js'), ...process.argv.slice(2)]
  // npm runs scripts in the checkout; paths on the command line belong to the folder the person is in.
  const cwd = process.env.INIT_CWD ?? process.cwd()
  const child = spawn(electronBinary(), args, { cwd, stdio: 'inherit', env: nodeEnvironment() })
  // A terminal's Ctrl+C reaches the command by itself.
  passSignals(child, process.stdin.isTTY ? ['SIGTERM', 'SIGHUP'] : undefined)
  if (process.stdin.isTTY) process.on('SIGINT', () => {})
  child.on('error', (error) => {
    process.stderr.write(
      `Electron could not be started (${error.message}). Run "node scripts/setup.mjs", then try again.\n`,
    )
    process.exit(1)
  })
  child.on('exit', (code, signal) => {
    if (!signal) process.exit(code)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
} catch (error) {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
