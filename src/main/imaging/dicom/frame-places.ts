import type { DataSet } from 'dicom-parser'
import { cross } from '../geometry.ts'
import type { Triple } from '../volume.ts'

/** Where one frame lies and how its values are rescaled. */
export interface FramePlace {
  position: Triple | null
  orientation: number[] | null
  pixelSpacing: [number, number] | null
  slope: number
  intercept: number
}

/** Position, orientation, spacing and rescale of each frame: from the functional groups where there are any (PS3.3 C.7.6.16). */
export function framePlaces(dataset: DataSet, frames: number): FramePlace[] {
  const perFrame = dataset.elements['x52009230']?.items ?? []
  const own: FramePlace = {
    position: triple(numbers(dataset, 'x00200032')),
    orientation: six(numbers(dataset, 'x00200037')),
    pixelSpacing: pair(numbers(dataset, 'x00280030')) ?? pair(numbers(dataset, 'x00181164')),
    slope: finite(numbers(dataset, 'x00281053')[0]) ?? finite(numbers(dataset, 'x3004000e')[0]) ?? 1,
    intercept: finite(numbers(dataset, 'x00281052')[0]) ?? 0,
  }
  if (perFrame.length === 0 && !dataset.elements['x52009229']) {
    const offsets = numbers(dataset, 'x3004000c') // Grid Frame Offset Vector (RT Dose)
    if (frames > 1 && offsets.length === frames && own.position && own.orientation) {
      const normal = cross(own.orientation.slice(0, 3), own.orientation.slice(3))
      const at = own.position
      return offsets.map((d) => ({
        ...own,
        position: at.map((p, i) => p + (d - (offsets[0] as number)) * (normal[i] as number)) as Triple,
      }))
    }
    return Array.from({ length: frames }, () => own)
  }
  return Array.from({ length: frames }, (_, i) => {
    const transform = inGroups(dataset, i, 'x00289145')
    return {
      position: triple(numbersIn(inGroups(dataset, i, 'x00209113'), 'x00200032')) ?? own.position,
      orientation: six(numbersIn(inGroups(dataset, i, 'x00209116'), 'x00200037')) ?? own.orientation,
      pixelSpacing: pair(numbersIn(inGroups(dataset, i, 'x00289110'), 'x00280030')) ?? own.pixelSpacing,
      slope: finite(numbersIn(transform, 'x00281053')[0]) ?? own.slope,
      intercept: finite(numbersIn(transform, 'x00281052')[0]) ?? own.intercept,
    }
  })
}

/** The item of a macro for a frame: its own, else the shared one. */
export function inGroups(dataset: DataSet, frame: number, macro: string): DataSet | undefined {
  const groups = [dataset.elements['x52009230']?.items?.[frame], dataset.elements['x52009229']?.items?.[0]]
  for (const group of groups) {
    const item = group?.dataSet?.elements[macro]?.items?.[0]?.dataSet
    if (item) return item
  }
  return undefined
}

/** The first value of an attribute among the Pixel Measures of the first frame; null where it is not there or not positive. */
export function measure(dataset: DataSet, tag: string): number | null {
  return positive(numbersIn(inGroups(dataset, 0, 'x00289110'), tag)[0])
}

/** A decimal string's values; anything that is not a number becomes NaN. */
export function numbers(dataset: DataSet, tag: string): number[] {
  const text = dataset.string(tag)
  if (text === undefined || text.trim() === '') return []
  return text.split('\\').map((part) => (part.trim() === '' ? NaN : Number(part)))
}

const numbersIn = (dataset: DataSet | undefined, tag: string): number[] => (dataset ? numbers(dataset, tag) : [])

const finite = (n: number | undefined): number | null => (n !== undefined && Number.isFinite(n) ? n : null)

export const positive = (n: number | undefined): number | null =>
  n !== undefined && Number.isFinite(n) && n > 0 ? n : null

const triple = (list: number[]): Triple | null =>
  list.length === 3 && list.every(Number.isFinite) ? (list as Triple) : null

/** Row and column cosines, if they are unit vectors near right angles. */
function six(list: number[]): number[] | null {
  if (list.length !== 6 || !list.every(Number.isFinite)) return null
  const [a, b] = [list.slice(0, 3), list.slice(3)]
  const product = a.reduce((sum, v, i) => sum + v * (b[i] as number), 0)
  const unit = Math.abs(Math.hypot(...a) - 1) < 0.01 && Math.abs(Math.hypot(...b) - 1) < 0.01
  return unit && Math.abs(product) < 0.01 ? list : null
}

const pair = (list: number[]): [number, number] | null =>
  list.length >= 2 && list.slice(0, 2).every((n) => Number.isFinite(n) && n > 0)
    ? [list[0] as number, list[1] as number]
    : null
