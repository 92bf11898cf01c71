import { badFile } from '../limits.ts'

/** One image file directory of a TIFF (TIFF 6.0, section 2; BigTIFF for 64-bit offsets). */
export interface Directory {
  littleEndian: boolean
  /** The numbers of a tag; rationals as quotients; empty where the tag is absent. */
  numbers(tag: number): number[]
  text(tag: number): string
}

/** Bytes of a value by its type code; 0: not a number. */
const SIZES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8]

/** More pages than any scan has slices. */
const MAX_PAGES = 65536

/** Every directory in order; a chain that loops or leaves the file is refused. */
export function readDirectories(path: string, bytes: Buffer): Directory[] {
  const lies = () => badFile('header-lies', path, 'has a damaged TIFF header. Export it again.')
  const truncated = () => badFile('file-truncated', path, 'ends before its picture does. Copy it again.')
  if (bytes.length < 16) throw truncated()
  const little = bytes.toString('latin1', 0, 2) === 'II'
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const big = view.getUint16(2, little) === 43
  const offsetSize = big ? 8 : 4
  const offsetAt = (at: number) => (big ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little))
  const directories: Directory[] = []
  const seen = new Set<number>()
  let at = offsetAt(big ? 8 : 4)
  while (at !== 0) {
    if (seen.has(at) || seen.size >= MAX_PAGES) throw lies()
    seen.add(at)
    const countSize = big ? 8 : 2
    if (at + countSize > bytes.length) throw truncated()
    const entries = big ? Number(view.getBigUint64(at, little)) : view.getUint16(at, little)
    const entrySize = big ? 20 : 12
    const end = at + countSize + entries * entrySize
    if (entries < 1 || entries > 4096) throw lies()
    if (end + offsetSize > bytes.length) throw truncated()
    directories.push(directoryAt(view, at + countSize, entries, entrySize, offsetSize, little, offsetAt))
    at = offsetAt(end)
  }
  if (directories.length === 0) throw lies()
  return directories
}

function directoryAt(
  view: DataView,
  start: number,
  entries: number,
  entrySize: number,
  offsetSize: number,
  littleEndian: boolean,
  offsetAt: (at: number) => number,
): Directory {
  const places = new Map<number, { type: number; count: number; at: number }>()
  for (let i = 0; i < entries; i++) {
    const at = start + i * entrySize
    const type = view.getUint16(at + 2, littleEndian)
    const count = offsetAt(at + 4)
    const size = (SIZES[type] ?? 0) * count
    const inline = at + 4 + offsetSize
    const place = size <= offsetSize ? inline : offsetAt(inline)
    // A value outside the file counts as absent: what needs it says so.
    if (size > 0 && place + size <= view.byteLength) {
      places.set(view.getUint16(at, littleEndian), { type, count, at: place })
    }
  }
  return {
    littleEndian,
    numbers: (tag) => {
      const place = places.get(tag)
      if (!place || place.type === 2) return []
      const size = SIZES[place.type] as number
      return Array.from({ length: place.count }, (_, i) =>
        numberAt(view, place.at + i * size, place.type, littleEndian),
      )
    },
    text: (tag) => {
      const place = places.get(tag)
      if (place?.type !== 2) return ''
      const bytes = Buffer.from(view.buffer, view.byteOffset + place.at, Math.min(place.count, 65536))
      return bytes.toString('latin1').replace(/\0+$/, '')
    },
  }
}

function numberAt(view: DataView, at: number, type: number, little: boolean): number {
  switch (type) {
    case 3:
      return view.getUint16(at, little)
    case 4:
    case 13:
      return view.getUint32(at, little)
    case 5:
      return view.getUint32(at, little) / view.getUint32(at + 4, little)
    case 6:
      return view.getInt8(at)
    case 8:
      return view.getInt16(at, little)
    case 9:
      return view.getInt32(at, little)
    case 10:
      return view.getInt32(at, little) / view.getInt32(at + 4, little)
    case 11:
      return view.getFloat32(at, little)
    case 12:
      return view.getFloat64(at, little)
    case 16:
    case 18:
      return Number(view.getBigUint64(at, little))
    case 17:
      return Number(view.getBigInt64(at, little))
    default:
      return view.getUint8(at)
  }
}
