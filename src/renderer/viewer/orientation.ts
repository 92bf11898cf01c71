import { lastSliceOnTop, planeAxes, type Axis } from './plane.ts'
import type { VolumeHeader } from './volume.ts'

/** Letters at the four edges of a slice and on its two ends. */
export interface Edges {
  left: string
  right: string
  top: string
  bottom: string
}

/** DICOM PS3.3 C.7.6.1.1.1: +x to the patient's left, +y to the back, +z to the head. */
const letters = [
  ['L', 'R'],
  ['P', 'A'],
  ['H', 'F'],
] as const
/** Below this part of the direction a letter would say more than is true. */
const NOTICEABLE = 0.35

/** One to three letters for a direction in LPS, the strongest first. */
export function directionLetters(direction: readonly [number, number, number]): string {
  return direction
    .map((part, axis) => ({ part, letter: letters[axis]![part < 0 ? 1 : 0] }))
    .filter(({ part }) => Math.abs(part) >= NOTICEABLE)
    .sort((a, b) => Math.abs(b.part) - Math.abs(a.part))
    .map(({ letter }) => letter)
    .join('')
}

/** Marks for a slice drawn with columns to the right and rows downwards; null where the file does not say how the patient lies. */
export function sliceEdges(header: Pick<VolumeHeader, 'direction' | 'oriented'>): Edges | null {
  return planeEdges(header, 2)
}

/** Marks for the plane along an axis, as `planeOf` draws it; null where the file does not say how the patient lies. */
export function planeEdges(header: Pick<VolumeHeader, 'direction' | 'oriented'>, plane: Axis): Edges | null {
  const d = header.direction
  if (!header.oriented || !d) return null
  const along = (axis: number, sign: 1 | -1) =>
    directionLetters([d[axis]! * sign, d[3 + axis]! * sign, d[6 + axis]! * sign])
  const [across, down] = planeAxes(plane)
  const downwards = down === 2 && lastSliceOnTop(header) ? -1 : 1
  return {
    left: along(across, -1),
    right: along(across, 1),
    top: along(down, downwards === 1 ? -1 : 1),
    bottom: along(down, downwards),
  }
}
