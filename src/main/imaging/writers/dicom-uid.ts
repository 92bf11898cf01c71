import { createHash } from 'node:crypto'

/**
 * A function from a label to a UID (2.25.<uuid>, PS3.5 B.2), the same for the same content: a file written twice is the
 * same instance.
 */
export function uidsFrom(description: object, pixels: ArrayBufferView): (label: string) => string {
  const seed = createHash('sha256')
    .update(JSON.stringify(description))
    .update(new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength))
    .digest()
  return (label) => {
    const bytes = createHash('sha256').update(seed).update(label).digest().subarray(0, 16)
    bytes[6] = ((bytes[6] as number) & 0x0f) | 0x80 // version 8: made from the writer's own data (RFC 9562 5.8)
    bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
    return `2.25.${BigInt(`0x${bytes.toString('hex')}`)}`
  }
}
