import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ConcordError } from '../../domain/error.ts'
import type { Triple } from '../volume.ts'
import { encodeElements, encodeFile, type Element } from './dicom-elements.ts'
import { uidsFrom } from './dicom-uid.ts'

const CT_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.2'
export const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1'

export interface DicomSeriesContent {
  dims: Triple
  /** Millimetres. */
  spacing: Triple
  /** Stored values, x fastest; value = stored * slope + intercept. */
  voxels: Int16Array
  slope: number
  intercept: number
  /** Rescale Type (0028,1054); HU where not given. */
  unit?: string
  patientId: string
  patientName: string
  /** Its UTC fields are written as the scanner's clock. */
  studyDate: Date
  /** Body Part Examined (0018,0015), e.g. TIBIA. */
  bodyPart: string
  laterality?: 'left' | 'right'
  description: string
}

/**
 * Writes one CT series, a file a slice (slice-0001.dcm …), the data already under a pseudonym. UIDs are derived from the
 * content (2.25.<uuid>, PS3.5 B.2), so the same scan written twice is the same series.
 */
export async function writeDicomSeries(folder: string, content: DicomSeriesContent): Promise<void> {
  const [nx, ny, nz] = content.dims
  if (content.voxels.length !== nx * ny * nz) {
    throw new ConcordError(
      'size-mismatch',
      `The volume has ${content.voxels.length} voxels, not ${nx} x ${ny} x ${nz}.`,
    )
  }
  await mkdir(folder, { recursive: true })
  const { voxels, ...description } = content
  const uid = uidsFrom(description, voxels)
  const common = seriesElements(content, uid)
  for (let z = 0; z < nz; z++) {
    const slice = voxels.subarray(z * nx * ny, (z + 1) * nx * ny)
    const sopInstance = uid(`slice ${z}`)
    const dataset = encodeElements([
      ...common,
      { tag: 0x00080018, vr: 'UI', value: sopInstance },
      { tag: 0x00200013, vr: 'IS', value: String(z + 1) },
      { tag: 0x00200032, vr: 'DS', value: [0, 0, z * content.spacing[2]] },
      { tag: 0x7fe00010, vr: 'OW', value: new Uint8Array(slice.buffer, slice.byteOffset, slice.byteLength) },
    ])
    const name = `slice-${String(z + 1).padStart(4, '0')}.dcm`
    await writeFile(join(folder, name), encodeFile(CT_IMAGE_STORAGE, sopInstance, EXPLICIT_LITTLE_ENDIAN, dataset))
  }
}

/** What every slice of the series has in common (PS3.3 A.3, CT Image IOD). */
function seriesElements(content: DicomSeriesContent, uid: (label: string) => string): Element[] {
  const stamp = content.studyDate.toISOString().replace(/[-:]/g, '')
  const [date, time] = [stamp.slice(0, 8), stamp.slice(9, 15)]
  const side = content.laterality === 'left' ? 'L' : content.laterality === 'right' ? 'R' : ''
  const text = (tag: number, vr: string, value: string): Element => ({ tag, vr, value })
  return [
    text(0x00080005, 'CS', 'ISO_IR 192'),
    // Original CT images are in Hounsfield units (PS3.3 C.8.2.1.1.1, Rescale Type); densities derive from them.
    text(0x00080008, 'CS', `${(content.unit ?? 'HU') === 'HU' ? 'ORIGINAL' : 'DERIVED'}\\PRIMARY\\AXIAL`),
    text(0x00080016, 'UI', CT_IMAGE_STORAGE),
    ...[0x00080020, 0x00080021, 0x00080022, 0x00080023].map((tag) => text(tag, 'DA', date)),
    ...[0x00080030, 0x00080031, 0x00080032, 0x00080033].map((tag) => text(tag, 'TM', time)),
    text(0x00080050, 'SH', ''),
    text(0x00080060, 'CS', 'CT'),
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
    { tag: 0x00180050, vr: 'DS', value: content.spacing[2] },
    text(0x00180060, 'DS', ''),
    text(0x00185100, 'CS', 'HFS'),
    text(0x0020000d, 'UI', uid('study')),
    text(0x0020000e, 'UI', uid('series')),
    text(0x00200010, 'SH', '1'),
    text(0x00200011, 'IS', '1'),
    text(0x00200012, 'IS', '1'),
    { tag: 0x00200037, vr: 'DS', value: [1, 0, 0, 0, 1, 0] },
    text(0x00200052, 'UI', uid('frame of reference')),
    text(0x00200060, 'CS', side),
    text(0x00201040, 'LO', ''),
    { tag: 0x00280002, vr: 'US', value: 1 },
    text(0x00280004, 'CS', 'MONOCHROME2'),
    { tag: 0x00280010, vr: 'US', value: content.dims[1] },
    { tag: 0x00280011, vr: 'US', value: content.dims[0] },
    { tag: 0x00280030, vr: 'DS', value: [content.spacing[1], content.spacing[0]] },
    { tag: 0x00280100, vr: 'US', value: 16 },
    { tag: 0x00280101, vr: 'US', value: 16 },
    { tag: 0x00280102, vr: 'US', value: 15 },
    { tag: 0x00280103, vr: 'US', value: 1 },
    { tag: 0x00281052, vr: 'DS', value: content.intercept },
    { tag: 0x00281053, vr: 'DS', value: content.slope },
    text(0x00281054, 'LO', content.unit ?? 'HU'),
  ]
}
