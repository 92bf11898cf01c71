import type { DataSet } from 'dicom-parser'
import { badFile } from '../limits.ts'
import type { Triple } from '../volume.ts'
import type { ParsedDicom } from './parse.ts'

/** How pixels are stored (PS3.3 C.7.6.3). */
export interface PixelFormat {
  rows: number
  columns: number
  samples: number
  frames: number
  photometric: string
  planar: boolean
  bitsAllocated: number
  bitsStored: number
  highBit: number
  signed: boolean
  /** Float (7FE0,0008) or double (7FE0,0009) pixel data. */
  float: boolean
}

/** Where one frame lies and how its values are rescaled. */
export interface FramePlace {
  position: Triple | null
  orientation: number[] | null
  pixelSpacing: [number, number] | null
  slope: number
  intercept: number
}

/** What the reader needs of one file; `frames` holds one place a frame. */
export interface DicomHeader {
  path: string
  transferSyntax: string
  sopClass: string
  sopInstance: string
  seriesUid: string
  modality: string
  instanceNumber: number
  pixel: PixelFormat
  frames: FramePlace[]
  rescaleType: string
  sliceThickness: number | null
  spacingBetween: number | null
  /** The pixel spacing is the detector's, not the patient's (0018,1164). */
  atDetector: boolean
  dataset: DataSet
}

/** Storage classes without a picture of the body, and what they are called (PS3.4 B.5). */
const REFUSED: [RegExp, string][] = [
  [/^1\.2\.840\.10008\.1\.3\.10$/, 'is a DICOMDIR, a list of other files'],
  [/^1\.2\.840\.10008\.5\.1\.4\.1\.1\.88\./, 'is a structured report (SR)'],
  [/^1\.2\.840\.10008\.5\.1\.4\.1\.1\.481\.3$/, 'is a set of contours (RTSTRUCT)'],
  [/^1\.2\.840\.10008\.5\.1\.4\.1\.1\.481\.[4-9]/, 'is a treatment plan or record'],
  [/^1\.2\.840\.10008\.5\.1\.4\.1\.1\.11\./, 'is a presentation state'],
  [/^1\.2\.840\.10008\.5\.1\.4\.1\.1\.66/, 'is a segmentation or registration'],
  [/^1\.2\.840\.10008\.5\.1\.4\.1\.1\.104\./, 'is an encapsulated document'],
]

/** Reads and checks a header. Errors: format-refused, header-lies. */
export function headerFrom(parsed: ParsedDicom): DicomHeader {
  const { dataset, path } = parsed
  const text = (tag: string) => dataset.string(tag)?.trim() ?? ''
  const sopClass = text('x00080016') || text('x00020002')
  const refused = REFUSED.find(([pattern]) => pattern.test(sopClass))
  if (refused) throw badFile('format-refused', path, `${refused[1]}, not a scan.`)
  const pixel = pixelFormat(path, dataset)
  const detector = numbers(dataset, 'x00280030').length < 2 && numbers(dataset, 'x00181164').length >= 2
  return {
    path,
    transferSyntax: parsed.transferSyntax,
    sopClass,
    sopInstance: text('x00080018'),
    seriesUid: text('x0020000e'),
    modality: text('x00080060'),
    instanceNumber: dataset.intString('x00200013') ?? 0,
    pixel,
    frames: framePlaces(dataset, pixel.frames),
    rescaleType: text('x00281054') || inGroups(dataset, 0, 'x00289145')?.string('x00281054')?.trim() || '',
    sliceThickness: positive(numbers(dataset, 'x00180050')[0]) ?? measure(dataset, 'x00180050'),
    spacingBetween: positive(numbers(dataset, 'x00180088')[0]) ?? measure(dataset, 'x00180088'),
    atDetector: detector,
    dataset,
  }
}

function pixelFormat(path: string, dataset: DataSet): PixelFormat {
  const word = (tag: string) => dataset.uint16(tag)
  const has = (tag: string) => dataset.elements[tag] !== undefined
  const [float, double] = [has('x7fe00008'), has('x7fe00009')]
  if (!has('x7fe00010') && !float && !double) {
    throw badFile('format-refused', path, 'holds no picture, only a DICOM header.')
  }
  const rows = word('x00280010') ?? 0
  const columns = word('x00280011') ?? 0
  const bitsAllocated = word('x00280100') ?? (double ? 64 : float ? 32 : 0)
  const bitsStored = word('x00280101') ?? bitsAllocated
  const frames = dataset.intString('x00280008') ?? 1
  const samples = word('x00280002') ?? 1
  if (rows < 1 || columns < 1 || !(frames >= 1 && frames <= 1e6) || (samples !== 1 && samples !== 3)) {
    throw badFile(
      'header-lies',
      path,
      `declares a picture of ${columns} x ${rows} x ${frames} with ${samples} samples.`,
    )
  }
  if (![1, 8, 16, 32, 64].includes(bitsAllocated) || bitsStored < 1 || bitsStored > bitsAllocated) {
    throw badFile('header-lies', path, `declares ${bitsStored} bits stored in ${bitsAllocated}, which cannot be.`)
  }
  return {
    ...{ rows, columns, samples, frames, bitsAllocated, bitsStored },
    photometric: dataset.string('x00280004')?.trim() ?? 'MONOCHROME2',
    planar: word('x00280006') === 1,
    highBit: word('x00280102') ?? bitsStored - 1,
    signed: word('x00280103') === 1,
    float: float || double,
  }
}

/** Position, orientation, spacing and rescale of each frame: from the functional groups where there are any (PS3.3 C.7.6.16). */
function framePlaces(dataset: DataSet, frames: number): FramePlace[] {
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
      const [ax, ay, az, bx, by, bz] = own.orientation as [number, number, number, number, number, number]
      const normal = [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx]
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
function inGroups(dataset: DataSet, frame: number, macro: string): DataSet | undefined {
  const groups = [dataset.elements['x52009230']?.items?.[frame], dataset.elements['x52009229']?.items?.[0]]
  for (const group of groups) {
    const item = group?.dataSet?.elements[macro]?.items?.[0]?.dataSet
    if (item) return item
  }
  return undefined
}

function measure(dataset: DataSet, tag: string): number | null {
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

const positive = (n: number | undefined): number | null => (n !== undefined && Number.isFinite(n) && n > 0 ? n : null)

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
