import { ConcordError } from '../domain/error.ts'

/**
 * Named arrays in one file, in the safetensors format (8-byte little-endian header length, JSON header, raw data), so
 * that weights open in other tools as they are. Only float32 is written.
 */
export interface NamedArray {
  shape: number[]
  data: Float32Array
}

interface Entry {
  dtype: string
  shape: number[]
  data_offsets: [number, number]
}

const maxHeaderBytes = 16 * 1024 * 1024

/** @param metadata Text kept in the header beside the arrays. */
export function encodeArrays(arrays: ReadonlyMap<string, NamedArray>, metadata: Record<string, string> = {}): Buffer {
  const header: Record<string, unknown> = { __metadata__: metadata }
  let offset = 0
  for (const [name, { shape, data }] of arrays) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + data.byteLength] }
    offset += data.byteLength
  }
  const text = JSON.stringify(header)
  // The data starts at a multiple of 8: blanks after the header, as the format allows.
  const json = Buffer.from(text + ' '.repeat((8 - (Buffer.byteLength(text) % 8)) % 8))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(json.length))
  const parts = [...arrays.values()].map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength))
  return Buffer.concat([length, json, ...parts])
}

/**
 * @param source The file as people know it, for the message.
 * @param ignore Names of arrays to leave out, whatever they hold.
 * @throws ConcordError `weights-broken` where the bytes are not such a file or stop too early.
 */
export function decodeArrays(
  bytes: Buffer,
  source: string,
  ignore?: RegExp,
): { arrays: Map<string, NamedArray>; metadata: Record<string, string> } {
  const broken = (what: string): ConcordError =>
    new ConcordError('weights-broken', `${source} is not a usable weights file: ${what}. Take another copy of it.`)
  if (bytes.length < 8) throw broken('it is shorter than its own header')
  const headerBytes = Number(bytes.readBigUInt64LE(0))
  if (headerBytes > maxHeaderBytes || 8 + headerBytes > bytes.length) throw broken('its header is cut off or not there')
  let header: unknown
  try {
    header = JSON.parse(bytes.toString('utf8', 8, 8 + headerBytes))
  } catch {
    throw broken('its header is not readable')
  }
  if (header === null || typeof header !== 'object') throw broken('its header is not readable')
  const { __metadata__: metadata = {}, ...entries } = header as Record<string, unknown>
  const arrays = new Map<string, NamedArray>()
  for (const [name, entry] of Object.entries(entries)) {
    if (ignore?.test(name)) continue
    if (!isEntry(entry)) throw broken(`the entry "${name}" is malformed`)
    if (entry.dtype !== 'F32') throw broken(`"${name}" holds ${entry.dtype}, only F32 is read`)
    const [from, to] = entry.data_offsets
    const start = 8 + headerBytes + from
    const size = entry.shape.reduce((product, edge) => product * edge, 1)
    if (to - from !== 4 * size) throw broken(`"${name}" does not have the size its shape says`)
    if (start + 4 * size > bytes.length) throw broken(`it ends in the middle of "${name}"`)
    const data = new Float32Array(size)
    Buffer.from(data.buffer).set(bytes.subarray(start, start + 4 * size))
    arrays.set(name, { shape: entry.shape, data })
  }
  return { arrays, metadata: metadata as Record<string, string> }
}

function isEntry(value: unknown): value is Entry {
  if (value === null || typeof value !== 'object') return false
  const { dtype, shape, data_offsets: offsets } = value as Record<string, unknown>
  return typeof dtype === 'string' && areSizes(shape) && areSizes(offsets) && offsets.length === 2
}

const areSizes = (list: unknown): list is number[] =>
  Array.isArray(list) && list.every((item) => Number.isSafeInteger(item) && (item as number) >= 0)
