/**
 * The few wire types a TensorFlow graph needs (protobuf.dev, "Encoding"): varints, 32-bit floats, and bytes with a
 * length before them. Fields that have their default value are left out, as protobuf 3 does.
 */
export class Message {
  readonly #parts: Uint8Array[] = []

  /** int32, int64, enum or bool; not negative beyond the safe integers. */
  integer(field: number, value: number | bigint): this {
    this.#parts.push(varint(BigInt((field << 3) | 0)), varint(BigInt.asUintN(64, BigInt(value))))
    return this
  }

  float(field: number, value: number): this {
    const bytes = Buffer.alloc(4)
    bytes.writeFloatLE(value)
    this.#parts.push(varint(BigInt((field << 3) | 5)), bytes)
    return this
  }

  /** A string, bytes, or another message. */
  bytes(field: number, value: string | Uint8Array | Message): this {
    const bytes = value instanceof Message ? value.encode() : typeof value === 'string' ? Buffer.from(value) : value
    this.#parts.push(varint(BigInt((field << 3) | 2)), varint(BigInt(bytes.length)), bytes)
    return this
  }

  /** One entry of a map with string keys. */
  entry(field: number, key: string, value: Message): this {
    return this.bytes(field, new Message().bytes(1, key).bytes(2, value))
  }

  encode(): Uint8Array {
    return Buffer.concat(this.#parts)
  }
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = []
  let rest = value
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80)
    rest >>= 7n
  }
  bytes.push(Number(rest))
  return Uint8Array.from(bytes)
}
