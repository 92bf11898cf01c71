import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ConcordError } from '../../domain/error.ts'
import type { Triple } from '../volume.ts'
import { commonElements, short, text, type CommonContent } from './dicom-common.ts'
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
  const { dims, spacing, studyDate, laterality, unit = 'HU', ...rest } = content
  const common = {
    ...rest,
    ...{ sopClass: CT_IMAGE_STORAGE, modality: 'CT', width: dims[0], height: dims[1], date: studyDate },
    pixelSpacing: [spacing[1], spacing[0]],
    ...(laterality ? { side: laterality } : {}),
  } satisfies CommonContent
  return [
    ...commonElements(common, uid),
    // Original CT images are in Hounsfield units (PS3.3 C.8.2.1.1.1, Rescale Type); densities derive from them.
    text(0x00080008, 'CS', `${unit === 'HU' ? 'ORIGINAL' : 'DERIVED'}\\PRIMARY\\AXIAL`),
    { tag: 0x00180050, vr: 'DS', value: spacing[2] },
    text(0x00180060, 'DS', ''),
    text(0x00185100, 'CS', 'HFS'),
    text(0x00200012, 'IS', '1'),
    { tag: 0x00200037, vr: 'DS', value: [1, 0, 0, 0, 1, 0] },
    text(0x00200052, 'UI', uid('frame of reference')),
    text(0x00201040, 'LO', ''),
    short(0x00280101, 16),
    short(0x00280102, 15),
    short(0x00280103, 1),
    { tag: 0x00281052, vr: 'DS', value: content.intercept },
    { tag: 0x00281053, vr: 'DS', value: content.slope },
    text(0x00281054, 'LO', unit),
  ]
}
