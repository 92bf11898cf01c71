// Builds the TensorFlow addon of @tensorflow/tfjs-node for Linux x64 and puts it into node_modules. Plain Node, no
// dependency: node native/build.mjs. Everything downloaded or compiled lies in the user's cache, keyed by hash.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { copyFile, link, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cacheRoot, root } from '../scripts/lib/runtime.mjs'
import { patchSource } from './patches.mjs'
import { libraries, runProgram, selectedWheel, unpackWheel } from './wheel.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const packageFolder = join(root, 'node_modules/@tensorflow/tfjs-node')
const addonFile = join(packageFolder, 'lib/napi-v8/tfjs_binding.node')
const stampFile = join(packageFolder, 'lib/napi-v8/concord.json')

/** Where the two libraries look for CUDA's: beside their own folder. */
const cudaFolder = join(packageFolder, 'deps/nvidia')

const bindingHeaders = ['tfjs_backend.h', 'tf_auto_status.h', 'tf_auto_tensor.h', 'tfe_auto_op.h', 'utils.h']
const bindingSources = ['tfjs_backend.cc', 'tfjs_binding.cc']
const ownFiles = ['allocator.h', 'allocator.cc', 'allocator_exports.h', 'allocator_exports.cc', 'exports.map']
const ownSources = ownFiles.filter((name) => name.endsWith('.cc'))
const flags = [
  ...['-shared', '-fPIC', '-O2', '-std=c++17', '-fvisibility=hidden', '-DNAPI_VERSION=8'],
  ...['-static-libstdc++', '-static-libgcc', '-Wl,-rpath,$ORIGIN/../../deps/lib', '-Wl,-z,nodelete'],
]

/** True where this folder builds the addon; elsewhere the package's own installer fetches one. */
export const buildsHere = process.platform === 'linux' && process.arch === 'x64'

/** Hash of all that decides what the addon is. */
function buildKey(wheel) {
  const parts = wheel.cuda.map(({ sha256 }) => sha256)
  const hash = createHash('sha256').update(JSON.stringify([wheel.sha256, flags, ...parts]))
  for (const name of [...bindingHeaders, ...bindingSources])
    hash.update(readFileSync(join(packageFolder, 'binding', name)))
  for (const name of [...ownFiles, 'patches.mjs']) hash.update(readFileSync(join(here, name)))
  return hash.digest('hex').slice(0, 20)
}

/** True when node_modules holds the addon of these very sources, flags and wheel. Takes milliseconds. */
export function isBuilt() {
  if (!existsSync(addonFile)) return false
  if (!buildsHere) return true
  try {
    const stamp = JSON.parse(readFileSync(stampFile, 'utf8'))
    // existsSync follows a symbolic link: a cache that was cleared counts as not built.
    return (
      stamp.key === buildKey(selectedWheel()) &&
      libraries.every((name) => existsSync(join(packageFolder, 'deps/lib', name))) &&
      selectedWheel().cuda.every(({ part }) => existsSync(join(cudaFolder, part, 'lib')))
    )
  } catch {
    return false
  }
}

async function compile(unpacked, folder) {
  const work = `${folder}.${process.pid}.partial`
  await mkdir(work, { recursive: true })
  try {
    for (const name of [...bindingHeaders, ...bindingSources]) {
      const text = await readFile(join(packageFolder, 'binding', name), 'utf8')
      await writeFile(join(work, name), patchSource(name, text))
    }
    const { code, output } = await runProgram('g++', [
      ...flags,
      `-Wl,--version-script=${join(here, 'exports.map')}`,
      ...[work, here, join(root, 'node_modules/node-api-headers/include'), join(unpacked, 'include')].flatMap(
        (path) => ['-I', path],
      ),
      ...bindingSources.map((name) => join(work, name)),
      ...ownSources.map((name) => join(here, name)),
      ...libraries.map((name) => join(unpacked, 'lib', name)),
      ...['-o', join(work, 'tfjs_binding.node')],
    ])
    if (code === null) throw new Error('g++ was not found: run "apt-get install g++", then try again.')
    if (code !== 0) throw new Error(`g++ could not compile the TensorFlow addon:\n${output}`)
    await rename(work, folder).catch((error) => {
      if (!existsSync(folder)) throw error
    })
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** Puts `make`'s result in place of `target` by a rename: a program that runs keeps the file it has mapped. */
async function replaceFile(target, make) {
  const partial = `${target}.${process.pid}.partial`
  await mkdir(dirname(target), { recursive: true })
  await rm(partial, { force: true })
  await make(partial)
  await rename(partial, target)
  // A rename onto another link of the same file does nothing.
  await rm(partial, { force: true })
}

/**
 * Makes sure that `require('@tensorflow/tfjs-node')` finds its addon; does nothing when `isBuilt()`.
 * `onProgress({ step, what, done, total })`: step is download, verify, unpack (bytes), compile or install.
 * Throws an Error of one line that says what to do.
 */
export async function build({ onProgress = () => {} } = {}) {
  if (isBuilt()) return
  const needed = buildsHere ? bindingSources : []
  if (
    ![...needed.map((name) => `binding/${name}`), 'package.json'].every((name) => existsSync(join(packageFolder, name)))
  ) {
    throw new Error(
      '@tensorflow/tfjs-node is not installed, or not whole: run "npm ci --ignore-scripts", then try again.',
    )
  }
  if (!buildsHere) {
    onProgress({ step: 'install', what: 'the addon that @tensorflow/tfjs-node publishes', done: 0, total: 1 })
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
    const { code, output } = await runProgram(npm, ['rebuild', '@tensorflow/tfjs-node', '--foreground-scripts'])
    if (code !== 0 || !existsSync(addonFile)) {
      throw new Error(
        `The installer of @tensorflow/tfjs-node failed: run "npm rebuild @tensorflow/tfjs-node".\n${output}`,
      )
    }
    return
  }
  const wheel = selectedWheel()
  const key = buildKey(wheel)
  const unpacked = await unpackWheel(wheel, cacheRoot, onProgress)
  const cuda = []
  for (const part of wheel.cuda) cuda.push({ ...part, unpacked: await unpackWheel(part, cacheRoot, onProgress) })
  const compiled = join(cacheRoot, `tfjs-addon-${key}`)
  if (!existsSync(compiled)) {
    onProgress({ step: 'compile', what: 'the TensorFlow addon', done: 0, total: 1 })
    await compile(unpacked, compiled)
  }
  onProgress({ step: 'install', what: 'the TensorFlow addon', done: 0, total: 1 })
  for (const name of libraries) {
    const source = join(unpacked, 'lib', name)
    // A hard link costs no space and survives a cleared cache; another file system needs a symbolic one.
    await replaceFile(join(packageFolder, 'deps/lib', name), (path) =>
      link(source, path).catch(() => symlink(source, path)),
    )
  }
  await rm(cudaFolder, { recursive: true, force: true })
  for (const { part, unpacked: from } of cuda) {
    await replaceFile(join(cudaFolder, part), (path) => symlink(join(from, 'nvidia', part), path))
  }
  for (const name of ['LICENSE', 'THIRD_PARTY_NOTICES.txt']) {
    await replaceFile(join(packageFolder, 'deps', name), (path) => copyFile(join(unpacked, name), path))
  }
  await replaceFile(addonFile, (path) => copyFile(join(compiled, 'tfjs_binding.node'), path))
  await replaceFile(stampFile, (path) => writeFile(path, JSON.stringify({ key, wheel: wheel.requirement })))
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const started = Date.now()
  let last = ''
  try {
    await build({
      onProgress({ step, what, done, total }) {
        const line = `${step} ${what}${total > 1 ? ` ${Math.floor((100 * done) / total)} % of ${Math.round(total / 1e6)} MB` : ''}`
        if (line !== last)
          process.stderr.write(
            process.stderr.isTTY ? `\r\x1b[K${line}` : step === last.split(' ')[0] ? '' : `${line}\n`,
          )
        last = line
      },
    })
    process.stderr.write(
      `${process.stderr.isTTY ? '\r\x1b[K' : ''}TensorFlow addon ready (${((Date.now() - started) / 1000).toFixed(1)} s)\n`,
    )
  } catch (error) {
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  }
}
