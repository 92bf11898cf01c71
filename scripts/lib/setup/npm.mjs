// npm itself, as a child process: the one that started this command, or the one on the path.
import { command, tied } from '../command.mjs'
import { SetupError, networkReason } from './error.mjs'

/** Few and short retries: a source that refuses is told of within seconds, one that stumbles gets a second chance. */
const patience = ['--fetch-retries=2', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000']
const calm = ['--no-audit', '--no-fund', '--no-update-notifier', '--no-progress']

/** Runs npm and resolves with { code, output }; `onFetch(address)` is called for each package file that npm has fetched. */
export function npm(args, { cwd, onFetch, env = {} } = {}) {
  const own = process.env.npm_execpath?.endsWith('npm-cli.js') ? process.env.npm_execpath : undefined
  const all = [...args, ...patience, ...calm, '--loglevel=http']
  // A second npm in the same folder would spoil both: this one ends at once with the set-up that started it.
  const [file, ...rest] = own ? tied(process.execPath, [own, ...all], 'KILL') : tied('npm', all, 'KILL')
  return command(file, rest, {
    cwd,
    env: { ...process.env, ...env },
    shell: !own && process.platform === 'win32',
    onLine(line) {
      const address = /^npm http .* (\S+\.tgz) /.exec(line)?.[1]
      if (address) onFetch?.(address)
    },
  })
}

/** The error for an npm that failed at getting `what`. */
export function npmFailure(what, output) {
  const network = networkReason(output)
  if (network) {
    return new SetupError(
      `${what}: the npm registry cannot be reached (${network}). Check the network, the proxy and "npm config get registry", then try again; what is already here is kept.`,
    )
  }
  const lines = output.split('\n').filter((line) => /^npm (error|ERR!)/.test(line) && !/complete log/.test(line))
  const reason = lines
    .slice(0, 3)
    .map((line) => line.replace(/^npm (error|ERR!) ?/, ''))
    .join('; ')
  return new SetupError(`${what}: npm failed (${reason || 'no reason given'}). Solve that, then try again.`)
}
