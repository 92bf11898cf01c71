import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { linkedSlice, linkedWindow } from '../../../src/renderer/viewer/linked.ts'
import { histogramOf, lengthOf, profileOf, stepsOf, type Line } from '../../../src/renderer/viewer/measure.ts'
import { planeEdges, stackEnds } from '../../../src/renderer/viewer/orientation.ts'
import { placeOf, planeOf, slabRange, voxelAt, type Axis, type Slab } from '../../../src/renderer/viewer/plane.ts'
import { brought, fitted, toPlane, toScreen } from '../../../src/renderer/viewer/view.ts'
import type { LoadedVolume, VolumeHeader } from '../../../src/renderer/viewer/volume.ts'
import { presetWindow } from '../../../src/renderer/viewer/window-level.ts'

const dims: [number, number, number] = [5, 4, 6]
const feetUp = [1, 0, 0, 0, 1, 0, 0, 0, -1]
const headUp = [1, 0, 0, 0, 1, 0, 0, 0, 1]

function volume(part: Partial<VolumeHeader> = {}): LoadedVolume {
  const header: VolumeHeader = {
    ...{ dims, components: 1, type: 'int16', slope: 1, intercept: 0, spacing: [1, 2, 3], direction: headUp },
    ...{ oriented: false, unit: 'raw', min: 0, max: 600, warnings: [] },
    ...part,
  }
  const [nx, ny, nz] = header.dims
  // Each value says where it is: x + 10 y + 100 z.
  const voxels = Int16Array.from({ length: nx * ny * nz }, (_, i) => {
    const [x, y, z] = [i % nx, Math.floor(i / nx) % ny, Math.floor(i / nx / ny)]
    return x + 10 * y + 100 * z
  })
  return { scanId: 'a', header, voxels, thumbnails: [], percentiles: [0, 0, 0, 0, 0] }
}
const slab = (mode: Slab['mode'], thickness: number): Slab => ({ mode, thickness })
const axes: readonly Axis[] = [0, 1, 2]

describe('planes through a volume', () => {
  it('hold the voxels they cut, wherever the last slice lies', () => {
    fc.assert(
      fc.property(fc.constantFrom(...axes), fc.nat(), fc.nat(), fc.nat(), fc.boolean(), (axis, i, c, r, oriented) => {
        const one = volume({ oriented })
        const index = i % dims[axis]
        const image = planeOf(one, axis, index)!
        const [column, row] = [c % image.width, r % image.height]
        const [x, y, z] = voxelAt(one.header, axis, index, [column, row])
        expect(image.values[row * image.width + column]).toBe(x + 10 * y + 100 * z)
        expect(placeOf(one.header, axis, [x, y, z])).toEqual([column, row])
      }),
    )
  })

  it('have the size and spacing of the axes they run along', () => {
    expect(planeOf(volume(), 2, 0)).toMatchObject({ width: 5, height: 4, spacing: [1, 2] })
    expect(planeOf(volume(), 1, 0)).toMatchObject({ width: 5, height: 6, spacing: [1, 3] })
    expect(planeOf(volume(), 0, 0)).toMatchObject({ width: 4, height: 6, spacing: [2, 3] })
  })

  it('put the head at the top where the file says where it is, and mark it', () => {
    const top = (header: Partial<VolumeHeader>) => planeOf(volume(header), 1, 0)!.values[0]
    expect(top({ oriented: false })).toBe(0)
    expect(top({ oriented: true, direction: headUp })).toBe(500)
    expect(top({ oriented: true, direction: feetUp })).toBe(0)
    for (const direction of [headUp, feetUp])
      expect(planeEdges({ oriented: true, direction }, 1)).toEqual({ left: 'R', right: 'L', top: 'H', bottom: 'F' })
    expect(planeEdges({ oriented: true, direction: headUp }, 0)).toMatchObject({ left: 'A', right: 'P' })
    expect(planeEdges({ oriented: false, direction: headUp }, 0)).toBeNull()
  })

  it('name the ends of the stack, in the leg as anatomists do', () => {
    expect(stackEnds({ oriented: true, direction: headUp }, 'tibia')).toEqual({ first: 'distal', last: 'proximal' })
    expect(stackEnds({ oriented: true, direction: feetUp }, 'tibia')).toEqual({ first: 'proximal', last: 'distal' })
    expect(stackEnds({ oriented: true, direction: headUp }, 'radius')).toEqual({ first: 'F', last: 'H' })
    expect(stackEnds({ oriented: false, direction: headUp }, 'tibia')).toBeNull()
    const sagittal = [0, 0, -1, 1, 0, 0, 0, -1, 0]
    expect(stackEnds({ oriented: true, direction: sagittal }, 'tibia')).toBeNull()
  })

  it('of a slab hold the largest or the mean value, cut off at the ends', () => {
    expect(slabRange(6, 0, 5)).toEqual([0, 2])
    expect(slabRange(6, 5, 11)).toEqual([0, 5])
    expect(planeOf(volume(), 2, 3, slab('max', 3))!.values[0]).toBe(400)
    expect(planeOf(volume({ slope: -1 }), 2, 3, slab('max', 3))!.values[0]).toBe(200)
    const mean = planeOf(volume(), 2, 0, slab('mean', 3))!
    expect(mean.values).toBeInstanceOf(Float32Array)
    expect(mean.values[7]).toBe(50 + 12)
    expect(planeOf(volume(), 0, 2, slab('mean', 5))!.values[0]).toBe(2)
    expect(planeOf(volume(), 1, 3, slab('max', 3))!.values[0]).toBe(30)
  })

  it('of colours keep the three apart', () => {
    const one = volume({ components: 3, dims: [2, 2, 2] })
    const colours = { ...one, voxels: Uint8Array.from({ length: 24 }, (_, i) => i) }
    expect([...planeOf(colours, 0, 1)!.values]).toEqual([3, 4, 5, 9, 10, 11, 15, 16, 17, 21, 22, 23])
    expect([...planeOf(colours, 2, 0, slab('max', 3))!.values]).toEqual([...colours.voxels.subarray(12)])
  })

  it('of a scan on its way are its slices that are here, and no other', () => {
    const { header, percentiles } = volume()
    const early = { scanId: 'a', header, percentiles, slice: 3, voxels: Int16Array.from({ length: 20 }, (_, i) => i) }
    expect(planeOf(early, 2, 3, slab('max', 5))!.values).toBe(early.voxels)
    expect(planeOf(early, 2, 4)).toBeNull()
    expect(planeOf(early, 1, 3)).toBeNull()
  })
})

describe('measures', () => {
  it('are in millimetres where the spacing is known', () => {
    const line: Line = { from: [0, 0, 2], to: [3, 2, 2] }
    expect(lengthOf(line, [1, 2, 3])).toBe(5)
    expect(lengthOf(line, null)).toBeNull()
    expect(stepsOf(line)).toBeCloseTo(Math.sqrt(13), 12)
  })

  it('of a line along voxels are the values themselves, after rescale', () => {
    const image = planeOf(volume(), 2, 1)!
    expect(profileOf(image, { slope: 2, intercept: -1 }, [0, 0], [4, 0])).toEqual([199, 201, 203, 205, 207])
    // Half-way between two voxels: half of both.
    expect(profileOf(image, { slope: 1, intercept: 0 }, [0.5, 0.5], [0.5, 0.5])[0]).toBeCloseTo(105.5, 12)
    const gap = { ...image, values: Float32Array.from(image.values, (v, i) => (i === 2 ? NaN : v)) }
    expect(profileOf(gap, { slope: 1, intercept: 0 }, [0, 0], [4, 0])[2]).toBeNull()
  })

  it('count every value of a slice once, with mean and spread', () => {
    const image = planeOf(volume(), 2, 0)!
    const { counts, mean, sd } = histogramOf(image, { slope: 1, intercept: 0 }, 0, 34, 7)
    expect(counts.reduce((sum, n) => sum + n, 0)).toBe(20)
    const values = [...image.values]
    const expected = values.reduce((sum, v) => sum + v, 0) / 20
    expect(mean).toBeCloseTo(expected, 12)
    expect(sd).toBeCloseTo(Math.sqrt(values.reduce((sum, v) => sum + (v - expected) ** 2, 0) / 20), 12)
    const none = histogramOf({ ...image, values: new Float32Array(20).fill(NaN) }, { slope: 1, intercept: 0 }, 0, 1, 4)
    expect(none).toMatchObject({ counts: [0, 0, 0, 0], mean: null, sd: null })
  })
})

describe('places on the screen', () => {
  it('lead back to the place of the plane they came from', () => {
    const part = fc.double({ min: 0, max: 30, noNaN: true })
    fc.assert(
      fc.property(part, part, fc.double({ min: 0.25, max: 40, noNaN: true }), (x, y, zoom) => {
        const view = { zoom, x: 3, y: -2 }
        const back = toPlane(toScreen([x, y], [30, 20], [800, 600], view), [30, 20], [800, 600], view)
        expect(back[0]).toBeCloseTo(x, 6)
        expect(back[1]).toBeCloseTo(y, 6)
      }),
    )
    expect(toScreen([15, 10], [30, 20], [800, 600], fitted)).toEqual([400, 300])
  })

  it('that the cursor comes to are brought into sight', () => {
    const view = { zoom: 10, x: 0, y: 0 }
    expect(brought([15, 10], [30, 20], [800, 600], view)).toBe(view)
    const moved = brought([1, 10], [30, 20], [800, 600], view)
    expect(toScreen([1, 10], [30, 20], [800, 600], moved)[0]).toBeCloseTo(24, 6)
  })
})

describe('a scan beside another', () => {
  it('shows the same part of its length, shifted where asked, and never leaves its stack', () => {
    expect([0, 84, 167].map((slice) => linkedSlice(slice, 168, 110))).toEqual([0, 55, 109])
    expect(linkedSlice(20, 24, 24)).toBe(20)
    expect(linkedSlice(20, 24, 24, 9)).toBe(23)
    expect(linkedSlice(0, 1, 9)).toBe(4)
  })

  it('has the same window where the unit is the same, else what the preset means for it', () => {
    const beside = volume({ unit: 'HU' })
    const bone = { level: 450, width: 1700, preset: 'bone' as const }
    const own = { ...bone, preset: null }
    expect(linkedWindow(own, 'HU', beside)).toEqual(own)
    expect(linkedWindow(own, 'mgHA/cm3', beside)).toEqual(presetWindow('bone', beside))
    expect(linkedWindow(bone, 'mgHA/cm3', beside)).toEqual(presetWindow('bone', beside))
  })
})
