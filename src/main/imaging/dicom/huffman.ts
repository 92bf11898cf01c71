/** Huffman-coded JPEG data (ITU-T T.81, annexes C and F.2.2): tables, and reading codes and bits. */

export interface HuffmanTable {
  /** By length 1..16: largest code, -1 for none. */
  maxCode: Int32Array
  /** By length: index of a code's value less the code. */
  delta: Int32Array
  values: Uint8Array
  /** By the next 8 bits: length << 8 | value, 0 where the code is longer. */
  quick: Uint16Array
}

/** The tables of a DHT segment by class * 16 + destination (class 0: DC and lossless, 1: AC). */
export function readHuffmanTables(body: Uint8Array, tables: (HuffmanTable | undefined)[]): void {
  for (let at = 0; at + 17 <= body.length;) {
    const id = body[at] as number
    const counts = body.subarray(at + 1, at + 17)
    const total = counts.reduce((sum, n) => sum + n, 0)
    const values = body.slice(at + 17, at + 17 + total)
    tables[id] = tableOf(counts, values)
    at += 17 + total
  }
}

function tableOf(counts: Uint8Array, values: Uint8Array): HuffmanTable {
  const table = {
    ...{ maxCode: new Int32Array(18).fill(-1), delta: new Int32Array(18), values, quick: new Uint16Array(256) },
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
  return table
}

/** Reads codes from a scan; throws a plain Error where it is damaged. */
export class HuffmanReader {
  #data: Uint8Array
  #at: number
  #held = 0
  #bits = 0
  /** Zeros put after the end: as many as the last code may need, no more. */
  #padding = 0

  constructor(data: Uint8Array, at: number) {
    this.#data = data
    this.#at = at
  }

  /** The value of the next code. */
  decode(table: HuffmanTable): number {
    this.#need(8)
    const quick = table.quick[(this.#bits >> (this.#held - 8)) & 255] as number
    if (quick !== 0) {
      this.#held -= quick >> 8
      return quick & 255
    }
    for (let length = 9; length <= 16; length++) {
      this.#need(length)
      const code = (this.#bits >> (this.#held - length)) & ((1 << length) - 1)
      if (code <= (table.maxCode[length] as number)) {
        this.#held -= length
        return table.values[code + (table.delta[length] as number)] as number
      }
    }
    throw new Error('bad code')
  }

  /** `n` bits as the signed number they stand for (F.2.2.1, EXTEND). */
  receive(n: number): number {
    if (n === 0) return 0
    if (n > 15) throw new Error('bad category')
    this.#need(n)
    this.#held -= n
    const value = (this.#bits >> this.#held) & ((1 << n) - 1)
    return value < 1 << (n - 1) ? value - (1 << n) + 1 : value
  }

  /** Goes over a restart marker. */
  restart(): void {
    this.#held = 0
    this.#padding = 0
    const [first, second] = [this.#data[this.#at], this.#data[this.#at + 1]]
    if (first !== 0xff || second === undefined || (second & 0xf8) !== 0xd0) throw new Error('restart marker expected')
    this.#at += 2
  }

  #need(n: number): void {
    while (this.#held < n) {
      let byte = 0
      if (this.#at < this.#data.length && !(this.#data[this.#at] === 0xff && this.#data[this.#at + 1] !== 0)) {
        byte = this.#data[this.#at] as number
        this.#at += byte === 0xff ? 2 : 1
      } else if (++this.#padding > 8) throw new Error('data ends early')
      this.#bits = ((this.#bits << 8) | byte) & 0x7fffffff
      this.#held += 8
    }
  }
}
