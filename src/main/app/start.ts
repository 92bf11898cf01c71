import './compiler.ts'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { app } from 'electron'

/**
 * The first file of the program. `--concord-command -- COMMAND …` is the headless command of an installed package, whose
 * Electron cannot be used as a plain Node (packaging/fuses.ts); everything else is the window.
 */
const border = process.argv.indexOf('--')
const asCommand = process.argv.lastIndexOf('--concord-command', border) > 0

if (asCommand) void command(process.argv.slice(border + 1))
// Waited for, so that the schemes are registered before Electron is ready.
else await import('./index.ts')

async function command(args: string[]): Promise<void> {
  // Chromium keeps a profile wherever it runs: not in the data, and not in that of a window that is open meanwhile.
  const profile = mkdtempSync(join(tmpdir(), 'concord-command-'))
  app.setPath('userData', profile)
  const end = (code: number): void => {
    rmSync(profile, { recursive: true, force: true })
    app.exit(code)
  }
  // A signal makes Electron quit as if all were well; who called must learn that the command was stopped.
  app.on('will-quit', (event) => {
    event.preventDefault()
    end(130)
  })
  let code = 1
  try {
    // A thread that starts while Electron is still getting ready can end the process.
    await app.whenReady()
    const { runCommand } = await import('../cli/run.ts')
    code = await runCommand(args)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  }
  end(code)
}
