// Builds what is not current. The bundler runs on Electron's Node in a process of its own; with nothing to do none starts.
import { join } from 'node:path'
import { withLock } from './lock.mjs'
import { nodeEnvironment, electronBinary, root } from './runtime.mjs'
import { command } from './command.mjs'
import { isCurrent, targets } from './targets.mjs'

/**
 * Makes dist/ current for the named targets (all of them by default); resolves with the names of those that were built.
 * `tell` receives lines for a person. Throws with the bundler's own words if a build fails.
 */
export async function ensureBuilt({ only = Object.keys(targets), force = false, tell = () => {} } = {}) {
  const stale = () => only.filter((target) => force || !isCurrent(target))
  if (stale().length === 0) return []
  const work = async () => {
    const list = stale()
    if (list.length === 0) return []
    const started = Date.now()
    tell(`Building ${list.join(', ')} …`)
    const { code, signal, output } = await command(electronBinary(), [join(root, 'scripts/lib/bundle.mjs'), ...list], {
      cwd: root,
      env: nodeEnvironment({ NO_COLOR: '1' }),
    })
    if (signal) throw new Error(`The build was ended by ${signal}.`)
    if (code !== 0) throw new Error(`The build failed.\n${output}`)
    tell(`Built in ${((Date.now() - started) / 1000).toFixed(1)} s.`)
    return list
  }
  return withLock(join(root, 'dist/.lock'), work, () => tell('Another build is running; waiting for it to end.'))
}
