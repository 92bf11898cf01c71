/** Minimal DICOM encoding, Explicit VR Little Endian (PS3.5 7.1.2): elements in, bytes out. */

export type Value = string | number | Uint8Array

export interface Element {
  /** Group and element, e.g. 0x00100010. */
  tag: number
  vr: string
  /** Of a sequence (SQ) its items, a list of elements each. */
  value: Value | Value[] | Element[][]
}

/** VRs with a 32-bit length after two reserved bytes. */
const LONG = new Set(['OB', 'OW', 'OF', 'OD', 'SQ', 'UC', 'UN', 'UR', 'UT'])

/** Elements in order of their tags, as PS3.5 7.1 demands. */
export function encodeElements(elements: Element[]): Buffer {
  return Buffer.concat([...elements].sort((a, b) => a.tag - b.tag).flatMap(encodeElement))
}

/** Preamble, file meta information (PS3.10 7.1) and data set. */
export function encodeFile(sopClass: string, sopInstance: string, transferSyntax: string, dataset: Buffer): Buffer {
  const meta = encodeElements([
    { tag: 0x00020001, vr: 'OB', value: Uint8Array.of(0, 1) },
    { tag: 0x00020002, vr: 'UI', value: sopClass },
    { tag: 0x00020003, vr: 'UI', value: sopInstance },
    { tag: 0x00020010, vr: 'UI', value: transferSyntax },
    { tag: 0x00020012, vr: 'UI', value: '2.25.173263513276411023218219443318370041842' },
    { tag: 0x00020013, vr: 'SH', value: 'CONCORD' },
  ])
  const start = Buffer.alloc(132)
  start.write('DICM', 128, 'latin1')
  const length = encodeElements([{ tag: 0x00020000, vr: 'UL', value: meta.length }])
  return Buffer.concat([start, length, meta, dataset])
}

/** A number as a decimal string of at most 16 characters (PS3.5 6.2, VR DS), as exact as fits. */
function decimalString(value: number): string {
  for (let digits = 17; digits > 0; digits--) {
    const text = String(Number(value.toPrecision(digits)))
    if (text.length <= 16) return text
  }
  return '0'
}

function encodeElement({ tag, vr, value }: Element): Buffer[] {
  const body = encodeValue(vr, value)
  const head = Buffer.alloc(LONG.has(vr) ? 12 : 8)
  head.writeUInt16LE(tag >>> 16, 0)
  head.writeUInt16LE(tag & 0xffff, 2)
  head.write(vr, 4, 'latin1')
  if (LONG.has(vr)) head.writeUInt32LE(body.length, 8)
  else head.writeUInt16LE(body.length, 6)
  return [head, body]
}

function encodeValue(vr: string, given: Element['value']): Buffer {
  if (vr === 'SQ') return Buffer.concat((given as Element[][]).flatMap(encodeItem))
  const value = given as Value | Value[]
  if (value instanceof Uint8Array) return pad(Buffer.from(value.buffer, value.byteOffset, value.byteLength), 0)
  const list = Array.isArray(value) ? value : [value]
  if (vr === 'US' || vr === 'SS') {
    const bytes = Buffer.alloc(2 * list.length)
    list.forEach((n, i) =>
      vr === 'US' ? bytes.writeUInt16LE(n as number, 2 * i) : bytes.writeInt16LE(n as number, 2 * i),
    )
    return bytes
  }
  if (vr === 'UL') {
    const bytes = Buffer.alloc(4 * list.length)
    list.forEach((n, i) => bytes.writeUInt32LE(n as number, 4 * i))
    return bytes
  }
  const text = list.map((v) => (typeof v === 'number' ? decimalString(v) : v)).join('\\')
  return pad(Buffer.from(text, 'utf8'), vr === 'UI' ? 0 : 0x20)
}

/** An item of explicit length (PS3.5 7.5.1). */
function encodeItem(elements: Element[]): Buffer[] {
  const body = encodeElements(elements)
  const head = Buffer.alloc(8)
  head.writeUInt16LE(0xfffe, 0)
  head.writeUInt16LE(0xe000, 2)
  head.writeUInt32LE(body.length, 4)
  return [head, body]
}

function pad(bytes: Buffer, filler: number): Buffer {
  return bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.of(filler)])
}
