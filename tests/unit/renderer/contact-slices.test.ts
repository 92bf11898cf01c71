import { describe, expect, it } from 'vitest'
import { contactSlices, nearestSheetIndex, thumbnailOf } from '../../../src/renderer/viewer/contact-slices.ts'

describe('contact sheet', () => {
  it('takes the middles of eight equal parts', () => {
    expect(contactSlices(168)).toEqual([10, 31, 52, 73, 94, 115, 136, 157])
    expect(contactSlices(110)).toEqual([6, 20, 34, 48, 61, 75, 89, 103])
    expect(contactSlices(8)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  })

  it('shows each slice once where there are fewer than eight', () => {
    expect(contactSlices(1)).toEqual([0])
    expect(contactSlices(3)).toEqual([0, 1, 2])
    expect(contactSlices(0)).toEqual([])
  })

  it('keeps to the formula for all usual stacks', () => {
    for (let n = 8; n <= 600; n++) {
      expect(contactSlices(n)).toEqual(Array.from({ length: 8 }, (_, i) => Math.floor(((i + 0.5) * n) / 8)))
    }
  })

  it('says which of them is nearest', () => {
    const sheet = contactSlices(168)
    expect(sheet.map((slice) => nearestSheetIndex(sheet, slice))).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(nearestSheetIndex(sheet, 0)).toBe(0)
    expect(nearestSheetIndex(sheet, 167)).toBe(7)
    expect(nearestSheetIndex(sheet, 84)).toBe(4)
  })

  it('averages blocks of the right slice, also at the edges', () => {
    // 5 x 3 voxels, two slices; blocks of two: three columns by two rows.
    const first = new Int16Array(15).fill(-1000)
    const second = Int16Array.from([0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28])
    const voxels = Int16Array.from([...first, ...second])
    const small = thumbnailOf(voxels, { dims: [5, 3, 2], components: 1 }, 1, 3)
    expect([small.width, small.height, small.slice]).toEqual([3, 2, 1])
    expect([...small.values]).toEqual([6, 10, 13, 21, 25, 28])
  })

  it('averages colours apart', () => {
    const small = thumbnailOf(Uint8Array.from([10, 0, 200, 30, 0, 100]), { dims: [2, 1, 1], components: 3 }, 0, 1)
    expect([...small.values]).toEqual([20, 0, 150])
  })
})
