import { createHash } from 'node:crypto'
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { command } from '../scripts/lib/command.mjs'
import { filesBelow } from './contents.ts'

/** Where the program lies once it is installed. */
export const installed = '/opt/concord'

/**
 * What Electron links to or looks for, by Debian's names; newer releases name some of them …t64. `ldd` over the program's files
 * is held against it by the smoke test, and a bare Debian by `--chroot`.
 */
export const depends = [
  ...['libc6 (>= 2.31)', 'libasound2 | libasound2t64', 'libatk-bridge2.0-0 | libatk-bridge2.0-0t64'],
  ...['libatk1.0-0 | libatk1.0-0t64', 'libatspi2.0-0 | libatspi2.0-0t64', 'libcairo2', 'libcups2 | libcups2t64'],
  ...['libdbus-1-3', 'libdrm2', 'libexpat1', 'libgbm1', 'libglib2.0-0 | libglib2.0-0t64', 'libgtk-3-0 | libgtk-3-0t64'],
  ...['libnspr4', 'libnss3', 'libpango-1.0-0', 'libudev1', 'libx11-6', 'libxcb1', 'libxcomposite1', 'libxdamage1'],
  ...['libxext6', 'libxfixes3', 'libxkbcommon0', 'libxrandr2'],
  // Opened while it runs, so that ldd does not name them; without the first nothing starts at all.
  ...['libx11-xcb1', 'libnotify4', 'libsecret-1-0', 'xdg-utils'],
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

/** What may be started, by its path in the package; nothing else is executable. */
const started = /^usr\/bin\/|^opt\/concord\/(concord|chrome_crashpad_handler|chrome-sandbox)$/

/** Makes the .deb and gives its path. No script runs at installation: what must be setuid is so in the archive. */
export async function makeDebian({ root, program, work, version, note }: Package): Promise<string> {
  const tree = join(work, 'debian')
  rmSync(tree, { recursive: true, force: true })
  const target = (to: string): string => {
    mkdirSync(dirname(join(tree, to)), { recursive: true })
    return join(tree, to)
  }
  const source = (name: string): string => join(root, 'packaging/debian', name)
  const put = (from: string, to: string): void => cpSync(source(from), target(to))
  const pack = (text: string | Buffer, to: string): void => writeFileSync(target(to), gzipSync(text, { level: 9 }))
  cpSync(program, join(tree, installed), { recursive: true })
  put('concord', 'usr/bin/concord')
  put('concord-window', 'usr/bin/concord-window')
  put('concord.desktop', 'usr/share/applications/concord.desktop')
  put('concord.svg', 'usr/share/icons/hicolor/scalable/apps/concord.svg')
  for (const size of ['256x256', '512x512'])
    put(`../icons/${size}.png`, `usr/share/icons/hicolor/${size}/apps/concord.png`)
  put('org.concord.workstation.metainfo.xml', 'usr/share/metainfo/org.concord.workstation.metainfo.xml')
  put('copyright', 'usr/share/doc/concord/copyright')
  put('lintian-overrides', 'usr/share/lintian/overrides/concord')
  for (const page of ['concord.1', 'concord-window.1'])
    pack(readFileSync(source(page)), `usr/share/man/man1/${page}.gz`)
  pack(changelog(version, note), 'usr/share/doc/concord/changelog.gz')
  const { bytes, sums } = settle(tree)
  const { description } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { description: string }
  writeFileSync(target('DEBIAN/control'), control(version, Math.ceil(bytes / 1024), description, note))
  writeFileSync(target('DEBIAN/md5sums'), sums)
  const file = join(work, `concord_${version}_amd64.deb`)
  // zstd: the libraries take seconds, not minutes. Debian 12, Ubuntu 22.04 and later unpack it.
  const { code, output } = await command('dpkg-deb', ['--root-owner-group', '-Zzstd', '-z3', '--build', tree, file])
  if (code !== 0) throw new Error(`dpkg-deb could not build the package.\n${output}`)
  rmSync(tree, { recursive: true, force: true })
  return file
}

/** Sets every file's rights, whatever they were where it came from; gives all their bytes, and their digests for `dpkg --verify`. */
function settle(tree: string): { bytes: number; sums: string } {
  let bytes = 0
  const sums = filesBelow(tree).map((path) => {
    const file = join(tree, path)
    chmodSync(file, started.test(path) ? 0o755 : 0o644)
    if (path.endsWith('/chrome-sandbox')) chmodSync(file, 0o4755)
    const content = readFileSync(file)
    bytes += content.length
    return `${createHash('md5').update(content).digest('hex')}  ${path}\n`
  })
  return { bytes, sums: sums.join('') }
}

/** Whom to write to about the package: as Debian's own tools, from DEBFULLNAME and DEBEMAIL where the publisher sets them. */
const maintainer = (): string =>
  `${process.env['DEBFULLNAME'] ?? 'The Concord authors'} <${process.env['DEBEMAIL'] ?? 'concord@localhost'}>`

/** The changelog (Debian Policy, 4.4). @param note as for the control file */
function changelog(version: string, note: string): string {
  const day = new Date().toUTCString().replace('GMT', '+0000')
  const what = note || 'See the notes of the release.'
  return `concord (${version}) stable; urgency=medium\n\n  * ${fill(what, '    ')}\n\n -- ${maintainer()}  ${day}\n`
}

/** Text in lines of at most 76 characters, all but the first indented. */
const fill = (text: string, indent: string): string => text.replace(/(.{1,72})(?: |$)/g, `$1\n${indent}`).trimEnd()

/** The control file (Debian Policy, chapter 5). `kilobytes`: as installed. */
export function control(version: string, kilobytes: number, description: string, note: string): string {
  return [
    'Package: concord',
    `Version: ${version}`,
    'Architecture: amd64',
    'Section: science',
    'Priority: optional',
    `Maintainer: ${maintainer()}`,
    `Installed-Size: ${kilobytes}`,
    `Depends: ${depends.join(', ')}`,
    'Recommends: ca-certificates, gnome-keyring | kwalletmanager',
    `Description: blinded grading of scans by several readers`,
    ` ${fill(description, ' ')}`,
    ...(note ? [' .', ` ${fill(note, ' ')}`] : []),
    '',
  ].join('\n')
}
