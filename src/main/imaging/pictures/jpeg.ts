import { createCodecs } from '../codecs.ts'
import { badFile, checkDeclared, type ReadLimits } from '../limits.ts'
import type { Picture } from './picture.ts'

/** Width, height and components from a JPEG's frame header (ITU-T T.81, B.2.2), before anything is decoded. */
export interface JpegFrame {
  width: number
  height: number
  components: number
  precision: number
  /** The frame marker's low byte: c0 baseline, c1 extended, c2 progressive, c3 lossless. */
  marker: number
}

/** The first frame header, null where there is none. */
export function jpegFrame(bytes: Uint8Array): JpegFrame | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let at = 2
  while (at + 9 < bytes.length) {
    if (bytes[at] !== 0xff) return null
    const marker = bytes[at + 1] as number
    if (marker === 0xff) {
      at++
      continue
    }
    // Every SOF but DHT (c4), JPG (c8) and DAC (cc).
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      return {
        ...{ precision: bytes[at + 4] as number, height: view.getUint16(at + 5), width: view.getUint16(at + 7) },
        ...{ components: bytes[at + 9] as number, marker },
      }
    }
    at += 2 + view.getUint16(at + 2)
  }
  return null
}

/** A JPEG of one or three components of 8 bits. Errors: `file-damaged`, `file-truncated`, `format-refused`, those of checkDeclared. */
export async function decodeJpeg(path: string, bytes: Buffer, limits: ReadLimits): Promise<Picture[]> {
  const frame = jpegFrame(bytes)
  if (!frame || frame.width < 1 || frame.height < 1) {
    throw badFile('file-damaged', path, 'has no readable picture in it. Copy it again.')
  }
  if (frame.marker > 0xc2 || frame.precision !== 8 || (frame.components !== 1 && frame.components !== 3)) {
    throw badFile('format-refused', path, 'is a kind of JPEG that is not read. Save it as PNG or TIFF.')
  }
  // A JPEG's smallest code is one bit for 64 samples of a component.
  checkDeclared(path, frame.width * frame.height * frame.components, bytes.length * 512 + 4096, limits)
  if (bytes.lastIndexOf(Buffer.from([0xff, 0xd9])) < 0) {
    throw badFile('file-truncated', path, 'ends before its picture does. Copy it again.')
  }
  try {
    const decoded = await createCodecs()('libjpeg-turbo-8bit', bytes)
    const components = decoded.components === 1 ? 1 : 3
    if (decoded.bytes.length !== decoded.width * decoded.height * components) throw new Error('size')
    return [
      {
        ...{ width: decoded.width, height: decoded.height, components, samples: decoded.bytes, pixelType: 'uint8' },
        warnings: ['The picture was compressed with loss (JPEG).'],
      },
    ]
  } catch {
    throw badFile('file-damaged', path, 'holds a JPEG picture that cannot be decoded. Copy it again.')
  }
}
