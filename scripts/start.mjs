// npm start [-- arguments]: builds what has changed and opens the window. Exit code: the program's.
import { spawn } from 'node:child_process'
import { ensureBuilt } from './lib/build.mjs'
import { display } from './lib/display.mjs'
import { switches, windowEnvironment } from './lib/launch.mjs'
import { electronBinary, root } from './lib/runtime.mjs'

const tell = (line) => process.stdout.write(`${line}\n`)

try {
  await ensureBuilt({ tell })
  const screen = await display()
  if (screen.virtual)
    tell(`No display here: the window is on the virtual one ${screen.env.DISPLAY}, which nobody sees. Ctrl+C ends it.`)
  const args = [...switches(screen), root, ...process.argv.slice(2)]
  const child = spawn(electronBinary(), args, { cwd: root, stdio: 'inherit', env: windowEnvironment(screen.env) })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
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
