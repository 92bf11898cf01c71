import type { Voxels } from '../volume.ts'
import { expand422, lookUp, ybrToRgb, type LookupTable } from './colour.ts'
import type { RawFrame } from './decompress.ts'
import type { PixelFormat } from './header.ts'

/** How stored samples become voxels, decided once for a series. */
export interface StorePlan {
  pixel: PixelFormat
  components: 1 | 3
  /** Palette colour: red, green, blue. */
  palette: LookupTable[] | null
  /** Modality LUT (0028,3000), which takes the place of slope and intercept. */
  modality: LookupTable | null
  /** Slope and intercept differ between frames: values are stored instead of voxels. */
  perFrame: boolean
}

/** An array for the voxels of `frames` frames. */
export function allocateVoxels(plan: StorePlan, frames: number): Voxels {
  const { pixel, palette, modality, perFrame } = plan
  const count = pixel.rows * pixel.columns * plan.components * frames
  if (pixel.float || pixel.bitsAllocated > 16 || perFrame) return new Float32Array(count)
  const table = palette?.[0] ?? modality
  if (table) return table.bits > 8 ? new Uint16Array(count) : new Uint8Array(count)
  if (pixel.bitsAllocated <= 8) return pixel.signed ? new Int16Array(count) : new Uint8Array(count)
  return pixel.signed ? new Int16Array(count) : new Uint16Array(count)
}

/** Puts a frame at its place among the voxels; gives how many values were rounded to float32. */
export function storeFrame(
  frame: RawFrame,
  plan: StorePlan,
  voxels: Voxels,
  at: number,
  slope: number,
  intercept: number,
): number {
  const { pixel } = plan
  if (plan.components === 3 && !plan.palette) return storeColour(frame, pixel, voxels, at)
  const count = pixel.rows * pixel.columns
  const read = sampleReader(frame, pixel)
  let rounded = 0
  if (plan.palette) {
    const tables = plan.palette
    for (let i = 0; i < count; i++) {
      const v = read(i)
      for (let c = 0; c < 3; c++) voxels[at + 3 * i + c] = lookUp(tables[c] as LookupTable, v)
    }
  } else if (plan.modality) {
    for (let i = 0; i < count; i++) voxels[at + i] = lookUp(plan.modality, read(i))
  } else if (plan.perFrame) {
    for (let i = 0; i < count; i++) voxels[at + i] = read(i) * slope + intercept
  } else if (isPlain16(frame, pixel)) {
    const bytes = new Uint8Array(voxels.buffer, voxels.byteOffset + at * 2, count * 2)
    bytes.set(frame.bytes.subarray(0, count * 2))
  } else {
    for (let i = 0; i < count; i++) {
      const v = read(i)
      voxels[at + i] = v
      if (voxels[at + i] !== v && v === v) rounded++
    }
  }
  return rounded
}

/** All sixteen bits count: the bytes are the voxels. */
function isPlain16(frame: RawFrame, pixel: PixelFormat): boolean {
  return !pixel.float && frame.bytesPerSample === 2 && bitsOf(frame, pixel) === 16 && shiftOf(frame, pixel) === 0
}

/** Bits that hold the value; a codestream's own precision counts, where it is smaller than the header's. */
function bitsOf(frame: RawFrame, pixel: PixelFormat): number {
  return Math.min(frame.bitsStored ?? pixel.bitsStored, frame.bytesPerSample * 8)
}

/** Old files keep the value in the upper bits. */
function shiftOf(frame: RawFrame, pixel: PixelFormat): number {
  return frame.bitsStored === null ? Math.max(0, pixel.highBit + 1 - pixel.bitsStored) : 0
}

/** Reads the i-th sample: overlay bits are masked off, the sign is extended (PS3.5 8.1.1). */
function sampleReader(frame: RawFrame, pixel: PixelFormat): (i: number) => number {
  const { bytes, bytesPerSample } = frame
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (pixel.float) {
    return bytesPerSample === 8 ? (i) => view.getFloat64(8 * i, true) : (i) => view.getFloat32(4 * i, true)
  }
  const bits = bitsOf(frame, pixel)
  const shift = shiftOf(frame, pixel)
  if (bytesPerSample === 8) {
    return pixel.signed ? (i) => Number(view.getBigInt64(8 * i, true)) : (i) => Number(view.getBigUint64(8 * i, true))
  }
  const up = Math.max(0, 32 - bits - shift)
  const down = 32 - bits
  const stored =
    bytesPerSample === 4
      ? (i: number) => view.getUint32(4 * i, true)
      : bytesPerSample === 2
        ? (i: number) => view.getUint16(2 * i, true)
        : (i: number) => bytes[i] as number
  return pixel.signed ? (i) => (stored(i) << up) >> down : (i) => (stored(i) << up) >>> down
}

/** Colours of 8 or 16 bits, interleaved; YBR becomes RGB. */
function storeColour(frame: RawFrame, pixel: PixelFormat, voxels: Voxels, at: number): number {
  const count = pixel.rows * pixel.columns
  const read = sampleReader(frame, { ...pixel, signed: false })
  const subsampled = pixel.photometric === 'YBR_FULL_422' && frame.bytes.length === count * 2
  const source = subsampled ? expand422(frame.bytes) : null
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < 3; c++) {
      const from = frame.planar ? c * count + i : 3 * i + c
      voxels[at + 3 * i + c] = source ? (source[from] as number) : read(from)
    }
  }
  if (
    !frame.rgb &&
    /^YBR_(FULL|FULL_422|PARTIAL_422|PARTIAL_420)$/.test(pixel.photometric) &&
    voxels instanceof Uint8Array
  ) {
    ybrToRgb(voxels.subarray(at, at + 3 * count))
  }
  return 0
}
