import { HuffmanReader, type HuffmanTable } from './huffman.ts'
import { readJpegHead, type JpegHead } from './jpeg-segments.ts'

/**
 * Lossless JPEG with Huffman coding (ITU-T T.81, process 14, annex H): every predictor, 2 to 16 bits, one or three
 * components without subsampling, restart intervals. What most compressed CT archives hold.
 */
export interface JpegSamples {
  precision: number
  /** Interleaved. */
  samples: Uint16Array
}

/** Throws a plain Error where the stream is damaged, of another process or not of `count` samples. */
export function decodeJpegLossless(data: Uint8Array, count: number): JpegSamples {
  const head = readJpegHead(data, 0xc3)
  const { width, height, precision, components } = head
  const subsampled = components.some((c) => c.sampling !== components[0]?.sampling)
  if (subsampled || (components.length !== 1 && components.length !== 3)) throw new Error('unsupported')
  if (precision < 2 || precision > 16 || width * height * components.length !== count) throw new Error('size')
  const tables = head.scan.map(({ tables: t }) => {
    const table = head.huffman[t >> 4]
    if (!table) throw new Error('no Huffman table')
    return table
  })
  return { precision, samples: decodeScan(data, head, tables) }
}

function decodeScan(data: Uint8Array, head: JpegHead, tables: HuffmanTable[]): Uint16Array {
  const { width, height, precision, restart, shift, start: predictor } = head
  const components = tables.length
  const samples = new Uint16Array(width * height * components)
  const row = width * components
  const initial = 1 << (precision - shift - 1)
  const reader = new HuffmanReader(data, head.dataAt)
  let firstRow = true
  let sinceRestart = 0
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (restart > 0 && sinceRestart === restart) {
        reader.restart()
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
        const category = reader.decode(tables[c] as HuffmanTable)
        samples[i] = (guess + (category === 16 ? 32768 : reader.receive(category))) & 0xffff
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
