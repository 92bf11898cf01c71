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

/** What lies at the first and at the last slice. */
export interface StackEnds {
  first: 'proximal' | 'distal' | 'H' | 'F'
  last: 'proximal' | 'distal' | 'H' | 'F'
}

/**
 * Which end of the stack is nearer to the head; null where the file does not say, or the slices do not run that way. In the
 * leg that end is the proximal one. Of an arm the file's axes say nothing: it may lie above the head.
 */
export function stackEnds(header: Pick<VolumeHeader, 'direction' | 'oriented'>, site: string | null): StackEnds | null {
  const along = header.direction?.[8] ?? 0
  if (!header.oriented || Math.abs(along) < NOTICEABLE) return null
  const leg = site === 'tibia' || site === 'calcaneus'
  const [head, feet] = leg ? (['proximal', 'distal'] as const) : (['H', 'F'] as const)
  return along > 0 ? { first: feet, last: head } : { first: head, last: feet }
}
