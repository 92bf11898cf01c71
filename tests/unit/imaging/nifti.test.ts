import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { randomWholes, temporaryFolder } from '../../fixtures/imaging/folder.ts'
import { niftiFile, niftiInt16 } from '../../fixtures/imaging/nifti.ts'
import { readBytes, valuesOf } from '../../fixtures/imaging/read.ts'

const dims = [5, 4, 3]
const spacing = [0.3, 0.4, 0.5]
const values = randomWholes(60, -32768, 32767)
const float = (v: number) => Math.fround(v)

describe('NIfTI', () => {
  it.each([false, true])('is exact (gzipped: %s)', async (gzip) => {
    const name = gzip ? 'a.nii.gz' : 'a.nii'
    const volume = await readBytes(temporaryFolder(), name, niftiInt16(dims, spacing, values, gzip))
    expect(volume).toMatchObject({ format: 'nifti', dims, pixelType: 'int16', unit: 'raw', oriented: true })
    expect(valuesOf(volume)).toEqual(values)
    expect(volume.spacing?.map(float)).toEqual(spacing.map(float))
    // The file says right, front, up; LPS turns the first two.
    expect(volume.direction).toEqual([-1, 0, 0, 0, -1, 0, 0, 0, 1])
    expect(volume.warnings).toEqual([])
  })

  it.each([
    [2, 8, Uint8Array, 0, 255],
    [256, 8, Int8Array, -128, 127],
    [512, 16, Uint16Array, 0, 65535],
    [8, 32, Int32Array, -8388608, 8388607],
    [768, 32, Uint32Array, 0, 16777215],
    [16, 32, Float32Array, -1000, 1000],
    [64, 64, Float64Array, -1000, 1000],
  ])('reads type %i of %i bits in both byte orders', async (type, bits, Kind, low, high) => {
    const folder = temporaryFolder()
    const numbers = randomWholes(60, low, high, type)
    const bytes = Buffer.from((Kind as typeof Uint8Array).from(numbers).buffer)
    const little = await readBytes(folder, 'l.nii', niftiFile({ dims, spacing, type, bits, bytes }))
    expect(valuesOf(little)).toEqual(numbers)
    const swapped = Buffer.from(bytes)
    if (bits === 16) swapped.swap16()
    if (bits === 32) swapped.swap32()
    if (bits === 64) swapped.swap64()
    const big = niftiFile({ dims, spacing, type, bits, bytes: swapped, bigEndian: true })
    expect(valuesOf(await readBytes(folder, 'b.nii', big))).toEqual(numbers)
  })

  it('rescales, and takes slope 0 as none', async () => {
    const folder = temporaryFolder()
    const bytes = new Uint8Array(Int16Array.from(values).buffer)
    const content = { dims, spacing, type: 4, bits: 16, bytes }
    const scaled = await readBytes(folder, 'a.nii', niftiFile({ ...content, slope: 0.5, intercept: -10 }))
    expect(valuesOf(scaled)).toEqual(values.map((v) => float(v * 0.5 - 10)))
    const plain = await readBytes(folder, 'b.nii', niftiFile({ ...content, slope: 0, intercept: 7 }))
    expect(valuesOf(plain)).toEqual(values)
  })

  it('takes an oblique sform apart into spacing, origin and direction', async () => {
    const [c, s] = [Math.cos(0.3), Math.sin(0.3)]
    const sform = [
      [c * 0.3, -s * 0.4, 0, 11],
      [s * 0.3, c * 0.4, 0, -12],
      [0, 0, 0.5, 13],
    ]
    const bytes = new Uint8Array(Int16Array.from(values).buffer)
    const file = niftiFile({ dims, spacing, type: 4, bits: 16, bytes, sform })
    const volume = await readBytes(temporaryFolder(), 'a.nii', file)
    const near = (list: readonly number[] | null, expected: number[]) =>
      expected.forEach((v, i) => expect(list?.[i]).toBeCloseTo(v, 6))
    near(volume.spacing, [0.3, 0.4, 0.5])
    near(volume.origin, [-11, 12, 13])
    near(volume.direction, [-c, s, 0, -s, -c, 0, 0, 0, 1])
  })

  it('shows the first volume of a series, and warns', async () => {
    const two = niftiInt16([5, 4, 3, 2], spacing, [...values, ...values])
    const volume = await readBytes(temporaryFolder(), 'a.nii', two)
    expect(volume.dims).toEqual(dims)
    expect(volume.warnings.join()).toContain('2 volumes')
  })

  it('keeps the rest when a value is not a number, and warns where it is measured', async () => {
    const bytes = new Uint8Array(Float32Array.from([NaN, ...values.slice(1)]).buffer)
    const file = gzipSync(niftiFile({ dims, spacing, type: 16, bits: 32, bytes }))
    const volume = await readBytes(temporaryFolder(), 'a.nii.gz', file)
    expect(valuesOf(volume).slice(1)).toEqual(values.slice(1))
  })
})
