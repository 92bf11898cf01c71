// The TensorFlow libraries and headers: out of the wheels that the TensorFlow project publishes for Python, pinned by
// SHA-256. A wheel is a zip; only the two libraries, the headers of the C interface and the licences are taken out.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { tied } from '../scripts/lib/command.mjs'
import { extractMember, listZip } from './zip.mjs'

const platform = 'cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64'

const nvidia = (part, version, bytes, sha256) => ({
  part: part.replace(/-/g, '_'),
  requirement: `nvidia-${part}-cu12==${version}`,
  file: `nvidia_${part.replace(/-/g, '_')}_cu12-${version}-py3-none-manylinux2014_x86_64.whl`,
  sha256,
  bytes,
})

/**
 * The CUDA libraries that TensorFlow 2.18.1 names as its own (`tensorflow[and-cuda]`), in its very versions: those that a training
 * step loads, without the compiler, the profiler and what several cards need among each other.
 */
const cuda = [
  nvidia('cuda-runtime', '12.5.82', 895_000, '3e79a060e126df40fd3a068f3f787eb000fa51b251ec6cd97d09579632687115'),
  nvidia('cuda-nvrtc', '12.5.82', 24_900_000, '3dbd97b0104b4bfbc3c4f8c79cd2496307c89c43c29a9f83125f1d76296ff3fd'),
  nvidia('cublas', '12.5.3.2', 363_000_000, 'ca070ad70e9fa6654084575d01bd001f30cc4665e33d4bb9fc8e0f321caa034b'),
  nvidia('cudnn', '9.3.0.75', 577_000_000, '9ad9c6929ebb5295eb4a1728024666d1c88283373e265a0c5c883e6f9d5cd76d'),
  nvidia('cufft', '11.2.3.61', 192_000_000, '9a6e8df162585750f61983a638104a48c756aa13f9f48e19ab079b38e3c828b8'),
  nvidia('curand', '10.3.6.82', 56_300_000, '2823fb27de4e44dbb22394a6adf53aa6e1b013aca0f8c22867d1cfae58405536'),
  nvidia('cusolver', '11.6.3.83', 130_000_000, '93cfafacde4428b71778eeb092ec615a02a3d05404da1bcf91c53e3fa1bce42b'),
  nvidia('cusparse', '12.5.1.3', 218_000_000, '016df8e993c437e8301e62739f01775cba988fd5253cd4c64173f8e8d2f8e752'),
  nvidia('nvjitlink', '12.5.82', 21_300_000, 'f9b37bc5c8cf7509665cb6ada5aaa0ce65618f2332b7d3e78e9790511f111212'),
]

/** One row a device. `bytes` is what the download weighs, for the progress shown. */
export const wheels = {
  cpu: {
    requirement: 'tensorflow-cpu==2.18.1',
    file: `tensorflow_cpu-2.18.1-${platform}.whl`,
    sha256: '810c75d7149d2da0cb2092187817b0dcabb80728ca9f9cf3a61f3f42fadd1298',
    bytes: 230_236_181,
    cuda: [],
  },
  gpu: {
    requirement: 'tensorflow==2.18.1',
    file: `tensorflow-2.18.1-${platform}.whl`,
    sha256: 'c9f87e5d2a680a4595f5dc30daf6bbaec9d4129b46d7ef1b2af63c46ac7d2828',
    bytes: 615_510_377,
    cuda,
  },
}

/** The wheel this machine's set-up uses: the GPU's where CONCORD_GPU=1 asks for it. */
export const selectedWheel = (env = process.env) => (env.CONCORD_GPU === '1' ? wheels.gpu : wheels.cpu)

export const libraries = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']

/** Where a member of the wheel goes below the unpacked folder, or null when it is not needed. */
function placeOf(name) {
  if (name.endsWith('/')) return null
  const inner = name.replace(/^tensorflow\//, '')
  if (libraries.includes(inner)) return `lib/${inner}`
  if (inner === 'THIRD_PARTY_NOTICES.txt' || inner === 'include/LICENSE') return basename(inner)
  if (/^include\/(tensorflow\/c|xla\/tsl\/c|tsl\/c)\/.*\.h$/.test(inner)) return inner
  if (/^include\/(tensorflow\/core|tensorflow\/tsl|tsl)\/platform\/ctstring[^/]*\.h$/.test(inner)) return inner
  return null
}

/** Of a CUDA package its libraries, where TensorFlow looks for them (its RUNPATH: $ORIGIN/../nvidia/PART/lib), and its licence. */
function placeOfCuda(name) {
  if (/^nvidia\/[^/]+\/lib\/[^/]+\.so[.0-9]*$/.test(name)) return name
  return /\.dist-info\/(.*\/)?License\.txt$/i.test(name) ? 'License.txt' : null
}

async function sha256(path) {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash)
  return hash.digest('hex')
}

/** Bytes of all files below a folder; pip writes what it has so far somewhere below its temporary folder. */
async function bytesBelow(folder) {
  let bytes = 0
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name)
    bytes += entry.isDirectory()
      ? await bytesBelow(path)
      : await stat(path).then(
          (s) => s.size,
          () => 0,
        )
  }
  return bytes
}

/**
 * Runs a program, which ends with this process however that ends, and resolves with its exit code (null: it is not
 * installed) and what it printed.
 */
export function runProgram(command, args, env = process.env) {
  return new Promise((done) => {
    let output = ''
    const [file, ...rest] = tied(command, args)
    const child = spawn(file, rest, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text))
    child.on('error', () => done({ code: null, output }))
    // 127: what a shell, and setpriv, answer for a program that is not there.
    child.on('close', (code) => done({ code: code === 127 ? null : (code ?? 1), output }))
  })
}

async function findPip() {
  for (const [command, ...args] of [['python3', '-m', 'pip'], ['pip3'], ['pip'], ['python', '-m', 'pip']]) {
    const { code } = await runProgram(command, [...args, '--version'])
    if (code === 0) return [command, ...args]
  }
  throw new Error(
    'pip was not found, and TensorFlow is fetched with it: run "apt-get install python3-pip", then try again.',
  )
}

/** The wheel's file in `folder`, downloaded with pip when it is not there yet, its SHA-256 verified. */
async function fetchWheel(wheel, folder, onProgress) {
  const target = join(folder, wheel.file)
  if (!existsSync(target)) {
    const [command, ...pip] = await findPip()
    const partial = join(folder, `${wheel.file}.${process.pid}.partial`)
    const temporary = join(partial, 'tmp')
    await mkdir(temporary, { recursive: true })
    const watch = setInterval(async () => {
      const bytes = await bytesBelow(partial)
      onProgress({ step: 'download', what: wheel.requirement, done: Math.min(bytes, wheel.bytes), total: wheel.bytes })
    }, 250)
    try {
      const { code, output } = await runProgram(
        command,
        [
          ...pip,
          ...['download', '--no-deps', '--only-binary=:all:', '--python-version', '3.11', '--implementation', 'cp'],
          ...['--platform', 'manylinux2014_x86_64', '--platform', 'manylinux_2_17_x86_64'],
          ...['--disable-pip-version-check', '--no-cache-dir', '--progress-bar', 'off', '--dest', partial],
          wheel.requirement,
        ],
        { ...process.env, TMPDIR: temporary },
      )
      if (code !== 0 || !existsSync(join(partial, wheel.file))) {
        const lines = output.trim().split('\n')
        const reason = lines.find((line) => line.startsWith('ERROR')) ?? lines.at(-1)
        throw new Error(
          `pip could not fetch ${wheel.requirement} (${reason}): check the network, or put ${wheel.file} into ${folder}, then try again.`,
        )
      }
      await rename(join(partial, wheel.file), target)
    } finally {
      clearInterval(watch)
      await rm(partial, { recursive: true, force: true })
    }
  }
  onProgress({ step: 'verify', what: wheel.file, done: 0, total: 1 })
  const found = await sha256(target)
  if (found !== wheel.sha256) {
    await rm(target)
    throw new Error(`${wheel.file} is not the pinned one (SHA-256 ${found}); it was removed: try again.`)
  }
  return target
}

/** Removes what builds that were killed have left in a folder: `NAME.PID.partial` of processes that are gone. */
async function removeAbandoned(folder) {
  for (const name of await readdir(folder).catch(() => [])) {
    const pid = Number(/\.(\d+)\.partial$/.exec(name)?.[1])
    if (pid && !isRunning(pid)) await rm(join(folder, name), { recursive: true, force: true })
  }
}

function isRunning(pid) {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** Name of the folder in the cache that holds what was taken out of the wheel. */
export const unpackedName = (wheel) => `${wheel.requirement.replace('==', '-')}-${wheel.sha256.slice(0, 12)}`

/**
 * The folder with `lib/` and `include/` of a wheel, or `nvidia/PART/lib/` of a CUDA package, below `cache`; fetched and unpacked on the first call. It comes
 * into being by a rename, so a folder that is there is complete, whatever was interrupted before.
 */
export async function unpackWheel(wheel, cache, onProgress) {
  const [place, needed] = wheel.part ? [placeOfCuda, []] : [placeOf, libraries]
  const folder = join(cache, unpackedName(wheel))
  if (existsSync(folder)) return folder
  for (const where of [cache, join(cache, 'downloads')]) await removeAbandoned(where)
  const archive = await fetchWheel(wheel, join(cache, 'downloads'), onProgress)
  const partial = `${folder}.${process.pid}.partial`
  try {
    const wanted = (await listZip(archive)).map((m) => ({ ...m, place: place(m.name) })).filter((m) => m.place)
    for (const library of needed) {
      if (!wanted.some((m) => m.place === `lib/${library}`)) throw new Error(`${wheel.file} holds no ${library}.`)
    }
    const total = wanted.reduce((sum, m) => sum + m.size, 0)
    let done = 0
    for (const member of wanted) {
      await extractMember(archive, member, join(partial, member.place), (bytes) => {
        done += bytes
        onProgress({ step: 'unpack', what: wheel.requirement, done, total })
      })
    }
    // Another checkout may have been faster; its folder is as good as ours.
    await rename(partial, folder).catch((error) => {
      if (!existsSync(folder)) throw error
    })
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
  await rm(archive, { force: true })
  return folder
}
