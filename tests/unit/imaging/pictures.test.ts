import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encode } from 'fast-png'
import { describe, expect, it } from 'vitest'
import { encodeFrame } from '../../fixtures/imaging/encoders.ts'
import { randomWholes, temporaryFolder } from '../../fixtures/imaging/folder.ts'
import { png16 } from '../../fixtures/imaging/png.ts'
import { codeOf, readAll, readBytes, readOne, valuesOf } from '../../fixtures/imaging/read.ts'
import { tiff16 } from '../../fixtures/imaging/tiff.ts'

const slice = (seed: number) => randomWholes(7 * 5, 0, 65535, seed)

describe('PNG', () => {
  it('is exact in 16 and 8 bits', async () => {
    const folder = temporaryFolder()
    const deep = await readBytes(folder, 'a.png', png16(7, 5, slice(1)))
    expect(deep).toMatchObject({ format: 'png', dims: [7, 5, 1], components: 1, pixelType: 'uint16', spacing: null })
    expect(valuesOf(deep)).toEqual(slice(1))
    const shallow = randomWholes(35, 0, 255)
    const bytes = encode({ width: 7, height: 5, channels: 1, depth: 8, data: Uint8Array.from(shallow) })
    expect(valuesOf(await readBytes(folder, 'b.png', bytes))).toEqual(shallow)
  })

  it('keeps colours and leaves transparency out', async () => {
    const rgba = Uint8Array.from(randomWholes(7 * 5 * 4, 0, 255))
    const bytes = encode({ width: 7, height: 5, channels: 4, depth: 8, data: rgba })
    const volume = await readBytes(temporaryFolder(), 'a.png', bytes)
    expect(volume.components).toBe(3)
    expect(valuesOf(volume)).toEqual([...rgba].filter((_, i) => i % 4 !== 3))
    expect(volume.warnings.join()).toContain('transparency')
  })

  it('takes a folder of pictures as one volume, in natural order, sizes apart', async () => {
    const folder = temporaryFolder()
    for (const n of [1, 2, 10]) writeFileSync(join(folder, `slice-${n}.png`), png16(7, 5, slice(n)))
    const volume = await readOne(folder)
    expect(volume.dims).toEqual([7, 5, 3])
    expect(valuesOf(volume)).toEqual([...slice(1), ...slice(2), ...slice(10)])
    writeFileSync(join(folder, 'other.png'), png16(5, 7, slice(3)))
    expect((await readAll(folder)).map((v) => v.dims)).toEqual(
      expect.arrayContaining([
        [7, 5, 3],
        [5, 7, 1],
      ]),
    )
  })

  it('notices a changed byte', async () => {
    const bytes = Buffer.from(png16(7, 5, slice(1)))
    bytes[60] = (bytes[60] as number) ^ 1
    expect(await codeOf(readBytes(temporaryFolder(), 'a.png', bytes))).toBe('file-damaged')
  })
})

describe('TIFF', () => {
  it.each([false, true])('reads a 16-bit stack (big endian: %s)', async (bigEndian) => {
    const pages = [1, 2, 3].map((n) => Uint16Array.from(slice(n)))
    const volume = await readBytes(temporaryFolder(), 'a.tif', tiff16(7, 5, pages, bigEndian))
    expect(volume).toMatchObject({ format: 'tiff', dims: [7, 5, 3], pixelType: 'uint16' })
    expect(valuesOf(volume)).toEqual([...slice(1), ...slice(2), ...slice(3)])
  })

  it('takes single pages in a folder as one volume', async () => {
    const folder = join(temporaryFolder(), 'stack')
    mkdirSync(folder)
    for (const n of [1, 2, 11]) writeFileSync(join(folder, `${n}.tif`), tiff16(7, 5, [Uint16Array.from(slice(n))]))
    expect(valuesOf(await readOne(folder))).toEqual([...slice(1), ...slice(2), ...slice(11)])
  })

  it('refuses a chain of pages that loops', async () => {
    const bytes = tiff16(7, 5, [Uint16Array.from(slice(1)), Uint16Array.from(slice(2))])
    // The last directory's link back to the first one.
    bytes.writeUInt32LE(bytes.readUInt32LE(4), bytes.length - 4)
    expect(await codeOf(readBytes(temporaryFolder(), 'a.tif', bytes))).toBe('header-lies')
  })
})

describe('JPEG', () => {
  it('reads grey pictures, and says that they lost something', async () => {
    const info = { width: 32, height: 16, bitsPerSample: 8, componentCount: 1, isSigned: false }
    // Even blocks survive the quantization whole: 8 x 8 pixels of one value.
    const pixels = Uint8Array.from({ length: 512 }, (_, i) => 40 * (((i % 32) >> 3) + (i >> 8) + 1))
    const bytes = await encodeFrame('libjpeg-turbo-8bit', pixels, info)
    const volume = await readBytes(temporaryFolder(), 'a.jpg', bytes)
    expect(volume).toMatchObject({ format: 'jpeg', dims: [32, 16, 1], pixelType: 'uint8' })
    const off = [...pixels].map((v, i) => Math.abs(v - (volume.voxels[i] as number)))
    expect(Math.max(...off)).toBeLessThanOrEqual(2)
    expect(volume.warnings.join()).toContain('loss')
    expect(await codeOf(readBytes(temporaryFolder(), 'b.jpg', bytes.subarray(0, bytes.length >> 1)))).toMatch(/^file-/)
  })
})
