import { StreamError, readHeader } from './volume-header.ts'
import { asVoxels, bytesPerVoxel, sampleCount, type VolumeHeader, type Voxels } from './volume.ts'

const MAGIC = 'CNCVOL1\0'
/** Magic and header length. */
const PREAMBLE = 12
/** Voxels start at a multiple of this many bytes. */
const ALIGNMENT = 16
const MAX_HEADER = 1 << 20
const MAX_BYTES = 6 * 2 ** 30

/**
 * Takes the bytes of a volume stream as they come, in pieces of any size, into one array made when the header is known.
 * `push` throws StreamError as soon as something is wrong; `finish` throws `volume-truncated` where bytes are missing.
 */
export class VolumeReceiver {
  /** How many slices follow the header; null: all. */
  readonly #slices: number | null
  #head = new Uint8Array(0)
  #header: VolumeHeader | null = null
  #body: Uint8Array<ArrayBuffer> | null = null
  #filled = 0

  constructor(slices: number | null = null) {
    this.#slices = slices
  }

  get header(): VolumeHeader | null {
    return this.#header
  }

  /** Bytes of voxels so far, and how many there will be (0 until the header is known). */
  get progress(): { received: number; total: number } {
    return { received: this.#filled, total: this.#body?.length ?? 0 }
  }

  push(bytes: Uint8Array): void {
    if (this.#body) {
      this.#append(this.#body, bytes)
      return
    }
    const joined = new Uint8Array(this.#head.length + bytes.length)
    joined.set(this.#head)
    joined.set(bytes, this.#head.length)
    this.#head = joined
    const read = this.#readHead(joined)
    if (!read) return
    this.#head = new Uint8Array(0)
    this.#body = read.body
    this.#append(read.body, joined.subarray(read.start))
  }

  finish(): { header: VolumeHeader; voxels: Voxels } {
    if (!this.#header || !this.#body)
      throw new StreamError('volume-truncated', 'The stream ended before its header was complete.')
    if (this.#filled < this.#body.length) {
      throw new StreamError('volume-truncated', `The stream ended after ${this.#filled} of ${this.#body.length} bytes.`)
    }
    return { header: this.#header, voxels: asVoxels(this.#header.type, this.#body.buffer) }
  }

  /** Where the voxels start in `head` and the room for all of them; null while the header is incomplete. */
  #readHead(head: Uint8Array<ArrayBuffer>): { start: number; body: Uint8Array<ArrayBuffer> } | null {
    const seen = Math.min(head.length, MAGIC.length)
    for (let i = 0; i < seen; i++) {
      if (head[i] !== MAGIC.charCodeAt(i)) throw new StreamError('volume-not-a-volume', 'These bytes are not a volume.')
    }
    if (head.length < PREAMBLE) return null
    const length = new DataView(head.buffer).getUint32(MAGIC.length, true)
    if (length === 0 || length > MAX_HEADER)
      throw new StreamError('volume-header', `A header of ${length} bytes cannot be.`)
    const start = Math.ceil((PREAMBLE + length) / ALIGNMENT) * ALIGNMENT
    if (head.length < start) return null
    this.#header = readHeader(new TextDecoder().decode(head.subarray(PREAMBLE, PREAMBLE + length)))
    const { dims, type } = this.#header
    const slices = this.#slices ?? dims[2]
    const total = sampleCount({ ...this.#header, dims: [dims[0], dims[1], slices] }) * bytesPerVoxel[type]
    if (total > MAX_BYTES) throw new StreamError('volume-too-large', `${total} bytes are more than can be shown.`)
    try {
      return { start, body: new Uint8Array(total) }
    } catch {
      throw new StreamError('volume-too-large', `There is no memory for ${total} bytes.`)
    }
  }

  #append(body: Uint8Array, bytes: Uint8Array): void {
    if (this.#filled + bytes.length > body.length) {
      throw new StreamError('volume-too-long', 'The stream holds more than its header announced.')
    }
    body.set(bytes, this.#filled)
    this.#filled += bytes.length
  }
}
