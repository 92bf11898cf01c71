import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { EXPLICIT_LITTLE_ENDIAN } from './dicom.ts'
import { encodeElements, encodeFile, type Element } from './dicom-elements.ts'
import { uidsFrom } from './dicom-uid.ts'

const CR_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.1'

export interface RadiographContent {
  width: number
  height: number
  /** Millimetres a pixel, in the plane of the bone. */
  pixel: number
  /** Row by row, 12 bits, bone bright. */
  pixels: Uint16Array
  patientId: string
  patientName: string
  /** Years. */
  age: number
  /** Its UTC fields are written as the machine's clock. */
  date: Date
  /** Body Part Examined (0018,0015), e.g. CALCANEUS. */
  bodyPart: string
  side: 'left' | 'right'
  description: string
}

/** Writes one computed radiograph (PS3.3 A.2, CR Image IOD), the data already under a pseudonym. */
export async function writeDicomRadiograph(path: string, content: RadiographContent): Promise<void> {
  const { pixels, ...description } = content
  const uid = uidsFrom(description, pixels)
  const instance = uid('instance')
  await mkdir(dirname(path), { recursive: true })
  await writeFile(
    path,
    encodeFile(CR_IMAGE_STORAGE, instance, EXPLICIT_LITTLE_ENDIAN, encodeElements(elements(content, uid, instance))),
  )
}

function elements(content: RadiographContent, uid: (label: string) => string, instance: string): Element[] {
  const stamp = content.date.toISOString().replace(/[-:]/g, '')
  const [date, time] = [stamp.slice(0, 8), stamp.slice(9, 15)]
  const { width, height, pixel, pixels } = content
  const text = (tag: number, vr: string, value: string): Element => ({ tag, vr, value })
  const short = (tag: number, value: number): Element => ({ tag, vr: 'US', value })
  return [
    text(0x00080005, 'CS', 'ISO_IR 192'),
    text(0x00080008, 'CS', 'ORIGINAL\\PRIMARY'),
    text(0x00080016, 'UI', CR_IMAGE_STORAGE),
    text(0x00080018, 'UI', instance),
    ...[0x00080020, 0x00080021, 0x00080022, 0x00080023].map((tag) => text(tag, 'DA', date)),
    ...[0x00080030, 0x00080031, 0x00080032, 0x00080033].map((tag) => text(tag, 'TM', time)),
    text(0x00080050, 'SH', ''),
    text(0x00080060, 'CS', 'CR'),
    text(0x00080070, 'LO', 'Concord'),
    text(0x00080090, 'PN', ''),
    text(0x0008103e, 'LO', content.description.slice(0, 64)),
    text(0x00100010, 'PN', content.patientName),
    text(0x00100020, 'LO', content.patientId),
    text(0x00100030, 'DA', ''),
    text(0x00100040, 'CS', ''),
    text(0x00101010, 'AS', `${String(content.age).padStart(3, '0')}Y`),
    text(0x00120062, 'CS', 'YES'),
    text(0x00120063, 'LO', 'Written under a pseudonym'),
    text(0x00180015, 'CS', content.bodyPart.toUpperCase()),
    text(0x00185101, 'CS', 'LL'),
    { tag: 0x00181164, vr: 'DS', value: [pixel, pixel] },
    text(0x0020000d, 'UI', uid('study')),
    text(0x0020000e, 'UI', uid('series')),
    text(0x00200010, 'SH', '1'),
    text(0x00200011, 'IS', '1'),
    text(0x00200013, 'IS', '1'),
    text(0x00200020, 'CS', ''),
    text(0x00200060, 'CS', content.side === 'left' ? 'L' : 'R'),
    short(0x00280002, 1),
    text(0x00280004, 'CS', 'MONOCHROME2'),
    short(0x00280010, height),
    short(0x00280011, width),
    { tag: 0x00280030, vr: 'DS', value: [pixel, pixel] },
    short(0x00280100, 16),
    short(0x00280101, 12),
    short(0x00280102, 11),
    short(0x00280103, 0),
    { tag: 0x7fe00010, vr: 'OW', value: new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength) },
  ]
}
