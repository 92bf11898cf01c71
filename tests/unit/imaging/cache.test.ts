import { createHash } from 'node:crypto'
import { readFileSync, readdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cachePathOf, readHeader, readPart, readSlices } from '../../../src/main/imaging/cache.ts'
import { decodeToCache } from '../../../src/main/imaging/decode.ts'
import { discover } from '../../../src/main/imaging/discover.ts'
import { defaultLimits } from '../../../src/main/imaging/limits.ts'
import type { DecodedVolume } from '../../../src/main/imaging/protocol.ts'
import { randomWholes, temporaryFolder } from '../../fixtures/imaging/folder.ts'
import { niftiInt16 } from '../../fixtures/imaging/nifti.ts'
import { codeOf } from '../../fixtures/imaging/read.ts'
import { calibrationBlock, isqFile } from '../../fixtures/imaging/scanco.ts'

const values = randomWholes(60, -32768, 32767)

async function cached(folder: string, name: string, bytes: Uint8Array): Promise<DecodedVolume> {
  const path = join(temporaryFolder(), name)
  writeFileSync(path, bytes)
  const { sources } = await discover([path])
  return decodeToCache(sources[0]!, folder, defaultLimits)
}
const isq = () =>
  isqFile({
    ...{ dims: [5, 4, 3], microns: [305, 244, 183], voxels: Int16Array.from(values) },
    calibration: calibrationBlock(1603.5, -391.25),
  })

describe('the volume cache', () => {
  it('holds magic, header and voxels as stated, and nothing of the patient', async () => {
    const folder = temporaryFolder()
    const { cachePath, header, meta } = await cached(folder, 'a.isq', isq())
    const file = readFileSync(cachePath)
    expect(file.toString('latin1', 0, 8)).toBe('CNCVOL1\0')
    const length = file.readUInt32LE(8)
    const json = JSON.parse(file.toString('utf8', 12, 12 + length)) as Record<string, unknown>
    expect(json).toEqual(JSON.parse(JSON.stringify(header)))
    const start = Math.ceil((12 + length) / 16) * 16
    expect(file.subarray(start)).toEqual(Buffer.from(Int16Array.from(values).buffer))
    expect(file.toString('latin1')).not.toContain('SAMPLE NAME')
    expect(meta.patientName).toBe('SAMPLE NAME')
    const floats = Float32Array.from(values, (v) => (v * 1603.5) / 8192 - 391.25)
    expect(header.sha256).toBe(createHash('sha256').update(new Uint8Array(floats.buffer)).digest('hex'))
    expect(cachePath).toBe(cachePathOf(folder, header.sha256))
    expect(header).toMatchObject({
      type: 'int16',
      dims: [5, 4, 3],
      min: Math.min(...values) * (1603.5 / 8192) - 391.25,
    })
    expect(readdirSync(folder)).toEqual([`${header.sha256}.vol`])
  })

  it('reads single slices in any order', async () => {
    const { cachePath } = await cached(temporaryFolder(), 'a.isq', isq())
    expect((await readHeader(cachePath)).dims).toEqual([5, 4, 3])
    expect([...(await readSlices(cachePath, [2, 0]))]).toEqual([...values.slice(40), ...values.slice(0, 20)])
    expect(await codeOf(readSlices(cachePath, [3]))).toBe('slice-unknown')
  })

  it('gives its header with the slices asked for, and no others, for a first picture', async () => {
    const { cachePath, header } = await cached(temporaryFolder(), 'a.isq', isq())
    const whole = readFileSync(cachePath)
    const start = Math.ceil((12 + whole.readUInt32LE(8)) / 16) * 16
    const slice = (z: number) => whole.subarray(start + z * 40, start + (z + 1) * 40)
    expect(await readPart(cachePath, 'middle')).toEqual(Buffer.concat([whole.subarray(0, start), slice(1)]))
    expect(await readPart(cachePath, [2, 0])).toEqual(Buffer.concat([whole.subarray(0, start), slice(2), slice(0)]))
    for (const wrong of [[3], [-1], [0.5], [NaN], [], Array<number>(17).fill(0)])
      expect(await codeOf(readPart(cachePath, wrong))).toBe('slice-unknown')
    // What the presets of values without a unit go by is counted once, at import.
    const sorted = [...values].sort((a, b) => a - b)
    expect(header.percentiles).toEqual([0.005, 0.05, 0.5, 0.95, 0.995].map((share) => sorted[Math.floor(share * 60)]))
  })

  it('gives the same name for the same pictures of two formats, and a patient of its own to a file without one', async () => {
    const folder = temporaryFolder()
    const plain = isqFile({ dims: [5, 4, 3], microns: [305, 244, 183], voxels: Int16Array.from(values) })
    const a = await cached(folder, 'a.isq', plain)
    const b = await cached(folder, 'a.nii.gz', niftiInt16([5, 4, 3], [1, 1, 1], values, true))
    expect(a.header.sha256).toBe(b.header.sha256)
    expect(readdirSync(folder)).toHaveLength(1)
    expect(b.meta.patientKey).toBe(`content:${b.header.sha256}`)
  })

  it('says so when a file is damaged or gone', async () => {
    const { cachePath } = await cached(temporaryFolder(), 'a.isq', isq())
    truncateSync(cachePath, readFileSync(cachePath).length - 10)
    expect(await codeOf(readSlices(cachePath, [2]))).toBe('cache-damaged')
    writeFileSync(cachePath, 'something else')
    expect(await codeOf(readHeader(cachePath))).toBe('cache-damaged')
    expect(await codeOf(readHeader(`${cachePath}.gone`))).toBe('volume-missing')
  })
})
