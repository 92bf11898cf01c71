/**
 * Lossless JPEG with Huffman coding (ITU-T T.81, process 14, annex H): every predictor, 2 to 16 bits, one or three
 * components without subsampling, restart intervals. What most compressed CT archives hold.
 */
export interface LosslessImage {
  width: number
  height: number
  components: number
  precision: number
  /** Interleaved samples. */
  samples: Uint16Array
}

interface HuffmanTable {
  /** By length 1..16: largest code, and the index of the first value less its smallest code. */
  maxCode: Int32Array
  delta: Int32Array
  values: Uint8Array
  /** By the next 8 bits: length << 8 | value, 0 where the code is longer. */
  quick: Uint16Array
}

/** Throws a plain Error where the stream is damaged or of another process. */
export function decodeJpegLossless(data: Uint8Array, maxSamples: number): LosslessImage {
  const view = new DataView(data.buffer, data.byteOffset, data.length)
  const tables: (HuffmanTable | undefined)[] = []
  let frame: { width: number; height: number; precision: number; ids: number[] } | null = null
  let restart = 0
  let at = 2
  while (at + 4 <= data.length) {
    if (data[at] !== 0xff) throw new Error('marker expected')
    const marker = data[at + 1] as number
    if (marker === 0xff) {
      at++
      continue
    }
    const length = view.getUint16(at + 2)
    const end = at + 2 + length
    if (length < 2 || end > data.length) throw new Error('segment past the end')
    const body = at + 4
    if (marker === 0xc4) readTables(data.subarray(body, end), tables)
    else if (marker === 0xdd) restart = view.getUint16(body)
    else if (marker === 0xc3) {
      const count = data[body + 5] as number
      frame = {
        precision: data[body] as number,
        height: view.getUint16(body + 1),
        width: view.getUint16(body + 3),
        ids: Array.from({ length: count }, (_, i) => data[body + 6 + 3 * i] as number),
      }
      const subsampled = frame.ids.some((_, i) => data[body + 7 + 3 * i] !== data[body + 7])
      const { width, height, precision } = frame
      if (subsampled || (count !== 1 && count !== 3) || precision < 2 || precision > 16) throw new Error('unsupported')
      if (width * height * count !== maxSamples) throw new Error('size')
    } else if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc8 && marker !== 0xcc) throw new Error('not lossless')
    else if (marker === 0xda) {
      if (!frame) throw new Error('scan before frame')
      const count = data[body] as number
      if (count !== frame.ids.length) throw new Error('components in separate scans')
      const used = frame.ids.map((_, i) => tables[(data[body + 2 + 2 * i] as number) >> 4])
      if (used.some((table) => !table)) throw new Error('no Huffman table')
      const predictor = data[body + 1 + 2 * count] as number
      const shift = (data[body + 3 + 2 * count] as number) & 15
      const samples = decodeScan(data, end, frame, used as HuffmanTable[], predictor, shift, restart)
      return { ...frame, components: count, samples }
    }
    at = end
  }
  throw new Error('no scan')
}

/** Annex C: codes from the counts of each length. */
function readTables(body: Uint8Array, tables: (HuffmanTable | undefined)[]): void {
  for (let at = 0; at + 17 <= body.length;) {
    const id = (body[at] as number) & 15
    const counts = body.subarray(at + 1, at + 17)
    const total = counts.reduce((sum, n) => sum + n, 0)
    const values = body.slice(at + 17, at + 17 + total)
    const table: HuffmanTable = {
      maxCode: new Int32Array(18).fill(-1),
      delta: new Int32Array(18),
      values,
      quick: new Uint16Array(256),
    }
    let code = 0
    let index = 0
    for (let length = 1; length <= 16; length++) {
      const n = counts[length - 1] as number
      table.delta[length] = index - code
      for (let i = 0; i < n; i++, code++, index++) {
        if (length > 8) continue
        const first = code << (8 - length)
        table.quick.fill((length << 8) | (values[index] as number), first, first + (1 << (8 - length)))
      }
      if (n > 0) table.maxCode[length] = code - 1
      code <<= 1
    }
    tables[id] = table
    at += 17 + total
  }
}

function decodeScan(
  data: Uint8Array,
  start: number,
  frame: { width: number; height: number; precision: number; ids: number[] },
  tables: HuffmanTable[],
  predictor: number,
  shift: number,
  restart: number,
): Uint16Array {
  const { width, height, precision } = frame
  const components = frame.ids.length
  const samples = new Uint16Array(width * height * components)
  const row = width * components
  const initial = 1 << (precision - shift - 1)
  let at = start
  let held = 0
  let bits = 0

  /** At least n bits in `bits`; zeros after the end or before a marker, as many as one code may need. */
  let padding = 0
  const need = (n: number): void => {
    while (held < n) {
      let byte = 0
      if (at < data.length && !(data[at] === 0xff && data[at + 1] !== 0)) {
        byte = data[at] as number
        at += byte === 0xff ? 2 : 1
      } else if (++padding > 8) throw new Error('data ends early')
      bits = ((bits << 8) | byte) & 0x7fffffff
      held += 8
    }
  }
  const difference = (table: HuffmanTable): number => {
    need(8)
    let category: number
    const quick = table.quick[(bits >> (held - 8)) & 255] as number
    if (quick !== 0) {
      held -= quick >> 8
      category = quick & 255
    } else {
      let length = 9
      for (; ; length++) {
        if (length > 16) throw new Error('bad code')
        need(length)
        const code = (bits >> (held - length)) & ((1 << length) - 1)
        if (code <= (table.maxCode[length] as number)) {
          category = table.values[code + (table.delta[length] as number)] as number
          break
        }
      }
      held -= length
    }
    if (category === 0) return 0
    if (category === 16) return 32768
    if (category > 16) throw new Error('bad category')
    need(category)
    held -= category
    const value = (bits >> held) & ((1 << category) - 1)
    return value < 1 << (category - 1) ? value - (1 << category) + 1 : value
  }

  let firstRow = true
  let sinceRestart = 0
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (restart > 0 && sinceRestart === restart) {
        held = 0
        padding = 0
        if (data[at] !== 0xff || ((data[at + 1] as number) & 0xf8) !== 0xd0) throw new Error('restart marker expected')
        at += 2
        sinceRestart = 0
        firstRow = true
      }
      for (let c = 0; c < components; c++) {
        const i = y * row + x * components + c
        const a = x > 0 ? (samples[i - components] as number) : 0
        const b = y > 0 ? (samples[i - row] as number) : 0
        let guess: number
        if (firstRow) guess = x === 0 || sinceRestart === 0 ? initial : a
        else if (x === 0) guess = b
        else guess = predict(predictor, a, b, samples[i - row - components] as number)
        samples[i] = (guess + difference(tables[c] as HuffmanTable)) & 0xffff
      }
      sinceRestart++
    }
    firstRow = false
  }
  if (shift > 0) for (let i = 0; i < samples.length; i++) samples[i] = (samples[i] as number) << shift
  return samples
}

/** Table H.1. */
function predict(kind: number, a: number, b: number, c: number): number {
  switch (kind) {
    case 1:
      return a
    case 2:
      return b
    case 3:
      return c
    case 4:
      return a + b - c
    case 5:
      return a + ((b - c) >> 1)
    case 6:
      return b + ((a - c) >> 1)
    case 7:
      return (a + b) >> 1
    default:
      return 0
  }
}
