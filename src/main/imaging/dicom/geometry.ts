import { cross, directionOf, dot, norm } from '../geometry.ts'
import { identityDirection, type Triple } from '../volume.ts'
import type { DicomHeader } from './header.ts'
import type { FramePlace } from './frame-places.ts'

/**
 * Pictures by projection (PS3.3 C.7.3.1.1.1). Their IODs have no Image Plane Module (PS3.3 A.2.3, A.26.3, A.14.3): a single one
 * lies nowhere in the body, and nothing is amiss with it.
 */
const byProjection = new Set(['CR', 'DX', 'IO', 'MG', 'PX', 'RF', 'RG', 'XA'])

/** One frame of one file. */
export interface Slice {
  header: DicomHeader
  frame: number
  place: FramePlace
}

export interface Stacked {
  slices: Slice[]
  spacing: Triple | null
  origin: Triple
  direction: number[]
  oriented: boolean
}

/**
 * Sorts slices along their normal and takes the geometry from them (PS3.3 C.7.6.2.1.1). Everything that does not make
 * one even, straight stack is said in `warnings`: a missing slice, uneven steps, a tilt, pictures in the same place.
 */
export function stackSlices(slices: Slice[], warnings: string[]): Stacked {
  const first = slices[0] as Slice
  const { orientation, position } = first.place
  const inPlane = first.place.pixelSpacing
  if (first.header.atDetector) {
    warnings.push('The pixel size is the detector’s: what lies nearer the source is magnified.')
  }
  if (!inPlane) warnings.push('The files do not give the size of a pixel.')
  if (!orientation || !position || slices.some((s) => !s.place.position)) {
    return withoutPositions(slices, warnings)
  }
  const row = orientation.slice(0, 3)
  const column = orientation.slice(3)
  const normal = cross(row, column)
  const along = (slice: Slice) => dot(slice.place.position as Triple, normal)
  const sorted = [...slices].sort(
    (a, b) => along(a) - along(b) || a.header.instanceNumber - b.header.instanceNumber || a.frame - b.frame,
  )
  const kept = withoutRepeats(sorted, along, warnings)
  const step = stepOf(kept.map(along), first.header, warnings)
  warnTilt(kept, normal, warnings)
  return {
    slices: kept,
    spacing: inPlane ? [inPlane[1], inPlane[0], step] : null,
    origin: (kept[0] as Slice).place.position as Triple,
    direction: directionOf([row, column, normal]).map((v) => (v === 0 ? 0 : v)),
    oriented: true,
  }
}

function withoutPositions(slices: Slice[], warnings: string[]): Stacked {
  const sorted = [...slices].sort((a, b) => a.header.instanceNumber - b.header.instanceNumber || a.frame - b.frame)
  const { header, place } = sorted[0] as Slice
  const step = header.spacingBetween ?? header.sliceThickness
  if (sorted.length > 1) warnings.push('The slices have no positions: they are in the order of their numbers.')
  if (sorted.length > 1 && step === null && place.pixelSpacing) {
    warnings.push('The distance between slices is not known; 1 mm is assumed.')
  } else if (sorted.length > 1 && header.spacingBetween === null) {
    warnings.push('The distance between slices is not known; the slice thickness is assumed.')
  }
  if (sorted.length > 1 || !byProjection.has(header.modality)) {
    warnings.push('The files do not say how the volume lies in the body.')
  }
  return {
    slices: sorted,
    spacing: place.pixelSpacing ? [place.pixelSpacing[1], place.pixelSpacing[0], step ?? 1] : null,
    origin: place.position ?? [0, 0, 0],
    direction: identityDirection(),
    oriented: false,
  }
}

/** Two pictures in one place (a second echo, a copy): the first counts. */
function withoutRepeats(sorted: Slice[], along: (slice: Slice) => number, warnings: string[]): Slice[] {
  const kept: Slice[] = []
  for (const slice of sorted) {
    const last = kept.at(-1)
    if (!last || along(slice) - along(last) > 1e-4) kept.push(slice)
  }
  const repeats = sorted.length - kept.length
  if (repeats > 0) {
    warnings.push(`${repeats} of ${sorted.length} pictures lie where another one lies and were left out.`)
  }
  return kept
}

/** The distance between slices; the median where one is missing. */
function stepOf(positions: number[], header: DicomHeader, warnings: string[]): number {
  if (positions.length < 2) {
    const known = header.spacingBetween ?? header.sliceThickness
    if (known === null) warnings.push('The thickness of the slice is not known; 1 mm is assumed.')
    return known ?? 1
  }
  const steps = positions.slice(1).map((p, i) => p - (positions[i] as number))
  const median = [...steps].sort((a, b) => a - b)[Math.floor((steps.length - 1) / 2)] as number
  const missing = steps.reduce((sum, step) => sum + Math.max(0, Math.round(step / median) - 1), 0)
  const gaps = steps.flatMap((step, i) => (Math.round(step / median) > 1 ? [i + 1] : []))
  if (missing > 0) {
    const where = gaps.slice(0, 5).join(', ')
    const slices = missing === 1 ? '1 slice is' : `${missing} slices are`
    warnings.push(`${slices} missing (after slice ${where}${gaps.length > 5 ? ' …' : ''}).`)
    return median
  }
  const worst = Math.max(...steps.map((step) => Math.abs(step - median)))
  if (worst > Math.max(0.02 * median, 1e-3)) {
    const [low, high] = [Math.min(...steps), Math.max(...steps)].map((n) => Number(n.toPrecision(4)))
    warnings.push(`The distance between slices is uneven: ${low} to ${high} mm.`)
  }
  return ((positions.at(-1) as number) - (positions[0] as number)) / steps.length
}

/** A tilted gantry moves the slices sideways; the volume is shown as if it were straight. */
function warnTilt(slices: Slice[], normal: Triple, warnings: string[]): void {
  const [a, b] = [slices[0]?.place.position, slices.at(-1)?.place.position]
  if (!a || !b || slices.length < 2) return
  const way = b.map((v, i) => v - (a[i] as number))
  const cosine = Math.abs(dot(way, normal)) / norm(way)
  const degrees = (Math.acos(Math.min(1, cosine)) * 180) / Math.PI
  if (degrees > 0.2) {
    warnings.push(`The slices are tilted by ${degrees.toFixed(1)} degrees; shown as if they were straight.`)
  }
}
