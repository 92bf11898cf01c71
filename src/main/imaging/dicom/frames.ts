import { badFile } from '../limits.ts'
import type { PixelFormat } from './header.ts'
import type { ParsedDicom } from './parse.ts'

/** Transfer syntaxes whose pixel data is not compressed (PS3.5 annex A). */
const NATIVE = new Set([
  '1.2.840.10008.1.2',
  '1.2.840.10008.1.2.1',
  '1.2.840.10008.1.2.2',
  '1.2.840.10008.1.2.1.99',
  '1.2.840.113619.5.2',
])

export const isNative = (transferSyntax: string): boolean => NATIVE.has(transferSyntax)

export const isBigEndian = (transferSyntax: string): boolean => transferSyntax === '1.2.840.10008.1.2.2'

/** Bytes of one uncompressed frame. */
export function frameBytes(pixel: PixelFormat): number {
  const pixels = pixel.rows * pixel.columns
  // Two pixels share their chroma: Y Y Cb Cr (PS3.3 C.7.6.3.1.2).
  if (pixel.photometric === 'YBR_FULL_422' && pixel.samples === 3) return pixels * 2 * (pixel.bitsAllocated / 8)
  return (pixels * pixel.samples * pixel.bitsAllocated) / 8
}

/**
 * The bytes of each frame, as stored. For native data of one bit a pixel, frames are not byte-aligned: one piece is
 * returned with all of them. Errors: file-truncated, header-lies, file-damaged.
 */
export function frameData(parsed: ParsedDicom, pixel: PixelFormat): Buffer[] {
  const { dataset, path, bytes } = parsed
  const element = dataset.elements['x7fe00010'] ?? dataset.elements['x7fe00008'] ?? dataset.elements['x7fe00009']
  if (!element) throw badFile('format-refused', path, 'holds no picture, only a DICOM header.')
  const undefinedLength = element.hadUndefinedLength === true || element.length === 0xffffffff
  if (undefinedLength && !NATIVE.has(parsed.transferSyntax)) {
    return encapsulated(path, bytes, element.dataOffset, pixel.frames, parsed)
  }
  const size = frameBytes(pixel)
  const total = Math.ceil(size * pixel.frames)
  const available = bytes.length - element.dataOffset
  const declared = undefinedLength ? available : element.length
  if (total > available) {
    const lies = total > 16 * Math.max(1, available)
    const text = `declares ${total} bytes of pixels but holds ${available}.`
    throw lies
      ? badFile('header-lies', path, `${text} Its header is wrong; export it again.`)
      : badFile('file-truncated', path, `${text} It ends early; copy it again.`)
  }
  if (total > declared) {
    throw badFile('header-lies', path, `declares ${total} bytes of pixels but its pixel data has ${declared}.`)
  }
  const data = bytes.subarray(element.dataOffset, element.dataOffset + total)
  if (pixel.bitsAllocated === 1) return [data]
  return Array.from({ length: pixel.frames }, (_, i) => data.subarray(i * size, (i + 1) * size))
}

/** Fragments put together to frames (PS3.5 A.4). */
function encapsulated(path: string, bytes: Buffer, start: number, frames: number, parsed: ParsedDicom): Buffer[] {
  const items: { at: number; data: Buffer }[] = []
  let at = start
  for (;;) {
    if (at + 8 > bytes.length) throw badFile('file-truncated', path, 'ends inside its pixel data. Copy it again.')
    const tag = bytes.readUInt16LE(at) * 0x10000 + bytes.readUInt16LE(at + 2)
    const length = bytes.readUInt32LE(at + 4)
    if (tag === 0xfffee0dd) break
    if (tag !== 0xfffee000)
      throw badFile('file-damaged', path, 'has pixel data that is not made of items. Copy it again.')
    if (at + 8 + length > bytes.length)
      throw badFile('file-truncated', path, 'ends inside its pixel data. Copy it again.')
    items.push({ at, data: bytes.subarray(at + 8, at + 8 + length) })
    at += 8 + length
  }
  const [table, ...fragments] = items
  const first = fragments[0]
  if (!table || !first) throw badFile('file-damaged', path, 'has no frame in its pixel data. Copy it again.')
  if (frames === 1) return [Buffer.concat(fragments.map((f) => f.data))]
  if (fragments.length === frames) return fragments.map((f) => f.data)
  const starts = offsetsOf(table.data, parsed).map((offset) => first.at + offset)
  const begins = (f: { at: number; data: Buffer }) =>
    starts.length === frames ? starts.includes(f.at) : f.data[0] === 0xff && (f.data[1] === 0xd8 || f.data[1] === 0x4f) // JPEG SOI, JPEG 2000 SOC
  const grouped: Buffer[][] = []
  for (const fragment of fragments) {
    if (begins(fragment) || grouped.length === 0) grouped.push([])
    grouped.at(-1)?.push(fragment.data)
  }
  if (grouped.length !== frames) {
    const text = `declares ${frames} frames but its pixel data has ${grouped.length}.`
    throw badFile(grouped.length < frames ? 'file-truncated' : 'header-lies', path, `${text} Export it again.`)
  }
  return grouped.map((parts) => Buffer.concat(parts))
}

/** The basic offset table, or the extended one (7FE0,0001). */
function offsetsOf(basic: Buffer, { dataset, bytes }: ParsedDicom): number[] {
  if (basic.length >= 4) return Array.from({ length: basic.length >> 2 }, (_, i) => basic.readUInt32LE(4 * i))
  const extended = dataset.elements['x7fe00001']
  if (!extended || extended.dataOffset + extended.length > bytes.length) return []
  return Array.from({ length: extended.length >> 3 }, (_, i) =>
    Number(bytes.readBigUInt64LE(extended.dataOffset + 8 * i)),
  )
}
