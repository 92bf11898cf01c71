import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StreamError } from '../../../src/renderer/viewer/volume-header.ts'
import { VolumeReceiver } from '../../../src/renderer/viewer/volume-receiver.ts'
import { plainHeader, streamBytes } from './stream-bytes.ts'

const body = Int16Array.from({ length: 4 * 3 * 2 }, (_, i) => i * 100 - 700)
const good = () => streamBytes({ header: plainHeader([4, 3, 2]), body })

function codeOf(bytes: Uint8Array): string | null {
  try {
    const receiver = new VolumeReceiver()
    receiver.push(bytes)
    receiver.finish()
    return null
  } catch (caught) {
    return caught instanceof StreamError ? caught.code : 'other'
  }
}

describe('volume stream', () => {
  it('gives the same voxels however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 30 }), (sizes) => {
        const bytes = good()
        const receiver = new VolumeReceiver()
        let at = 0
        for (let i = 0; at < bytes.length; i++) {
          const next = at + sizes[i % sizes.length]!
          receiver.push(bytes.slice(at, next))
          at = next
        }
        const { header, voxels } = receiver.finish()
        expect(header.dims).toEqual([4, 3, 2])
        expect(voxels).toBeInstanceOf(Int16Array)
        expect([...voxels]).toEqual([...body])
        expect(receiver.progress).toEqual({ received: body.byteLength, total: body.byteLength })
      }),
    )
  })

  it.each([
    ['uint8', Uint8Array.from([0, 7, 255, 9])],
    ['uint16', Uint16Array.from([0, 7, 65535, 9])],
    ['float32', Float32Array.from([0, -1.5, 1e9, 0.25])],
  ])('keeps %s as it is', (type, values) => {
    const receiver = new VolumeReceiver()
    receiver.push(streamBytes({ header: plainHeader([2, 2, 1], type), body: values }))
    expect([...receiver.finish().voxels]).toEqual([...values])
  })

  it('reads three components', () => {
    const rgb = Uint8Array.from([1, 2, 3, 4, 5, 6])
    const receiver = new VolumeReceiver()
    receiver.push(streamBytes({ header: { ...plainHeader([2, 1, 1], 'uint8'), components: 3 }, body: rgb }))
    expect([...receiver.finish().voxels]).toEqual([1, 2, 3, 4, 5, 6])
  })

  it('says at every cut that the stream is incomplete', () => {
    const bytes = good()
    for (let length = 0; length < bytes.length; length++) {
      expect(codeOf(bytes.slice(0, length)), `${length} bytes`).toBe('volume-truncated')
    }
    expect(codeOf(bytes)).toBeNull()
  })

  it('refuses another magic at the first byte that differs', () => {
    expect(codeOf(streamBytes({ header: plainHeader([4, 3, 2]), body, magic: 'CNCVOL2\0' }))).toBe(
      'volume-not-a-volume',
    )
    expect(codeOf(new TextEncoder().encode('<!doctype html>'))).toBe('volume-not-a-volume')
    expect(codeOf(Uint8Array.of(0x43, 0x4f))).toBe('volume-not-a-volume')
  })

  it('refuses more bytes than announced', () => {
    expect(codeOf(streamBytes({ header: plainHeader([4, 3, 1]), body }))).toBe('volume-too-long')
  })

  it('refuses a volume of terabytes before it asks for the memory', () => {
    expect(codeOf(streamBytes({ header: plainHeader([65536, 65536, 65536]), body }))).toBe('volume-too-large')
  })

  it.each([
    ['no JSON', '{'],
    ['no object', 'null'],
    ['no rows', { ...plainHeader([4, 0, 2]) }],
    ['a fraction of a row', { ...plainHeader([4, 1.5, 2]) }],
    ['two dimensions', { ...plainHeader([4, 3]) }],
    ['another type', { ...plainHeader([4, 3, 2]), type: 'int64' }],
    ['two components', { ...plainHeader([4, 3, 2]), components: 2 }],
    ['slope zero', { ...plainHeader([4, 3, 2]), slope: 0 }],
    ['spacing zero', { ...plainHeader([4, 3, 2]), spacing: [0, 1, 1] }],
  ])('refuses a header with %s', (_what, header) => {
    expect(codeOf(streamBytes({ header, body }))).toBe('volume-header')
  })

  it('refuses a header length that cannot be', () => {
    expect(codeOf(streamBytes({ header: plainHeader([4, 3, 2]), body, headerLength: 0 }))).toBe('volume-header')
    expect(codeOf(streamBytes({ header: plainHeader([4, 3, 2]), body, headerLength: 2 ** 31 }))).toBe('volume-header')
  })
})
