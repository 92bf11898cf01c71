import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  createDecoderHost,
  createForkHost,
  type DecoderHost,
  type HostOptions,
} from '../../../src/main/imaging/host.ts'
import { forkDecoder } from '../../../src/main/imaging/decoder-process.ts'
import { readHeader } from '../../../src/main/imaging/cache.ts'
import { randomWholes, temporaryFolder } from '../../fixtures/imaging/folder.ts'
import { niftiFile, niftiInt16 } from '../../fixtures/imaging/nifti.ts'
import { png16 } from '../../fixtures/imaging/png.ts'
import { codeOf } from '../../fixtures/imaging/read.ts'

const values = randomWholes(60, -1000, 1000)

function hostFor(options: HostOptions = {}): DecoderHost {
  const host = createForkHost(options)
  onTestFinished(() => host.close())
  return host
}

function folderWith(files: Record<string, Uint8Array>): string {
  const folder = temporaryFolder()
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes)
  return folder
}

describe('the decoder in its own process', () => {
  it('finds, inspects and decodes', async () => {
    const host = hostFor()
    const folder = folderWith({ 'a.nii': niftiInt16([5, 4, 3], [1, 1, 1], values), 'b.nii': new Uint8Array(0) })
    const seen: number[] = []
    const { sources, refused } = await host.discover([folder], { onProgress: (n) => seen.push(n) })
    expect(sources.map((s) => s.label)).toEqual(['a.nii'])
    expect(refused.map((r) => r.error.code)).toEqual(['file-empty'])
    expect(seen.at(-1)).toBe(2)
    const inspected = await host.inspect(sources[0]!, { at: [[1, 0, 0], [9, 9, 9]], digest: true }) // prettier-ignore
    expect(inspected.values).toEqual([
      { at: [1, 0, 0], value: values[1] },
      { at: [9, 9, 9], value: null, reason: 'outside the volume' },
    ])
    const cache = temporaryFolder()
    const decoded = await host.decodeToCache(sources[0]!, cache)
    expect(decoded.header.sha256).toBe(inspected.sha256)
    expect(await readHeader(decoded.cachePath)).toEqual(decoded.header)
  })

  it('that dies is one failed file; the next starts a new process', async () => {
    const children: ReturnType<typeof forkDecoder>['child'][] = []
    const host = createDecoderHost(() => {
      const { decoder, child } = forkDecoder()
      children.push(child)
      return decoder
    })
    onTestFinished(() => host.close())
    const folder = folderWith({ 'a.nii': niftiInt16([5, 4, 3], [1, 1, 1], values) })
    const { sources } = await host.discover([folder])
    const cache = temporaryFolder()
    const failed = codeOf(host.decodeToCache(sources[0]!, cache))
    const waiting = host.decodeToCache(sources[0]!, cache)
    children[0]!.kill('SIGKILL')
    expect(await failed).toBe('decoder-crashed')
    expect((await waiting).header.dims).toEqual([5, 4, 3])
    expect(children).toHaveLength(2)
    expect(readdirSync(cache).filter((name) => name.endsWith('.vol'))).toHaveLength(1)
  })

  it('that takes too long is given up', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'stack'))
    // Enough pictures that no machine decodes them in a millisecond.
    for (let i = 0; i < 40; i++)
      writeFileSync(join(folder, 'stack', `${i}.png`), png16(200, 200, randomWholes(40000, 0, 65535)))
    const patient = hostFor()
    const { sources } = await patient.discover([folder])
    expect(await codeOf(hostFor({ timeoutMs: 1 }).inspect(sources[0]!))).toBe('decoder-timeout')
    expect((await patient.inspect(sources[0]!)).header.dims).toEqual([200, 200, 40])
  })

  it('stops when it is told to, and goes on afterwards', async () => {
    const host = hostFor()
    const folder = folderWith({ 'a.nii': niftiInt16([5, 4, 3], [1, 1, 1], values) })
    const { sources } = await host.discover([folder])
    const stop = new AbortController()
    const cancelled = codeOf(host.inspect(sources[0]!, { signal: stop.signal }))
    stop.abort()
    expect(await cancelled).toBe('cancelled')
    expect(await codeOf(host.inspect(sources[0]!, { signal: stop.signal }))).toBe('cancelled')
    expect((await host.inspect(sources[0]!)).header.dims).toEqual([5, 4, 3])
    await host.close()
    expect(await codeOf(host.discover([folder]))).toBe('decoder-closed')
  })

  it('refuses what needs more memory than allowed', async () => {
    const host = hostFor({ maxBytes: 100 })
    const { sources } = await host.discover([folderWith({ 'a.nii': niftiInt16([5, 4, 3], [1, 1, 1], values) })])
    expect(await codeOf(host.inspect(sources[0]!))).toBe('too-large')
  })

  it('measures the numbers of a volume that also holds NaN, and warns', async () => {
    const host = hostFor()
    const floats = Float32Array.from([NaN, Infinity, ...values.slice(2)])
    const content = { dims: [5, 4, 3], spacing: [1, 1, 1], type: 16, bits: 32, bytes: new Uint8Array(floats.buffer) }
    const { sources } = await host.discover([folderWith({ 'a.nii': niftiFile(content) })])
    const inspected = await host.inspect(sources[0]!, { at: [[0, 0, 0]] })
    const finite = values.slice(2)
    expect([inspected.min, inspected.max]).toEqual([Math.min(...finite), Math.max(...finite)])
    expect(inspected.mean).toBeCloseTo(finite.reduce((a, b) => a + b, 0) / finite.length, 9)
    expect(inspected.header.warnings.join()).toContain('2 values are not numbers')
    expect(inspected.values[0]).toEqual({ at: [0, 0, 0], value: null, reason: 'not a number' })
  })
})
