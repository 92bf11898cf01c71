// npm start [-- arguments]: builds what has changed and opens the window. Exit code: the program's.
import { spawn } from 'node:child_process'
import { ensureBuilt } from './lib/build.mjs'
import { passSignals, tied } from './lib/command.mjs'
import { display } from './lib/display.mjs'
import { switches, windowEnvironment } from './lib/launch.mjs'
import { electronBinary, root } from './lib/runtime.mjs'

const tell = (line) => process.stdout.write(`${line}\n`)

try {
  await ensureBuilt({ tell })
  const screen = await display()
  if (screen.virtual)
    tell(`No display here: the window is on the virtual one ${screen.env.DISPLAY}, which nobody sees. Ctrl+C ends it.`)
  const [file, ...args] = tied(electronBinary(), [...switches(screen), root, ...process.argv.slice(2)])
  // In a process group of its own the window gets each signal once, from here, and has the time to close its database.
  const detached = process.platform === 'linux'
  const child = spawn(file, args, { cwd: root, stdio: 'inherit', detached, env: windowEnvironment(screen.env) })
  passSignals(child)
  child.on('error', (error) => {
    process.stderr.write(
      `Electron could not be started (${error.message}). Run "node scripts/setup.mjs", then try again.\n`,
    )
    process.exit(1)
  })
  child.on('exit', (code, signal) => {
    screen.stop()
    process.exit(code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1))
  })
} catch (error) {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
