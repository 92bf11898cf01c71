import { chmodSync, cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createPackageWithOptions } from '@electron/asar'
import { command } from '../scripts/lib/command.mjs'
import { builtFile, bundledPackages, filesBelow, locales, packageFiles } from './contents.ts'
import { setFuses } from './fuses.ts'
import { productPackages } from './parts/packages.ts'

/** The starter that a window belongs to: its class on X11 and its name on Wayland come from it. */
export const desktopName = 'concord.desktop'

interface Wanted {
  root: string
  /** The folder of Electron's release. */
  electron: string
  /** An empty place for the program; what lay there is replaced. */
  out: string
  /** Kept in the archive's manifest: whether the program may be given to anybody. */
  version: string
}

/** Lays the program out as it is installed: Electron, named concord, with the archive of the program and its native parts. */
export async function layOut({ root, electron, out, version }: Wanted): Promise<void> {
  rmSync(out, { recursive: true, force: true })
  mkdirSync(out, { recursive: true })
  for (const file of filesBelow(electron, (path) => path !== 'resources')) {
    if (file.startsWith('locales/') && !locales.test(file.slice('locales/'.length))) continue
    if (/^(LICENSE.*|version|concord-origin)$/.test(file)) continue
    take(join(electron, file), join(out, file))
  }
  renameSync(join(out, 'electron'), join(out, 'concord'))
  for (const file of ['concord', 'chrome_crashpad_handler']) chmodSync(join(out, file), 0o755)
  // Chromium's sandbox for pages, where the system gives ordinary users no namespaces of their own.
  chmodSync(join(out, 'chrome-sandbox'), 0o4755)
  await setFuses(join(out, 'concord'))
  await archive(root, out, version)
}

/** resources/app.asar: the bundled program; packages with native parts, and the texts of licences, lie
 * beside it in app.asar.unpacked. */
async function archive(root: string, out: string, version: string): Promise<void> {
  const staging = `${out}.app`
  rmSync(staging, { recursive: true, force: true })
  for (const file of filesBelow(join(root, 'dist')).filter(builtFile))
    take(join(root, 'dist', file), join(staging, 'dist', file))
  for (const file of packageFiles(root)) take(join(root, file), join(staging, file))
  const told = new Set(productPackages(root).map((part) => part.name))
  const untold = bundledPackages(join(root, 'dist')).filter((part) => !told.has(part))
  if (untold.length > 0) throw new Error(`In the program, but without a licence on its page: ${untold.join(', ')}.`)
  const { name, productName, description, license, type, main } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  ) as Record<string, string>
  const manifest = { name, productName, description, license, type, main }
  writeFileSync(
    join(staging, 'package.json'),
    JSON.stringify({ ...manifest, version, desktopName, private: true }, null, 2),
  )
  await strip(staging)
  mkdirSync(join(out, 'resources'), { recursive: true })
  await createPackageWithOptions(staging, join(out, 'resources/app.asar'), { unpackDir: '{node_modules,dist/parts}' })
  rmSync(staging, { recursive: true, force: true })
}

/** TensorFlow's libraries and the addons come with symbols for a debugger: a quarter of their size. Without `strip` they stay. */
async function strip(folder: string): Promise<void> {
  const libraries = filesBelow(folder).filter((file) => /libtensorflow.*\.so|\.node$/.test(file))
  for (const library of libraries) await command('strip', ['--strip-unneeded', join(folder, library)]).catch(() => null)
}

function take(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true })
  cpSync(from, to, { dereference: true })
}
