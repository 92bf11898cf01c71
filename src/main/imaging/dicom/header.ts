import type { DataSet } from 'dicom-parser'
import { badFile } from '../limits.ts'
import { framePlaces, inGroups, measure, numbers, positive, type FramePlace } from './frame-places.ts'
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
