import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { encodeFrame } from '../../fixtures/imaging/encoders.ts'
import { randomWholes, temporaryFolder } from '../../fixtures/imaging/folder.ts'
import { encodeLzw, pngOf, tiffOf } from '../../fixtures/imaging/picture-kinds.ts'
import { codeOf, readBytes, valuesOf } from '../../fixtures/imaging/read.ts'

const bytesOf = (count: number, most = 255, seed = 1) => Uint8Array.from(randomWholes(count, 0, most, seed))
const [width, height] = [21, 13]
const rowsOf = (pixels: Uint8Array, length: number): Uint8Array[] =>
  Array.from({ length: pixels.length / length }, (_, row) => pixels.subarray(row * length, (row + 1) * length))
const through = (palette: Uint8Array, pixels: Uint8Array) =>
  [...pixels].flatMap((at) => [...palette.slice(3 * at, 3 * at + 3)])

describe('PNG of other kinds', () => {
  it('gives the colours of a palette of 8 and of 4 bits', async () => {
    const palette = bytesOf(768, 255, 7)
    const pixels = bytesOf(width * height)
    const eight = pngOf({ width, height, depth: 8, colour: 3 }, rowsOf(pixels, width), palette)
    const volume = await readBytes(temporaryFolder(), 'a.png', eight)
    expect(volume).toMatchObject({ components: 3, pixelType: 'uint8', dims: [width, height, 1] })
    expect(valuesOf(volume)).toEqual(through(palette, pixels))
    const small = bytesOf(20 * height, 15)
    const packed = rowsOf(small, 20).map((row) =>
      Uint8Array.from({ length: 10 }, (_, i) => (row[2 * i]! << 4) | row[2 * i + 1]!),
    )
    const four = pngOf({ width: 20, height, depth: 4, colour: 3 }, packed, palette.subarray(0, 48))
    expect(valuesOf(await readBytes(temporaryFolder(), 'b.png', four))).toEqual(through(palette, small))
  })

  it('gives grey of one bit as black and white, and colours of 16 bits whole', async () => {
    const bits = pngOf({ width: 8, height: 1, depth: 1, colour: 0 }, [Uint8Array.of(0b10110010)])
    expect(valuesOf(await readBytes(temporaryFolder(), 'a.png', bits))).toEqual([255, 0, 255, 255, 0, 0, 255, 0])
    const values = randomWholes(width * height * 3, 0, 65535)
    const big = Buffer.from(Uint16Array.from(values).buffer).swap16()
    const deep = pngOf({ width, height, depth: 16, colour: 2 }, rowsOf(big, width * 6))
    expect(valuesOf(await readBytes(temporaryFolder(), 'b.png', deep))).toEqual(values)
  })
})

describe('TIFF of other kinds', () => {
  const base = { 256: [width], 257: [height], 277: [1], 278: [height] }
  const grey = { ...base, 258: [8], 262: [1] }

  it.each([
    ['LZW', 5, encodeLzw],
    ['Deflate', 8, (data: Uint8Array) => deflateSync(data)],
    ['PackBits', 32773, (data: Uint8Array) => Buffer.from([...data].flatMap((byte) => [0, byte]))],
  ] as const)('unpacks %s', async (_name, method, pack) => {
    // Smooth enough for long strings, long enough for codes of 12 bits and a table that is cleared.
    const [w, h] = [256, 64]
    const noise = bytesOf(w * h, 7)
    const pixels = Uint8Array.from({ length: w * h }, (_, i) => ((i >> 4) + noise[i]!) & 255)
    const tags = { ...grey, 256: [w], 257: [h], 278: [h], 259: [method] }
    const volume = await readBytes(temporaryFolder(), 'a.tif', tiffOf(tags, [pack(pixels)]))
    expect(valuesOf(volume)).toEqual([...pixels])
  })

  it('undoes differences along the rows', async () => {
    const pixels = bytesOf(width * height)
    const differences = pixels.map((value, i) => (i % width === 0 ? value : value - pixels[i - 1]!))
    const bytes = tiffOf({ ...grey, 259: [5], 317: [2] }, [encodeLzw(differences)])
    expect(valuesOf(await readBytes(temporaryFolder(), 'a.tif', bytes))).toEqual([...pixels])
  })

  it('gives colours: interleaved, plane by plane, with transparency left out, by a palette', async () => {
    const rgb = bytesOf(width * height * 3)
    const colour = { ...base, 258: [8, 8, 8], 262: [2], 277: [3], 259: [1] }
    const one = await readBytes(temporaryFolder(), 'a.tif', tiffOf(colour, [rgb]))
    expect(one.components).toBe(3)
    expect(valuesOf(one)).toEqual([...rgb])

    const planes = [0, 1, 2].map((c) => rgb.filter((_, i) => i % 3 === c))
    const apart = await readBytes(temporaryFolder(), 'b.tif', tiffOf({ ...colour, 284: [2] }, planes))
    expect(valuesOf(apart)).toEqual([...rgb])

    const rgba = Uint8Array.from({ length: width * height * 4 }, (_, i) =>
      i % 4 === 3 ? 99 : rgb[3 * (i >> 2) + (i % 4)]!,
    )
    const four = { ...colour, 258: [8, 8, 8, 8], 277: [4] }
    const opaque = await readBytes(temporaryFolder(), 'c.tif', tiffOf(four, [rgba]))
    expect(valuesOf(opaque)).toEqual([...rgb])
    expect(opaque.warnings.join()).toContain('transparency')

    const palette = randomWholes(768, 0, 255, 7)
    const pixels = bytesOf(width * height)
    const map = palette.map((value) => value * 257)
    const named = await readBytes(
      temporaryFolder(),
      'd.tif',
      tiffOf({ ...grey, 259: [1], 262: [3], 320: map }, [pixels]),
    )
    expect(valuesOf(named)).toEqual([...pixels].flatMap((at) => [palette[at], palette[256 + at], palette[512 + at]]))
  })

  it('puts tiles together, those at the edges cut', async () => {
    const pixels = bytesOf(width * height)
    const tile = (x: number, y: number) =>
      Uint8Array.from({ length: 256 }, (_, i) => {
        const [column, row] = [x + (i % 16), y + (i >> 4)]
        return column < width && row < height ? pixels[row * width + column]! : 200
      })
    const { 278: _, ...untiled } = grey
    const tags = { ...untiled, 259: [1], 322: [16], 323: [16] }
    const bytes = tiffOf(tags, [tile(0, 0), tile(16, 0)], true)
    expect(valuesOf(await readBytes(temporaryFolder(), 'a.tif', bytes))).toEqual([...pixels])
  })

  it('keeps what is meant white as it is, and says that it is meant so', async () => {
    const pixels = bytesOf(width * height)
    const inside = await readBytes(temporaryFolder(), 'a.tif', tiffOf({ ...grey, 259: [1], 262: [0] }, [pixels]))
    expect(valuesOf(inside)).toEqual([...pixels])
    expect(inside.minIsWhite).toBe(true)
  })

  it('refuses by name what it does not read', async () => {
    const pixels = bytesOf(width * height)
    const others: Record<number, number[]>[] = [{ 259: [7] }, { 262: [6] }, { 258: [4] }]
    for (const other of others)
      expect(await codeOf(readBytes(temporaryFolder(), 'a.tif', tiffOf({ ...grey, ...other }, [pixels])))).toBe(
        'format-refused',
      )
  })
})

describe('JPEG in colour', () => {
  it('gives red, green and blue', async () => {
    const info = { width: 32, height: 32, bitsPerSample: 8, componentCount: 3, isSigned: false }
    const corners = [
      [200, 30, 40],
      [20, 180, 60],
      [30, 50, 210],
      [128, 128, 128],
    ]
    const pixels = Uint8Array.from({ length: 32 * 32 * 3 }, (_, i) => {
      const at = Math.floor(i / 3)
      return corners[((at % 32) >> 4) + 2 * (at >> 9)]![i % 3]!
    })
    const bytes = await encodeFrame('libjpeg-turbo-8bit', pixels, info)
    const volume = await readBytes(temporaryFolder(), 'a.jpg', bytes)
    expect(volume).toMatchObject({ format: 'jpeg', components: 3, dims: [32, 32, 1] })
    // In the middle of each corner, away from where coarser colour differences run into one another.
    for (const [n, corner] of corners.entries()) {
      const at = (8 + 16 * (n >> 1)) * 32 + 8 + 16 * (n & 1)
      corner.forEach((value, c) => expect(Math.abs((volume.voxels[3 * at + c] as number) - value)).toBeLessThan(8))
    }
  })
})
