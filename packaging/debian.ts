import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { command } from '../scripts/lib/command.mjs'
import { filesBelow } from './contents.ts'

/** Where the program lies once it is installed. */
export const installed = '/opt/concord'

/**
 * What Electron links to or looks for, by Debian's names; newer releases name some of them …t64. `ldd` over the program's files
 * is held against it by the smoke test.
 */
export const depends = [
  ...['libc6 (>= 2.31)', 'libasound2 | libasound2t64', 'libatk-bridge2.0-0 | libatk-bridge2.0-0t64'],
  ...['libatk1.0-0 | libatk1.0-0t64', 'libatspi2.0-0 | libatspi2.0-0t64', 'libcairo2', 'libcups2 | libcups2t64'],
  ...['libdbus-1-3', 'libdrm2', 'libexpat1', 'libgbm1', 'libglib2.0-0 | libglib2.0-0t64', 'libgtk-3-0 | libgtk-3-0t64'],
  ...['libnspr4', 'libnss3', 'libpango-1.0-0', 'libudev1', 'libx11-6', 'libxcb1', 'libxcomposite1', 'libxdamage1'],
  ...['libxext6', 'libxfixes3', 'libxkbcommon0', 'libxrandr2', 'libnotify4', 'libsecret-1-0', 'xdg-utils'],
]

interface Package {
  root: string
  /** The program as laid out. */
  program: string
  /** Where to work, and where the .deb goes. */
  work: string
  version: string
  /** Ends the description. */
  note: string
}

/** Makes the .deb and gives its path. No script runs at installation: what must be setuid is so in the archive. */
export async function makeDebian({ root, program, work, version, note }: Package): Promise<string> {
  const tree = join(work, 'debian')
  rmSync(tree, { recursive: true, force: true })
  const put = (from: string, to: string, mode = 0o644): void => {
    const target = join(tree, to)
    mkdirSync(dirname(target), { recursive: true })
    cpSync(join(root, 'packaging/debian', from), target)
    chmodSync(target, mode)
  }
  cpSync(program, join(tree, installed), { recursive: true })
  // cp keeps no setuid bit.
  chmodSync(join(tree, installed, 'chrome-sandbox'), 0o4755)
  put('concord', 'usr/bin/concord', 0o755)
  put('concord-window', 'usr/bin/concord-window', 0o755)
  put('concord.desktop', 'usr/share/applications/concord.desktop')
  put('concord.svg', 'usr/share/icons/hicolor/scalable/apps/concord.svg')
  put('concord.metainfo.xml', 'usr/share/metainfo/concord.metainfo.xml')
  put('copyright', 'usr/share/doc/concord/copyright')
  const bytes = filesBelow(tree).reduce((sum, file) => sum + statSync(join(tree, file)).size, 0)
  const { description } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { description: string }
  mkdirSync(join(tree, 'DEBIAN'), { recursive: true })
  writeFileSync(join(tree, 'DEBIAN/control'), control(version, Math.ceil(bytes / 1024), description, note))
  const file = join(work, `concord_${version}_amd64.deb`)
  // zstd: the libraries take seconds, not minutes. Debian 12, Ubuntu 22.04 and later unpack it.
  const { code, output } = await command('dpkg-deb', ['--root-owner-group', '-Zzstd', '-z3', '--build', tree, file])
  if (code !== 0) throw new Error(`dpkg-deb could not build the package.\n${output}`)
  rmSync(tree, { recursive: true, force: true })
  return file
}

/** The control file (Debian Policy, chapter 5). `kilobytes`: as installed. */
export function control(version: string, kilobytes: number, description: string, note: string): string {
  return [
    'Package: concord',
    `Version: ${version}`,
    'Architecture: amd64',
    'Section: science',
    'Priority: optional',
    'Maintainer: The Concord authors <concord@localhost>',
    `Installed-Size: ${kilobytes}`,
    `Depends: ${depends.join(', ')}`,
    'Recommends: gnome-keyring | kwalletmanager',
    `Description: blinded grading of scans by several readers`,
    ` ${description}`,
    ...(note ? [' .', ` ${note}`] : []),
    '',
  ].join('\n')
}
