import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { root } from '../../../scripts/lib/runtime.mjs'

const absent = existsSync('/var/lib/dpkg/status') ? null : 'no Debian'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'concord-debian-'))
  // An apt-get that, as the real one, installs nothing of a list in which it does not know one; and a dpkg-query beside it.
  const program = (name: string, text: string) =>
    writeFileSync(join(folder, name), `#!/bin/sh\ncd '${folder}'\n${text}\n`, { mode: 0o755 })
  program(
    'apt-get',
    `echo "$@" >> asked
     case " $* " in *" update "*) exit 0;; esac
     for unknown in $(cat unknown); do
       case " $* " in *" $unknown "*) echo "E: Unable to locate package $unknown"; exit 100;; esac
     done
     for one in $(echo " $* " | sed 's/.* --no-install-recommends//'); do echo "$one installed" >> installed; done`,
  )
  program('dpkg-query', 'touch installed; cat installed')
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Sets up on a machine with none of the packages, as the administrator, from a mirror that lacks some. */
function setUp(...unknown: string[]) {
  writeFileSync(join(folder, 'unknown'), unknown.join(' '))
  const script = `
    process.getuid = () => 0
    const debian = await import(${JSON.stringify(join(root, 'scripts/lib/setup/debian.mjs'))})
    await debian.run({ line: (text) => console.log(text), progress() {} }).then(
      () => console.log(debian.isDone() ? 'done' : 'not done'),
      (error) => console.log(error.constructor.name, error.message))`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script, '--', '--tests'], {
    env: { ...process.env, PATH: `${folder}:${process.env['PATH']}`, CONCORD_CACHE: join(folder, 'cache') },
    encoding: 'utf8',
  })
  const installed = readFileSync(join(folder, 'installed'), 'utf8').replaceAll(' installed', '').trim().split('\n')
  return { said: stdout.trim().split('\n'), installed }
}

describe.skipIf(absent)(`the Debian packages${absent ? ` (${absent})` : ''}`, () => {
  it('are asked for at once', () => {
    const { said, installed } = setUp()
    expect(said.at(-1)).toBe('done')
    expect(installed).toEqual(expect.arrayContaining(['xvfb', 'g++', 'dcmtk', 'gnome-keyring']))
    expect(readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n')).toHaveLength(2)
  })

  it('for tests may be missing in the mirror: all the others are installed, and it is said which are not', () => {
    const { said, installed } = setUp('dicom3tools', 'openssl')
    expect(said.at(-1)).toBe('done')
    expect(said.at(-2)).toContain('dicom3tools openssl could not be installed')
    expect(installed).toEqual(expect.arrayContaining(['xvfb', 'g++', 'dcmtk', 'gnome-keyring', 'python3-pydicom']))
    expect(installed).not.toContain('dicom3tools')
  })

  it('that the program needs may not', () => {
    const { said } = setUp('xvfb', 'openssl')
    expect(said.at(-1)).toMatch(/^SetupError .*could not install/)
  })
})
