import type { DataSet } from 'dicom-parser'
import { badFile } from '../limits.ts'

/** A look-up table (PS3.3 C.7.6.3.1.5, C.11.1.1): stored value less `first`, limited to the table. */
export interface LookupTable {
  first: number
  bits: number
  values: Uint16Array
}

/** A table from its descriptor and data; throws format-refused for segmented palettes. */
export function lookupTable(
  path: string,
  dataset: DataSet,
  descriptorTag: string,
  dataTag: string,
  signed: boolean,
): LookupTable | null {
  const entries = dataset.uint16(descriptorTag, 0)
  const bits = dataset.uint16(descriptorTag, 2)
  const element = dataset.elements[dataTag]
  const bytes = dataset.byteArray
  if (entries === undefined || bits === undefined) return null
  if (!element || element.dataOffset + element.length > bytes.length) return null
  if (bits < 1 || bits > 16) throw badFile('header-lies', path, `has a look-up table of ${bits} bits.`)
  const first = (signed ? dataset.int16(descriptorTag, 1) : dataset.uint16(descriptorTag, 1)) ?? 0
  // Zero stands for 65536.
  const count = entries === 0 ? 65536 : entries
  const body = Buffer.from(bytes.buffer, bytes.byteOffset + element.dataOffset, element.length)
  const little = dataset.byteArrayParser.readUint16(Uint8Array.of(1, 0), 0) === 1
  const values = new Uint16Array(count)
  // Tables of 8-bit entries are written as bytes or as words.
  const wide = bits > 8 || body.length >= 2 * count
  if (body.length < count * (wide ? 2 : 1))
    throw badFile('file-truncated', path, 'has a look-up table that ends early.')
  for (let i = 0; i < count; i++) {
    values[i] = !wide ? (body[i] as number) : little ? body.readUInt16LE(2 * i) : body.readUInt16BE(2 * i)
  }
  return { first, bits, values }
}

/** The entry for a stored value; below the first it is the first, beyond the last the last (PS3.3 C.7.6.3.1.5). */
export function lookUp(table: LookupTable, stored: number): number {
  const index = Math.min(Math.max(stored - table.first, 0), table.values.length - 1)
  return table.values[index] as number
}

/** Red, green and blue palettes. */
export function palettes(path: string, dataset: DataSet, signed: boolean): LookupTable[] {
  const tables = [1, 2, 3].map((n) => lookupTable(path, dataset, `x0028110${n}`, `x0028120${n}`, signed))
  if (tables.every((table) => table !== null)) return tables
  throw badFile('format-refused', path, 'is in colours by a palette that is missing or of a kind that is not read.')
}

/** YBR_FULL to RGB in place, 8 bits (PS3.3 C.7.6.3.1.2; ITU-R BT.601 luma). */
export function ybrToRgb(samples: Uint8Array): void {
  for (let i = 0; i + 2 < samples.length; i += 3) {
    const y = samples[i] as number
    const cb = (samples[i + 1] as number) - 128
    const cr = (samples[i + 2] as number) - 128
    samples[i] = limited(y + 1.402 * cr)
    samples[i + 1] = limited(y - ((0.114 * 1.772) / 0.587) * cb - ((0.299 * 1.402) / 0.587) * cr)
    samples[i + 2] = limited(y + 1.772 * cb)
  }
}

/** Y Y Cb Cr for two pixels as two whole pixels. */
export function expand422(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array((bytes.length / 2) * 3)
  for (let i = 0, o = 0; i + 3 < bytes.length; i += 4, o += 6) {
    const [y0, y1, cb, cr] = [bytes[i], bytes[i + 1], bytes[i + 2], bytes[i + 3]] as [number, number, number, number]
    out.set([y0, cb, cr, y1, cb, cr], o)
  }
  return out
}

const limited = (v: number): number => Math.min(255, Math.max(0, Math.floor(v + 0.5)))
