/** Bytes of a volume stream, written here independently of the receiver. */
export function streamBytes(options: {
  header: Record<string, unknown> | string
  body: ArrayBufferView
  magic?: string
  headerLength?: number
}): Uint8Array {
  const json = typeof options.header === 'string' ? options.header : JSON.stringify(options.header)
  const text = new TextEncoder().encode(json)
  const start = 12 + text.length + ((16 - ((12 + text.length) % 16)) % 16)
  const body = new Uint8Array(options.body.buffer, options.body.byteOffset, options.body.byteLength)
  const bytes = new Uint8Array(start + body.length)
  bytes.set(new TextEncoder().encode(options.magic ?? 'CNCVOL1\0'))
  new DataView(bytes.buffer).setUint32(8, options.headerLength ?? text.length, true)
  bytes.set(text, 12)
  bytes.set(body, start)
  return bytes
}

export const plainHeader = (dims: number[], type = 'int16') => ({
  dims,
  components: 1,
  type,
  slope: 1,
  intercept: 0,
  spacing: [0.061, 0.061, 0.061],
  origin: [0, 0, 0],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  unit: 'mgHA/cm3',
  min: -5,
  max: 5,
  sha256: '',
  warnings: [],
})
