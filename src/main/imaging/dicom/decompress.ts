import type { Codecs } from '../codecs.ts'
import { ConcordError } from '../../domain/error.ts'
import { badFile } from '../limits.ts'
import { jpegFrame } from '../pictures/jpeg.ts'
import { isBigEndian, isNative } from './frames.ts'
import type { PixelFormat } from './header.ts'
import { decodeJpegExtended } from './jpeg-extended.ts'
import { decodeJpegLossless } from './jpeg-lossless.ts'
import { decodeRle } from './rle.ts'
import { swapInPlace } from '../samples.ts'

/** One frame without compression. */
export interface RawFrame {
  /** Little-endian samples of `bytesPerSample` bytes. */
  bytes: Uint8Array
  bytesPerSample: number
  /** Samples of a colour stand plane by plane. */
  planar: boolean
  /** Bits that count, where the codestream says so. */
  bitsStored: number | null
  /** The codec made RGB of whatever colour model there was. */
  rgb: boolean
}

/** Names of the compressed transfer syntaxes that are read (PS3.6 annex A). */
const SYNTAX = {
  rle: /^1\.2\.840\.10008\.1\.2\.5$/,
  jpeg: /^1\.2\.840\.10008\.1\.2\.4\.5[01]$/,
  jpegLossless: /^1\.2\.840\.10008\.1\.2\.4\.(57|70)$/,
  jpegLs: /^1\.2\.840\.10008\.1\.2\.4\.8[01]$/,
  jpeg2000: /^1\.2\.840\.10008\.1\.2\.4\.(9[0-3]|20[1-3])$/,
}

/** Decodes one frame by its transfer syntax. Errors: format-refused, file-damaged. */
export async function decompress(
  path: string,
  data: Buffer,
  transferSyntax: string,
  pixel: PixelFormat,
  codecs: Codecs,
): Promise<RawFrame> {
  const bytesPerSample = Math.max(1, pixel.bitsAllocated / 8)
  if (isNative(transferSyntax)) {
    // Only pixels are copied; the caller never writes into the file's bytes.
    if (!isBigEndian(transferSyntax) || bytesPerSample === 1) return raw(data, bytesPerSample, pixel.planar)
    const bytes = Uint8Array.from(data)
    swapInPlace(bytes, bytesPerSample)
    return raw(bytes, bytesPerSample, pixel.planar)
  }
  try {
    const frame = await decodeFrame(path, data, transferSyntax, pixel, codecs)
    if (frame.bytes.length !== pixel.rows * pixel.columns * pixel.samples * frame.bytesPerSample)
      throw new Error('size')
    return frame
  } catch (error) {
    if (error instanceof ConcordError) throw error
    throw badFile('file-damaged', path, 'holds compressed pixels that cannot be decoded. Copy it again.')
  }
}

const raw = (bytes: Uint8Array, bytesPerSample: number, planar: boolean): RawFrame => ({
  ...{ bytes, bytesPerSample, planar, bitsStored: null, rgb: false },
})

async function decodeFrame(
  path: string,
  data: Buffer,
  syntax: string,
  pixel: PixelFormat,
  codecs: Codecs,
): Promise<RawFrame> {
  const { rows, columns, samples } = pixel
  if (SYNTAX.rle.test(syntax)) {
    const size = pixel.bitsAllocated / 8
    const bytes = decodeRle(data, rows * columns, samples, size)
    if (!bytes) throw new Error('rle')
    return raw(bytes, size, false)
  }
  if (SYNTAX.jpegLossless.test(syntax)) {
    const image = decodeJpegLossless(data, rows * columns * samples)
    return { ...raw(new Uint8Array(image.samples.buffer), 2, false), bitsStored: image.precision }
  }
  if (SYNTAX.jpeg.test(syntax)) {
    const frame = jpegFrame(data)
    if (frame?.precision === 12) {
      const image = decodeJpegExtended(data, rows * columns * samples)
      return { ...raw(new Uint8Array(image.samples.buffer), 2, false), bitsStored: 12 }
    }
    if (frame?.width !== columns || frame.height !== rows) throw new Error('size')
    const { bytes } = await codecs('libjpeg-turbo-8bit', keepRgb(data, pixel))
    return { ...raw(bytes, 1, false), bitsStored: 8, rgb: true }
  }
  const name = SYNTAX.jpegLs.test(syntax) ? 'charls' : SYNTAX.jpeg2000.test(syntax) ? 'openjpeg' : null
  if (!name) {
    const video = /^1\.2\.840\.10008\.1\.2\.4\.10/.test(syntax)
    const what = video ? 'is a video (MPEG)' : `uses transfer syntax ${syntax}`
    throw badFile('format-refused', path, `${what}, which is not read. Export it uncompressed.`)
  }
  const image = await codecs(name, data)
  if (image.width !== columns || image.height !== rows || image.components !== samples) throw new Error('size')
  const size = image.bitsPerSample <= 8 ? 1 : 2
  // JPEG 2000's own colour transform (RCT, ICT) is undone by the codec, so what comes out is RGB.
  const rgb = name === 'openjpeg' && /^YBR_(RCT|ICT)$/.test(pixel.photometric)
  return { ...raw(image.bytes, size, image.planar), bitsStored: image.bitsPerSample, rgb }
}

/**
 * libjpeg takes three components without a marker as YCbCr. Where DICOM says RGB and the JPEG says nothing, an Adobe
 * marker with transform 0 tells it (T.872, 6.5.3).
 */
function keepRgb(data: Buffer, pixel: PixelFormat): Buffer {
  if (pixel.photometric !== 'RGB' || pixel.samples !== 3) return data
  const head = data.toString('latin1', 0, Math.min(data.length, 4096))
  if (head.includes('Adobe') || head.includes('JFIF')) return data
  const adobe = Buffer.from([0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, 0])
  return Buffer.concat([data.subarray(0, 2), adobe, data.subarray(2)])
}
