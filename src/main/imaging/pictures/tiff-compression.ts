import { inflateSync } from 'node:zlib'
import { inflateError } from '../bytes.ts'
import { badFile } from '../limits.ts'
import { decodeLzw } from './lzw.ts'
import type { Directory } from './tiff-directory.ts'

/** Tags (TIFF 6.0, section 8). */
const COMPRESSION = 259
const PREDICTOR = 317

/** A strip or tile without its compression, exactly `length` bytes. Errors: format-refused, file-damaged. */
export function unpack(path: string, stored: Buffer, length: number, directory: Directory): Uint8Array {
  const compression = directory.numbers(COMPRESSION)[0] ?? 1
  let block: Uint8Array
  if (compression === 1) block = Uint8Array.from(stored.subarray(0, length))
  else if (compression === 5) block = decodeLzw(stored, length)
  else if (compression === 32773) block = decodePackBits(stored, length)
  else if (compression === 8 || compression === 32946) {
    try {
      block = inflateSync(stored, { maxOutputLength: length })
    } catch (error) {
      throw inflateError(path, error)
    }
  } else throw badFile('format-refused', path, `is compressed with TIFF method ${compression}, which is not read.`)
  if (block.length < length) throw badFile('file-damaged', path, 'holds less picture than it declares. Copy it again.')
  return block
}

/** PackBits (TIFF 6.0, section 9). */
function decodePackBits(data: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length)
  let written = 0
  for (let i = 0; i + 1 < data.length && written < length;) {
    const n = ((data[i++] as number) << 24) >> 24
    if (n >= 0) {
      const run = data.subarray(i, Math.min(i + n + 1, i + length - written))
      out.set(run, written)
      written += run.length
      i += n + 1
    } else if (n !== -128) {
      const end = Math.min(length, written + 1 - n)
      out.fill(data[i++] as number, written, end)
      written = end
    }
  }
  return out.subarray(0, written)
}

/** Horizontal differencing (TIFF 6.0, section 14). */
export function undoPredictor(
  path: string,
  block: Uint8Array,
  d: Directory,
  width: number,
  channels: number,
  size: number,
): void {
  const predictor = d.numbers(PREDICTOR)[0] ?? 1
  if (predictor === 1) return
  if (predictor !== 2 || size > 2) throw badFile('format-refused', path, 'uses a TIFF predictor that is not read.')
  const rowSamples = width * channels
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength)
  const rows = Math.floor(block.length / (rowSamples * size))
  for (let row = 0; row < rows; row++) {
    for (let i = channels; i < rowSamples; i++) {
      const at = (row * rowSamples + i) * size
      if (size === 1) block[at] = (block[at] as number) + (block[at - channels] as number)
      else {
        const before = view.getUint16(at - channels * 2, d.littleEndian)
        view.setUint16(at, view.getUint16(at, d.littleEndian) + before, d.littleEndian)
      }
    }
  }
}
