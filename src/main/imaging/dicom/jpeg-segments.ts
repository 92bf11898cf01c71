import { readHuffmanTables, type HuffmanTable } from './huffman.ts'

/** What stands before the first scan of a JPEG (ITU-T T.81, annex B). */
export interface JpegHead {
  precision: number
  width: number
  height: number
  components: { id: number; sampling: number; quantization: number }[]
  /** By class * 16 + destination. */
  huffman: (HuffmanTable | undefined)[]
  quantization: (Uint16Array | undefined)[]
  /** Restart interval in coded units, 0 for none. */
  restart: number
  scan: { component: number; tables: number }[]
  /** Ss, Se and the two halves of Ah/Al of the scan. */
  start: number
  end: number
  shift: number
  /** Where the coded data starts. */
  dataAt: number
}

/** Reads up to the first scan; `frame` is the marker of the process that is wanted. Throws a plain Error. */
export function readJpegHead(data: Uint8Array, frame: number): JpegHead {
  const view = new DataView(data.buffer, data.byteOffset, data.length)
  const head: JpegHead = {
    ...{ precision: 0, width: 0, height: 0, components: [], huffman: [], quantization: [], restart: 0, scan: [] },
    ...{ start: 0, end: 0, shift: 0, dataAt: 0 },
  }
  let at = 2
  while (at + 4 <= data.length) {
    if (data[at] !== 0xff) throw new Error('marker expected')
    const marker = data[at + 1] as number
    if (marker === 0xff) {
      at++
      continue
    }
    const end = at + 2 + view.getUint16(at + 2)
    if (end < at + 4 || end > data.length) throw new Error('segment past the end')
    const body = data.subarray(at + 4, end)
    if (marker === 0xc4) readHuffmanTables(body, head.huffman)
    else if (marker === 0xdb) readQuantization(body, head.quantization)
    else if (marker === 0xdd) head.restart = view.getUint16(at + 4)
    else if (marker === frame) readFrame(body, head)
    else if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc8 && marker !== 0xcc) throw new Error('another process')
    else if (marker === 0xda) {
      const count = body[0] as number
      if (head.components.length === 0 || count !== head.components.length) throw new Error('components apart')
      head.scan = head.components.map((_, i) => ({
        component: body[1 + 2 * i] as number,
        tables: body[2 + 2 * i] as number,
      }))
      head.start = body[1 + 2 * count] as number
      head.end = body[2 + 2 * count] as number
      head.shift = (body[3 + 2 * count] as number) & 15
      head.dataAt = end
      return head
    }
    at = end
  }
  throw new Error('no scan')
}

function readFrame(body: Uint8Array, head: JpegHead): void {
  const view = new DataView(body.buffer, body.byteOffset, body.length)
  head.precision = body[0] as number
  head.height = view.getUint16(1)
  head.width = view.getUint16(3)
  head.components = Array.from({ length: body[5] as number }, (_, i) => ({
    id: body[6 + 3 * i] as number,
    sampling: body[7 + 3 * i] as number,
    quantization: body[8 + 3 * i] as number,
  }))
}

function readQuantization(body: Uint8Array, tables: (Uint16Array | undefined)[]): void {
  const view = new DataView(body.buffer, body.byteOffset, body.length)
  for (let at = 0; at < body.length;) {
    const [wide, id] = [(body[at] as number) >> 4, (body[at] as number) & 15]
    const start = at + 1
    tables[id] = Uint16Array.from({ length: 64 }, (_, i) =>
      wide ? view.getUint16(start + 2 * i) : view.getUint8(start + i),
    )
    at = start + (wide ? 128 : 64)
  }
}
