import { openFile, type ByteSource } from './bytes.ts'
import { badFile } from './limits.ts'

/** A NumPy array file (.npy, format 1.0 to 3.0: NEP 1), opened but not yet read. */
export interface NpyFile {
  shape: number[]
  /** Values `from` to `to` (exclusive) of the flat data in C order. */
  values(from: number, to: number): Promise<Float64Array>
}

const magic = '\x93NUMPY'

export const looksLikeNpy = (head: Buffer): boolean => head.toString('latin1', 0, 6) === magic

const kinds: Record<string, [bytes: number, read: (view: DataView, at: number, little: boolean) => number]> = {
  f4: [4, (view, at, little) => view.getFloat32(at, little)],
  f8: [8, (view, at, little) => view.getFloat64(at, little)],
  i1: [1, (view, at) => view.getInt8(at)],
  u1: [1, (view, at) => view.getUint8(at)],
  i2: [2, (view, at, little) => view.getInt16(at, little)],
  u2: [2, (view, at, little) => view.getUint16(at, little)],
  i4: [4, (view, at, little) => view.getInt32(at, little)],
  u4: [4, (view, at, little) => view.getUint32(at, little)],
}

/**
 * Opens a .npy file of real numbers, runs `use` on it and closes it. Errors: file-missing and the like, npy-damaged,
 * npy-type (complex, text, objects), file-truncated.
 */
export async function withNpy<T>(path: string, use: (file: NpyFile) => Promise<T>): Promise<T> {
  const source = await openFile(path)
  try {
    return await use(await npyFile(source, source.size))
  } finally {
    await source.close()
  }
}

async function npyFile(source: ByteSource, size: number): Promise<NpyFile> {
  const { path } = source
  const start = await source.peek(12)
  const wide = (start[6] ?? 0) >= 2
  const prefix = wide ? 12 : 10
  if (!looksLikeNpy(start) || start.length < prefix) throw badFile('npy-damaged', path, 'is not a NumPy array file.')
  const offset = prefix + (wide ? start.readUInt32LE(8) : start.readUInt16LE(8))
  const text = offset > 1 << 20 ? '' : (await source.peek(offset)).toString('latin1', prefix)
  const descr = /'descr'\s*:\s*'([<>|=]?)([a-z]\d+)'/.exec(text)
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text)
  const shape = /'shape'\s*:\s*\(([\d,\sL]*)\)/.exec(text)
  if (!order || !shape || !/'descr'/.test(text)) throw badFile('npy-damaged', path, 'has a damaged NumPy header.')
  const kind = kinds[descr?.[2] ?? '']
  if (!descr || !kind)
    throw badFile('npy-type', path, 'does not hold plain real numbers (float32, float64 or integers).')
  const dims = (shape[1] as string)
    .split(',')
    .filter((n) => n.trim() !== '')
    .map((n) => parseInt(n, 10))
  const count = dims.reduce((a, b) => a * b, 1)
  const [bytes, read] = kind
  if (offset + count * bytes > size) throw badFile('file-truncated', path, 'ends before its data does. Copy it again.')
  const fortran = order[1] === 'True' && dims.length > 1
  const load = async (from: number, to: number): Promise<DataView> => {
    const buffer = new Uint8Array((to - from) * bytes)
    await source.readInto(buffer, offset + from * bytes)
    return new DataView(buffer.buffer)
  }
  let all: DataView | undefined
  return {
    shape: dims,
    async values(from, to) {
      const little = descr[1] !== '>'
      if (!fortran) {
        const view = await load(from, to)
        return Float64Array.from({ length: to - from }, (_, i) => read(view, i * bytes, little))
      }
      // First index fastest: the values asked for lie all over the file.
      all ??= await load(0, count)
      const view = all
      return Float64Array.from({ length: to - from }, (_, i) =>
        read(view, fortranIndex(from + i, dims) * bytes, little),
      )
    },
  }
}

/** Place in Fortran order of the value at a place in C order. */
function fortranIndex(at: number, dims: number[]): number {
  let [rest, index] = [at, 0]
  const strides = dims.map((_, i) => dims.slice(0, i).reduce((a, b) => a * b, 1))
  for (let i = dims.length - 1; i >= 0; i--) {
    index += (rest % (dims[i] as number)) * (strides[i] as number)
    rest = Math.floor(rest / (dims[i] as number))
  }
  return index
}

/** A float32 array as a .npy file, format 1.0. */
export function encodeNpy(shape: number[], data: Float32Array): Buffer {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`
  const length = Math.ceil((10 + text.length + 1) / 64) * 64 - 10
  const head = Buffer.alloc(10)
  head.write(`${magic}\x01\x00`, 0, 'latin1')
  head.writeUInt16LE(length, 8)
  const header = Buffer.from(text.padEnd(length - 1) + '\n', 'latin1')
  return Buffer.concat([head, header, Buffer.from(data.buffer, data.byteOffset, data.byteLength)])
}
