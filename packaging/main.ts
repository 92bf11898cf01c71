import { mkdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { origin } from '../scripts/lib/setup/electron.mjs'
import { electronBinary, root } from '../scripts/lib/runtime.mjs'
import { size } from '../scripts/lib/setup/say.mjs'
import { makeDebian } from './debian.ts'
import { layOut } from './lay-out.ts'
import { bareDebian, thisSystem, type Machine } from './machine.ts'
import { smoke } from './smoke.ts'

// npm run package [-- --folder | --smoke | --chroot [FILE.deb]]: the program as a package in out/package. --folder: laid out only.
// --smoke: the package, installed, tried and removed again (as root); --chroot: the same on a bare Debian 12 in a folder. With a file,
// that one.
// The program's archive is a file here, not a folder as Electron's Node would have it.
Object.assign(process, { noAsar: true })
const args = process.argv.slice(2)
const tell = (line: string): void => void process.stdout.write(`${line}\n`)
const seconds = (since: number): string => `${((Date.now() - since) / 1000).toFixed(1)} s`

const work = join(root, 'out/package')
const program = join(work, 'concord-linux-x64')
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
const releasable = origin() === 'official'
/** Sorts before the release of the same number: it is replaced by that one, never the other way round. */
const own = releasable ? version : `${version}~smoke`
const note = releasable
  ? ''
  : 'FOR THE SMOKE TEST ONLY: this Electron is not the one that its makers publish. Not to be given to anybody.'

async function build(): Promise<string> {
  mkdirSync(work, { recursive: true })
  let started = Date.now()
  await layOut({ root, electron: dirname(electronBinary()), out: program, version: own })
  tell(`laid out in ${program} (${seconds(started)})`)
  if (args.includes('--folder')) return program
  started = Date.now()
  const file = await makeDebian({ root, program, work, version: own, note })
  tell(`${file}: ${size(statSync(file).size)} (${seconds(started)})`)
  if (note) tell(note)
  return file
}

async function tryOn(machine: () => Machine | Promise<Machine>, file: string): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error('Packages are installed by root: try them as root.')
  const made = await machine()
  try {
    await smoke(file, made, tell)
  } finally {
    made.end()
  }
}

if (process.platform !== 'linux' || process.arch !== 'x64') {
  process.stderr.write('Packages for this system are made by electron-builder: packaging/README.md.\n')
  process.exitCode = 2
} else {
  try {
    const given = args.find((arg) => arg.endsWith('.deb'))
    const file = given ?? (await build())
    for (const [option, machine] of [
      ['--smoke', thisSystem],
      ['--chroot', bareDebian],
    ] as const)
      if (args.includes(option)) await tryOn(machine, file)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  }
}
