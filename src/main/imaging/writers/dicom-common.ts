import type { Element } from './dicom-elements.ts'

/** What a file says of the patient, the examination and the pixels, whatever its modality. */
export interface CommonContent {
  sopClass: string
  modality: 'CT' | 'CR'
  width: number
  height: number
  /** Millimetres between rows and between columns. */
  pixelSpacing: [number, number]
  patientId: string
  patientName: string
  /** Its UTC fields are written as the machine's clock. */
  date: Date
  /** Body Part Examined (0018,0015), e.g. TIBIA. */
  bodyPart: string
  side?: 'left' | 'right'
  description: string
}

export const text = (tag: number, vr: string, value: string): Element => ({ tag, vr, value })
export const short = (tag: number, value: number): Element => ({ tag, vr: 'US', value })

/** The modules that all image objects share: patient, study, series, equipment, grey pixels (PS3.3 C.7). */
export function commonElements(content: CommonContent, uid: (label: string) => string): Element[] {
  const stamp = content.date.toISOString().replace(/[-:]/g, '')
  const [date, time] = [stamp.slice(0, 8), stamp.slice(9, 15)]
  return [
    text(0x00080005, 'CS', 'ISO_IR 192'),
    text(0x00080016, 'UI', content.sopClass),
    ...[0x00080020, 0x00080021, 0x00080022, 0x00080023].map((tag) => text(tag, 'DA', date)),
    ...[0x00080030, 0x00080031, 0x00080032, 0x00080033].map((tag) => text(tag, 'TM', time)),
    text(0x00080050, 'SH', ''),
    text(0x00080060, 'CS', content.modality),
    text(0x00080070, 'LO', 'Concord'),
    text(0x00080090, 'PN', ''),
    text(0x0008103e, 'LO', content.description.slice(0, 64)),
    text(0x00100010, 'PN', content.patientName),
    text(0x00100020, 'LO', content.patientId),
    text(0x00100030, 'DA', ''),
    text(0x00100040, 'CS', ''),
    text(0x00120062, 'CS', 'YES'),
    text(0x00120063, 'LO', 'Written under a pseudonym'),
    text(0x00180015, 'CS', content.bodyPart.toUpperCase()),
    text(0x0020000d, 'UI', uid('study')),
    text(0x0020000e, 'UI', uid('series')),
    text(0x00200010, 'SH', '1'),
    text(0x00200011, 'IS', '1'),
    text(0x00200060, 'CS', content.side === 'left' ? 'L' : content.side === 'right' ? 'R' : ''),
    short(0x00280002, 1),
    text(0x00280004, 'CS', 'MONOCHROME2'),
    short(0x00280010, content.height),
    short(0x00280011, content.width),
    { tag: 0x00280030, vr: 'DS', value: content.pixelSpacing },
    short(0x00280100, 16),
  ]
}
