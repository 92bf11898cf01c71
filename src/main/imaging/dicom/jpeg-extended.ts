import { HuffmanReader, type HuffmanTable } from './huffman.ts'
import type { JpegSamples } from './jpeg-lossless.ts'
import { readJpegHead } from './jpeg-segments.ts'

/**
 * Extended sequential JPEG with Huffman coding (ITU-T T.81, process 4): 12 bits, one component, which the usual 8-bit
 * libraries do not read. Throws a plain Error where the stream is damaged, of another process or not of `count` samples.
 */
export function decodeJpegExtended(data: Uint8Array, count: number): JpegSamples {
  const head = readJpegHead(data, 0xc1)
  const { width, height, precision, components, restart } = head
  const [component] = components
  const quantization = component && head.quantization[component.quantization]
  const tables = head.scan[0]?.tables ?? 0
  const [dc, ac] = [head.huffman[tables >> 4], head.huffman[16 + (tables & 15)]]
  if (components.length !== 1 || precision !== 12 || !quantization || !dc || !ac) throw new Error('unsupported')
  if (width * height !== count) throw new Error('size')

  const reader = new HuffmanReader(data, head.dataAt)
  const samples = new Uint16Array(count)
  const coefficients = new Float32Array(64)
  const block = new Float32Array(64)
  let previous = 0
  let units = 0
  for (let y = 0; y < height; y += 8) {
    for (let x = 0; x < width; x += 8) {
      if (restart > 0 && units > 0 && units % restart === 0) {
        reader.restart()
        previous = 0
      }
      units++
      previous = readBlock(reader, dc, ac, quantization, previous, coefficients)
      inverseCosine(coefficients, block)
      for (let v = 0; v < Math.min(8, height - y); v++) {
        for (let u = 0; u < Math.min(8, width - x); u++) {
          const value = Math.round(block[v * 8 + u] as number) + 2048
          samples[(y + v) * width + x + u] = Math.min(4095, Math.max(0, value))
        }
      }
    }
  }
  return { precision, samples }
}

/** Figure A.6: where the i-th coefficient of the zig-zag stands. */
const ZIGZAG = zigzag()

function zigzag(): Uint8Array {
  const order = new Uint8Array(64)
  let i = 0
  for (let diagonal = 0; diagonal < 15; diagonal++) {
    for (let step = Math.max(0, diagonal - 7); step <= Math.min(7, diagonal); step++) {
      // Odd diagonals run down, even ones up.
      const row = diagonal % 2 ? step : diagonal - step
      order[i++] = row * 8 + diagonal - row
    }
  }
  return order
}

/** One block's coefficients, dequantized (F.2.2); gives its DC value for the next block. */
function readBlock(
  reader: HuffmanReader,
  dc: HuffmanTable,
  ac: HuffmanTable,
  quantization: Uint16Array,
  previous: number,
  out: Float32Array,
): number {
  out.fill(0)
  const direct = previous + reader.receive(reader.decode(dc))
  out[0] = direct * (quantization[0] as number)
  for (let k = 1; k < 64; k++) {
    const code = reader.decode(ac)
    const [run, size] = [code >> 4, code & 15]
    if (size === 0) {
      if (run !== 15) break
      k += 15
      continue
    }
    k += run
    if (k > 63) throw new Error('run past the block')
    out[ZIGZAG[k] as number] = reader.receive(size) * (quantization[k] as number)
  }
  return direct
}

/** COSINES[x * 8 + u] = C(u) / 2 * cos((2x + 1) u pi / 16). */
const COSINES = Float64Array.from({ length: 64 }, (_, i) => {
  const [x, u] = [i >> 3, i & 7]
  return (u === 0 ? Math.SQRT1_2 : 1) * 0.5 * Math.cos(((2 * x + 1) * u * Math.PI) / 16)
})

/** The inverse discrete cosine transform (A.3.3), rows then columns. */
function inverseCosine(coefficients: Float32Array, out: Float32Array): void {
  const rows = new Float64Array(64)
  for (let v = 0; v < 8; v++) {
    for (let x = 0; x < 8; x++) {
      let sum = 0
      for (let u = 0; u < 8; u++) sum += (coefficients[v * 8 + u] as number) * (COSINES[x * 8 + u] as number)
      rows[v * 8 + x] = sum
    }
  }
  for (let y = 0; y < 8; y++) {
    for (let x = 0; x < 8; x++) {
      let sum = 0
      for (let v = 0; v < 8; v++) sum += (rows[v * 8 + x] as number) * (COSINES[y * 8 + v] as number)
      out[y * 8 + x] = sum
    }
  }
}
