import { crc32, inflateSync } from 'node:zlib'
import { inflateError } from '../bytes.ts'
import { badFile, checkDeclared, type ReadLimits } from '../limits.ts'
import { swapInPlace } from '../samples.ts'
import type { Picture } from './picture.ts'

/** PNG after the W3C Recommendation (Third Edition): every colour type and depth, interlaced or not. */

export const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

interface Layout {
  width: number
  height: number
  depth: number
  /** 0 grey, 2 RGB, 3 palette, 4 grey + alpha, 6 RGB + alpha (table 9). */
  colour: number
  interlaced: boolean
}

const CHANNELS: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }
const DEPTHS: Record<number, number[]> = { 0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16] }

/** The one picture of a PNG. Errors: `file-damaged`, `file-truncated`, those of checkDeclared. */
export function decodePng(path: string, bytes: Buffer, limits: ReadLimits): Picture[] {
  const { layout, palette, data } = readChunks(path, bytes)
  const { width, height, depth, colour } = layout
  const channels = CHANNELS[colour] as number
  const components = colour === 0 || colour === 4 ? 1 : 3
  checkDeclared(path, width * height * components * (depth === 16 ? 2 : 1), Infinity, limits)
  const passes = layout.interlaced ? adam7(width, height) : [{ x: 0, y: 0, dx: 1, dy: 1, w: width, h: height }]
  const rowBytes = (w: number) => Math.ceil((w * channels * depth) / 8)
  const expected = passes.reduce((sum, pass) => sum + (pass.w > 0 ? pass.h * (rowBytes(pass.w) + 1) : 0), 0)
  checkDeclared(path, expected, data.length, limits, true)
  const raw = inflateExactly(path, data, expected)

  const samples =
    depth === 16 ? new Uint16Array(width * height * components) : new Uint8Array(width * height * components)
  const bytesPerPixel = Math.max(1, (channels * depth) / 8)
  let at = 0
  for (const pass of passes) {
    if (pass.w === 0) continue
    const length = rowBytes(pass.w)
    let above: Buffer = Buffer.alloc(length)
    for (let row = 0; row < pass.h; row++) {
      const line = raw.subarray(at + 1, at + 1 + length)
      unfilter(path, raw[at] as number, line, above, bytesPerPixel)
      placeRow(line, layout, palette, samples, (pass.y + row * pass.dy) * width, pass)
      above = line
      at += length + 1
    }
  }
  const warnings = colour === 4 || colour === 6 ? ['The transparency of the picture is left out.'] : []
  return [{ width, height, components, samples, pixelType: depth === 16 ? 'uint16' : 'uint8', warnings }]
}

/** Header, palette and the joined IDAT chunks; checks every chunk's length and CRC. */
function readChunks(path: string, bytes: Buffer): { layout: Layout; palette: Buffer | null; data: Buffer } {
  let layout: Layout | null = null
  let palette: Buffer | null = null
  const data: Buffer[] = []
  let at = PNG_SIGNATURE.length
  for (;;) {
    if (at + 12 > bytes.length) throw badFile('file-truncated', path, 'ends before its picture does. Copy it again.')
    const length = bytes.readUInt32BE(at)
    const type = bytes.toString('latin1', at + 4, at + 8)
    if (at + 12 + length > bytes.length) {
      throw badFile('file-truncated', path, 'ends before its picture does. Copy it again.')
    }
    const body = bytes.subarray(at + 8, at + 8 + length)
    if (crc32(bytes.subarray(at + 4, at + 8 + length)) !== bytes.readUInt32BE(at + 8 + length)) {
      throw badFile('file-damaged', path, `has a damaged part (${type.replace(/[^A-Za-z]/g, '?')}). Copy it again.`)
    }
    if (type === 'IHDR') layout = readLayout(path, body)
    else if (type === 'PLTE') palette = body
    else if (type === 'IDAT') data.push(body)
    else if (type === 'IEND') break
    at += 12 + length
  }
  if (!layout || data.length === 0 || (layout.colour === 3 && !palette)) {
    throw badFile('file-damaged', path, 'lacks a part that every PNG has. Copy it again.')
  }
  return { layout, palette, data: Buffer.concat(data) }
}

function readLayout(path: string, body: Buffer): Layout {
  const bad = () => badFile('header-lies', path, 'has a PNG header that cannot be. Export it again.')
  if (body.length !== 13) throw bad()
  const layout = {
    ...{
      width: body.readUInt32BE(0),
      height: body.readUInt32BE(4),
      depth: body[8] as number,
      colour: body[9] as number,
    },
    interlaced: body[12] === 1,
  }
  const { width, height, depth, colour } = layout
  if (!DEPTHS[colour]?.includes(depth) || width < 1 || height < 1 || width > 1 << 30 || height > 1 << 30) throw bad()
  return layout
}

function inflateExactly(path: string, data: Buffer, expected: number): Buffer<ArrayBufferLike> {
  try {
    const raw = inflateSync(data, { maxOutputLength: expected })
    if (raw.length === expected) return raw
  } catch (error) {
    throw inflateError(path, error)
  }
  throw badFile('file-truncated', path, 'ends before its picture does. Copy it again.')
}

interface Pass {
  x: number
  y: number
  dx: number
  dy: number
  w: number
  h: number
}

/** The seven passes of an interlaced picture (section 8.1). */
function adam7(width: number, height: number): Pass[] {
  const starts = [
    [0, 0, 8, 8],
    [4, 0, 8, 8],
    [0, 4, 4, 8],
    [2, 0, 4, 4],
    [0, 2, 2, 4],
    [1, 0, 2, 2],
    [0, 1, 1, 2],
  ] as const
  return starts.map(([x, y, dx, dy]) => ({
    ...{ x, y, dx, dy },
    w: Math.max(0, Math.ceil((width - x) / dx)),
    h: Math.max(0, Math.ceil((height - y) / dy)),
  }))
}

/** Undoes a row's filter in place (section 9). */
function unfilter(path: string, filter: number, line: Buffer, above: Buffer, bpp: number): void {
  const left = (i: number) => (i >= bpp ? (line[i - bpp] as number) : 0)
  if (filter === 0) return
  if (filter > 4) throw badFile('file-damaged', path, 'uses a row filter that does not exist. Copy it again.')
  for (let i = 0; i < line.length; i++) {
    const up = above[i] as number
    const corner = i >= bpp ? (above[i - bpp] as number) : 0
    let guess = 0
    if (filter === 1) guess = left(i)
    else if (filter === 2) guess = up
    else if (filter === 3) guess = (left(i) + up) >> 1
    else guess = paeth(left(i), up, corner)
    line[i] = (line[i] as number) + guess
  }
}

function paeth(a: number, b: number, c: number): number {
  const p = a + b - c
  const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)]
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c
}

/** Puts an unfiltered row where it belongs; alpha is dropped, palette entries become RGB. */
function placeRow(
  line: Buffer,
  { depth, colour }: Layout,
  palette: Buffer | null,
  samples: Uint16Array | Uint8Array,
  rowStart: number,
  pass: Pass,
): void {
  const channels = CHANNELS[colour] as number
  if (depth === 16) swapInPlace(line, 2)
  const wide = depth === 16 ? new Uint16Array(line.buffer.slice(line.byteOffset, line.byteOffset + line.length)) : line
  const components = colour === 0 || colour === 4 ? 1 : 3
  // Greys of 1, 2 and 4 bits are spread over 0..255 (section 13.12).
  const spread = colour === 0 && depth < 8 ? 255 / (2 ** depth - 1) : 1
  for (let i = 0; i < pass.w; i++) {
    const to = (rowStart + pass.x + i * pass.dx) * components
    if (depth < 8) {
      const bit = i * depth
      const v = ((line[bit >> 3] as number) >> (8 - depth - (bit & 7))) & (2 ** depth - 1)
      if (colour === 3) for (let c = 0; c < 3; c++) samples[to + c] = palette?.[v * 3 + c] ?? 0
      else samples[to] = v * spread
    } else if (colour === 3) {
      for (let c = 0; c < 3; c++) samples[to + c] = palette?.[(line[i] as number) * 3 + c] ?? 0
    } else {
      for (let c = 0; c < components; c++) samples[to + c] = wide[i * channels + c] as number
    }
  }
  if (depth === 16) swapInPlace(line, 2)
}
