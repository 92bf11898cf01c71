import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { decodeArrays, encodeArrays } from '../../../src/main/learning/safetensors.ts'
import type { NamedArray } from '../../../src/main/learning/safetensors.ts'

const arrays = new Map<string, NamedArray>([
  ['conv1/kernel', { shape: [3, 2], data: Float32Array.of(1, -2, 3.5, 0, 1e-30, 7) }],
  ['scalar', { shape: [], data: Float32Array.of(42) }],
  ['leer/ü', { shape: [0, 4], data: new Float32Array(0) }],
])

describe('a weights file', () => {
  it('gives back what was put in', () => {
    const { arrays: read, metadata } = decodeArrays(encodeArrays(arrays, { epoch: '3' }), 'test')
    expect(read).toEqual(arrays)
    expect(metadata).toEqual({ epoch: '3' })
  })

  it('is laid out as the format says', () => {
    const bytes = encodeArrays(new Map([['a', { shape: [1], data: Float32Array.of(1) }]]))
    const header = Number(bytes.readBigUInt64LE(0))
    expect((8 + header) % 8).toBe(0)
    expect(JSON.parse(bytes.toString('utf8', 8, 8 + header))).toEqual({
      __metadata__: {},
      a: { dtype: 'F32', shape: [1], data_offsets: [0, 4] },
    })
    expect(bytes.readFloatLE(8 + header)).toBe(1)
  })

  it('cut off anywhere is refused', () => {
    const whole = encodeArrays(arrays)
    for (let length = 0; length < whole.length; length++) {
      expect(() => decodeArrays(whole.subarray(0, length), 'test')).toThrow(
        expect.objectContaining({ code: 'weights-broken' }),
      )
    }
  })

  it('of anything else is refused with the same code', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(() => decodeArrays(Buffer.from(bytes), 'test')).toThrow(
          expect.objectContaining({ code: 'weights-broken' }),
        )
      }),
    )
    const lying = (header: unknown): Buffer => {
      const json = Buffer.from(JSON.stringify(header))
      const length = Buffer.alloc(8)
      length.writeBigUInt64LE(BigInt(json.length))
      return Buffer.concat([length, json, Buffer.alloc(64)])
    }
    for (const header of [
      null,
      { a: null },
      { a: { dtype: 'F16', shape: [2], data_offsets: [0, 4] } },
      { a: { dtype: 'F32', shape: [1e9], data_offsets: [0, 4e9] } },
      { a: { dtype: 'F32', shape: [2], data_offsets: [8, 0] } },
      { a: { dtype: 'F32', shape: [-2], data_offsets: [0, 8] } },
    ]) {
      expect(() => decodeArrays(lying(header), 'test')).toThrow(expect.objectContaining({ code: 'weights-broken' }))
    }
  })
})
