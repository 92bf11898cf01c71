import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FuseV1Options } from '@electron/fuses'
import { describe, expect, it } from 'vitest'
import { builtFile, packageFile, packageFiles } from '../../../packaging/contents.ts'
import { control, depends } from '../../../packaging/debian.ts'
import builder from '../../../packaging/electron-builder.config.ts'
import { fuses, readFuses } from '../../../packaging/fuses.ts'
import { desktopName } from '../../../packaging/lay-out.ts'
import { entries } from '../../../src/main/app/entries.ts'
import { external } from '../../../scripts/lib/external.ts'
import { electronBinary, root } from '../../../scripts/lib/runtime.mjs'

const text = (path: string): string => readFileSync(join(root, path), 'utf8')

describe('what goes into a package', () => {
  const files = packageFiles(root)

  it('takes the native parts, TensorFlow’s libraries and the codecs along', () => {
    const needed = [
      /better-sqlite3\/prebuilds\/[^/]+\.node$/,
      /@node-rs\/argon2-[^/]+\/.*\.node$/,
      /tfjs-node\/lib\/napi-v8\/tfjs_binding\.node$/,
      /tfjs-node\/deps\/lib\/libtensorflow_cc\.so\.2$/,
      /tfjs-node\/deps\/lib\/libtensorflow_framework\.so\.2$/,
      /codec-openjpeg\/dist\/openjpegwasm_decode\.wasm$/,
      /h5wasm\/dist\/node\/hdf5_hl\.js$/,
    ]
    for (const one of needed) expect(files.filter((file) => one.test(file)).length, String(one)).toBe(1)
    for (const name of external.filter((one) => one !== 'electron'))
      expect(files).toContain(`node_modules/${name}/package.json`)
  })

  it('leaves out tests, maps, types, sources and other systems’ halves', () => {
    const stray = files.filter((file) => /\.map$|\.ts$|\.cc$|[._-](test|spec)\.js$|\.partial$|win32|darwin/.test(file))
    expect(stray.filter((file) => !file.includes('better-sqlite3/lib/'))).toEqual([])
    expect(['main/index.js.map', 'main/.built-from', '.lock'].filter(builtFile)).toEqual([])
    expect(builtFile('main/index.js')).toBe(true)
    expect(packageFile('semver', 'test/index.js')).toBe(false)
    expect(packageFile('semver', 'LICENSE')).toBe(true)
  })

  it('starts from a file that the bundler makes', () => {
    const { main } = JSON.parse(text('package.json')) as { main: string }
    expect(Object.keys(entries).map((name) => `dist/main/${name}.js`)).toContain(main)
  })
})

describe('fuses', () => {
  it('name every fuse there is, and close what would let others in', () => {
    const all = Object.keys(FuseV1Options).filter((name) => Number.isNaN(Number(name)))
    expect(Object.keys(fuses).sort()).toEqual(all.sort())
    expect(fuses).toMatchObject({
      RunAsNode: false,
      EnableNodeOptionsEnvironmentVariable: false,
      EnableNodeCliInspectArguments: false,
      EnableCookieEncryption: true,
      EnableEmbeddedAsarIntegrityValidation: true,
      OnlyLoadAppFromAsar: true,
      GrantFileProtocolExtraPrivileges: false,
    })
  })

  it('are read from a binary: the one that tests run on has Electron’s own', async () => {
    expect(await readFuses(electronBinary())).toMatchObject({ RunAsNode: true, OnlyLoadAppFromAsar: false })
  })
})

describe('the Debian package', () => {
  it('has a control file that Debian’s own tool reads', () => {
    const written = control('1.2.3~smoke', 1000, 'What it does.', 'Not for anybody.')
    expect(written).toMatch(/^Package: concord\nVersion: 1\.2\.3~smoke\nArchitecture: amd64\n/)
    expect(written).toContain('\n What it does.\n .\n Not for anybody.\n')
    expect(written.endsWith('\n')).toBe(true)
    // Debian Policy 3.4.2: lines of the description under 80 characters.
    const long = control('1.2.3', 1000, 'word '.repeat(60).trim(), 'more '.repeat(40).trim())
    const lines = long.slice(long.indexOf('\nDescription: ')).split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(80)
    expect(lines.join('').match(/word/g)).toHaveLength(60)
    for (const one of ['libnss3', 'libx11-xcb1', 'libgtk-3-0 | libgtk-3-0t64', 'libasound2 | libasound2t64'])
      expect(depends).toContain(one)
    const made = spawnSync('dpkg-deb', ['--version'])
    if (made.error) return
    const folder = mkdtempSync(join(tmpdir(), 'concord-control-'))
    try {
      spawnSync('mkdir', ['-p', join(folder, 'DEBIAN')])
      spawnSync('tee', [join(folder, 'DEBIAN/control')], { input: written })
      const deb = join(folder, 'c.deb')
      expect(spawnSync('dpkg-deb', ['-Zgzip', '--build', folder, deb]).status).toBe(0)
      const read = spawnSync('dpkg-deb', ['-f', deb, 'Version', 'Depends'], { encoding: 'utf8' }).stdout
      expect(read).toContain('Version: 1.2.3~smoke')
      expect(read).toContain(`Depends: ${depends.join(', ')}`)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it('brings a command without a window, a starter for the desktop, an icon and the copyright', () => {
    const command = text('packaging/debian/concord')
    expect(command).toMatch(/--headless .*--concord-command -- "\$@"/)
    const desktop = text('packaging/debian/concord.desktop')
    expect(desktop).toContain('Exec=/usr/bin/concord-window')
    expect(desktop).toContain('Comment[de]=')
    // A window is of the class that its starter is named by.
    expect(desktop).toContain(`StartupWMClass=${desktopName.replace('.desktop', '')}`)
    for (const name of ['concord', 'concord-window'])
      expect(text(`packaging/debian/${name}.1`)).toMatch(/^\.TH CONCORD.*\n\.SH NAME\nconcord/)
    expect(text('packaging/debian/org.concord.workstation.metainfo.xml')).toContain('>concord.desktop</launchable>')
    expect(text('packaging/debian/concord.svg')).toContain('<svg')
    expect(text('packaging/debian/copyright')).toContain('Apache-2.0')
  })
})

describe('the other systems', () => {
  it('share the lists of files and the fuses', () => {
    expect(builder.asarUnpack).toContain('node_modules/**')
    expect(builder.electronFuses).toMatchObject({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableCookieEncryption: true,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      grantFileProtocolExtraPrivileges: false,
    })
    // A name that electron-builder's schema lacks would make it refuse the whole configuration.
    expect(builder.electronFuses).not.toHaveProperty('wasmTrapHandlers')
    expect(fuses.WasmTrapHandlers).toBe(true)
    expect(builder.publish).toBeNull()
    for (const system of ['win', 'mac', 'linux'] as const) {
      expect(builder[system].target.length).toBeGreaterThan(0)
      expect(existsSync(join(root, builder[system].icon))).toBe(true)
    }
    expect(builder.files).toContain('!**/*.map')
  })
})
