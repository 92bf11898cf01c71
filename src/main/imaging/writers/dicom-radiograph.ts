import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { EXPLICIT_LITTLE_ENDIAN } from './dicom.ts'
import { commonElements, short, text, type CommonContent } from './dicom-common.ts'
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
  const { pixel, pixels } = content
  const common: CommonContent = { ...content, sopClass: CR_IMAGE_STORAGE, modality: 'CR', pixelSpacing: [pixel, pixel] }
  return [
    ...commonElements(common, uid),
    text(0x00080008, 'CS', 'ORIGINAL\\PRIMARY'),
    text(0x00080018, 'UI', instance),
    text(0x00101010, 'AS', `${String(content.age).padStart(3, '0')}Y`),
    { tag: 0x00181164, vr: 'DS', value: [pixel, pixel] },
    text(0x00185101, 'CS', 'LL'),
    text(0x00200013, 'IS', '1'),
    text(0x00200020, 'CS', ''),
    short(0x00280101, 12),
    short(0x00280102, 11),
    short(0x00280103, 0),
    { tag: 0x7fe00010, vr: 'OW', value: new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength) },
  ]
}
