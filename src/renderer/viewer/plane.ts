import { drawnSpacing, isEarly, type Shown, type Triple, type VolumeHeader, type Voxels } from './volume.ts'

/** The axis a plane is looked at along: 2 shows the slices as they were taken, 1 and 0 cut through all of them. */
export type Axis = 0 | 1 | 2

/** Several planes seen as one: the largest or the mean value along the axis. */
export interface Slab {
  mode: 'off' | 'max' | 'mean'
  /** Planes, odd. */
  thickness: number
}
export const noSlab: Slab = { mode: 'off', thickness: 5 }
export const slabSizes = [3, 5, 11, 21] as const

/** One picture in stored values, first row at the top. */
export interface PlaneImage {
  values: Voxels
  width: number
  height: number
  /** Millimetres a column and a row. */
  spacing: [number, number]
  components: 1 | 3
}

/** Which axes of the volume run along a plane's columns and rows. */
export function planeAxes(axis: Axis): [across: Axis, down: Axis] {
  return axis === 2 ? [0, 1] : axis === 1 ? [0, 2] : [1, 2]
}

/**
 * Whether the last slice stands at the top of the planes that cut through the slices: where the file says that it lies
 * nearer to the head (DICOM PS3.3 C.7.6.2.1.1). Else the first one does, as in the rail.
 */
export function lastSliceOnTop(header: Pick<VolumeHeader, 'direction' | 'oriented'>): boolean {
  return header.oriented && (header.direction?.[8] ?? 0) > 0.35
}

/** Voxel of the volume under a column and row (fractions allowed) of the plane at `index`. */
export function voxelAt(
  header: Pick<VolumeHeader, 'dims' | 'direction' | 'oriented'>,
  axis: Axis,
  index: number,
  [column, row]: readonly [number, number],
): Triple {
  const [across, down] = planeAxes(axis)
  const voxel: Triple = [0, 0, 0]
  voxel[axis] = index
  voxel[across] = column
  voxel[down] = down === 2 && lastSliceOnTop(header) ? header.dims[2] - 1 - row : row
  return voxel
}

/** Column and row of a voxel in its plane. */
export function placeOf(
  header: Pick<VolumeHeader, 'dims' | 'direction' | 'oriented'>,
  axis: Axis,
  voxel: Readonly<Triple>,
): [column: number, row: number] {
  const [across, down] = planeAxes(axis)
  const row = voxel[down]
  return [voxel[across], down === 2 && lastSliceOnTop(header) ? header.dims[2] - 1 - row : row]
}

/**
 * The plane at `index` (0-based) along `axis`; null while only another slice of the scan is here. Without a slab a slice
 * as taken is a view of the volume, not a copy. A mean is not rounded. Where the slope is negative the largest value is
 * the smallest stored one.
 */
export function planeOf(shown: Shown, axis: Axis, index: number, slab: Slab = noSlab): PlaneImage | null {
  const { header, voxels } = shown
  const { dims, components } = header
  const spacing = drawnSpacing(header)
  const [across, down] = planeAxes(axis)
  const [width, height] = [dims[across], dims[down]]
  const image = { width, height, spacing: [spacing[across], spacing[down]] as [number, number], components }
  const samples = width * height * components
  if (isEarly(shown)) return axis === 2 && shown.slice === index ? { ...image, values: voxels } : null
  const [first, last] = slab.mode === 'off' ? [index, index] : slabRange(dims[axis], index, slab.thickness)
  if (axis === 2 && first === last) {
    return { ...image, values: voxels.subarray(index * samples, (index + 1) * samples) }
  }
  const strides = [components, dims[0] * components, dims[0] * dims[1] * components] as const
  const upsideDown = down === 2 && lastSliceOnTop(header)
  const Kind = (slab.mode === 'mean' && first < last ? Float32Array : voxels.constructor) as Float32ArrayConstructor
  const values = new Kind(samples)
  const sign = header.slope < 0 ? -1 : 1
  const count = last - first + 1
  let at = 0
  for (let row = 0; row < height; row++) {
    const line = (upsideDown ? height - 1 - row : row) * strides[down] + first * strides[axis]
    for (let column = 0; column < width; column++) {
      const start = line + column * strides[across]
      for (let c = 0; c < components; c++, at++) {
        let value = voxels[start + c]!
        if (count > 1) {
          let from = start + c
          if (slab.mode === 'mean') {
            for (let n = 1; n < count; n++) value += voxels[(from += strides[axis])]!
            value /= count
          } else {
            for (let n = 1; n < count; n++) {
              const next = voxels[(from += strides[axis])]!
              if (sign * next > sign * value) value = next
            }
          }
        }
        values[at] = value
      }
    }
  }
  return { ...image, values }
}

/** The first and last plane of a slab around `index`, cut off at the ends of the stack. */
export function slabRange(planes: number, index: number, thickness: number): [first: number, last: number] {
  const half = Math.floor(thickness / 2)
  return [Math.max(0, index - half), Math.min(planes - 1, index + half)]
}
