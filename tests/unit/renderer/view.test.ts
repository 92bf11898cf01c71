import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { directionLetters, sliceEdges } from '../../../src/renderer/viewer/orientation.ts'
import { fitScale, fitted, panned, visibleFrame, zoomed, type Size } from '../../../src/renderer/viewer/view.ts'

const plane: Size = [31, 31]
const viewport: Size = [1200, 600]
const size = fc.double({ min: 0.5, max: 4000, noNaN: true })

describe('view', () => {
  it('fits the whole plane, whatever its shape', () => {
    fc.assert(
      fc.property(size, size, size, size, (pw, ph, vw, vh) => {
        const scale = fitScale([pw, ph], [Math.ceil(vw), Math.ceil(vh)])
        expect(pw / scale).toBeLessThanOrEqual(Math.ceil(vw))
        expect(ph / scale).toBeLessThanOrEqual(Math.ceil(vh))
        // One side fills the viewport but for the margin.
        expect(Math.max(pw / scale / Math.ceil(vw), ph / scale / Math.ceil(vh))).toBeCloseTo(1 / 1.02, 6)
      }),
    )
  })

  it('draws the slice and not the black beside it', () => {
    const frame = visibleFrame(plane, viewport, fitted)
    const side = 600 / 1.02
    expect([frame.width, frame.height]).toEqual([Math.ceil(side / 2 + 600) - Math.floor(600 - side / 2), 590])
    expect(frame.left).toBe(Math.floor(600 - side / 2))
    expect([frame.x, frame.y]).toEqual([0, 0])
  })

  it('draws what of the slice lies in the viewport, at its place', () => {
    const zoom = fc.double({ min: 0.25, max: 40, noNaN: true })
    const move = fc.double({ min: -15.5, max: 15.5, noNaN: true })
    fc.assert(
      fc.property(zoom, move, move, (z, x, y) => {
        const view = { zoom: z, x, y }
        const frame = visibleFrame(plane, viewport, view)
        expect(frame.left).toBeGreaterThanOrEqual(0)
        expect(frame.left + frame.width).toBeLessThanOrEqual(1200)
        expect(frame.top + frame.height).toBeLessThanOrEqual(600)
        // The middle of the frame shows the same point of the plane as the whole viewport would there.
        expect(frame.x).toBeCloseTo(x + (frame.left + frame.width / 2 - 600) * frame.scale, 6)
        expect(frame.y).toBeCloseTo(y + (frame.top + frame.height / 2 - 300) * frame.scale, 6)
        // Nothing of the plane inside the viewport is left out.
        const left = 600 + (-15.5 - x) / frame.scale
        expect(frame.left).toBeLessThanOrEqual(Math.max(0, left) + 1e-6)
        expect(frame.left + frame.width).toBeGreaterThanOrEqual(Math.min(1200, left + 31 / frame.scale) - 1e-6)
      }),
    )
  })

  it('keeps what is under the pointer while zooming', () => {
    const at: Size = [100, -80]
    const before = { zoom: 1.5, x: 2, y: 1 }
    const after = zoomed(before, 2, at, plane, viewport)
    const under = (view: typeof before) => [
      view.x + (at[0] * fitScale(plane, viewport)) / view.zoom,
      view.y + (at[1] * fitScale(plane, viewport)) / view.zoom,
    ]
    expect(after.zoom).toBe(3)
    expect(under(after)[0]).toBeCloseTo(under(before)[0]!, 9)
    expect(under(after)[1]).toBeCloseTo(under(before)[1]!, 9)
  })

  it('moves the picture with the hand, never out of sight', () => {
    const moved = panned({ zoom: 2, x: 0, y: 0 }, 10, -10, plane, viewport)
    expect(moved.x).toBeLessThan(0)
    expect(moved.y).toBeGreaterThan(0)
    expect(panned(fitted, 1e6, 0, plane, viewport).x).toBe(-15.5)
  })

  it('limits the magnification', () => {
    expect(zoomed(fitted, 1e9, [0, 0], plane, viewport).zoom).toBe(40)
    expect(zoomed(fitted, 1e-9, [0, 0], plane, viewport).zoom).toBe(0.25)
  })
})

describe('orientation marks', () => {
  it('follow DICOM: +x left, +y posterior, +z head', () => {
    expect(directionLetters([1, 0, 0])).toBe('L')
    expect(directionLetters([0, -1, 0])).toBe('A')
    expect(directionLetters([0, 0, -1])).toBe('F')
    expect(directionLetters([-0.6, 0.8, 0])).toBe('PR')
  })

  it('stand on the edges of a slice drawn rows downwards', () => {
    const direction = [1, 0, 0, 0, 1, 0, 0, 0, 1]
    expect(sliceEdges({ direction, oriented: true })).toEqual({ left: 'R', right: 'L', top: 'A', bottom: 'P' })
    // The columns of the matrix are the axes: here x runs to the head, y to the left.
    const turned = [0, 1, 0, 0, 0, 1, 1, 0, 0]
    expect(sliceEdges({ direction: turned, oriented: true })).toEqual({ left: 'F', right: 'H', top: 'R', bottom: 'L' })
  })

  it('are missing where the file does not say how the patient lies', () => {
    expect(sliceEdges({ direction: [1, 0, 0, 0, 1, 0, 0, 0, 1], oriented: false })).toBeNull()
    expect(sliceEdges({ direction: null, oriented: true })).toBeNull()
  })
})
