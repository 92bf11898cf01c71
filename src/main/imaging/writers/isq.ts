import { open } from 'node:fs/promises'
import { ConcordError } from '../../domain/error.ts'
import { BLOCK, ISQ_MAGIC, codeOfSite, writeVaxDouble, writeVmsDate } from '../scanco.ts'
import { statisticsOf } from '../statistics.ts'
import { identityDirection, type Triple } from '../volume.ts'

export interface IsqContent {
  dims: Triple
  /** Millimetres. */
  spacing: Triple
  /** Native values, x fastest; density = native / muScaling * slope + intercept (mgHA/cm3). */
  voxels: Int16Array
  muScaling: number
  slope: number
  intercept: number
  patientIndex: number
  measurementIndex: number
  site: string
  side?: 'left' | 'right'
  /** At most 40 bytes are kept. */
  name: string
  /** Its UTC fields are written as the scanner's clock. */
  date: Date
  scannerId?: number
  /** Linear attenuation of water, 1/cm, for HU in other programs. */
  muWater?: number
}

/** Main block, MultiHeader, directory, two blocks of calibration. */
const HEADER_BLOCKS = 5
const CALIBRATION = 3 * BLOCK

/** Writes a Scanco ISQ (CTDATA-HEADER_V1) with its calibration block, as an XtremeCT II leaves it. */
export async function writeIsq(path: string, content: IsqContent): Promise<void> {
  const [nx, ny, nz] = content.dims
  if (content.voxels.length !== nx * ny * nz) {
    throw new ConcordError(
      'size-mismatch',
      `The volume has ${content.voxels.length} voxels, not ${nx} x ${ny} x ${nz}.`,
    )
  }
  const header = isqHeader(content)
  const file = await open(path, 'w')
  try {
    await file.write(header)
    const bytes = new Uint8Array(content.voxels.buffer, content.voxels.byteOffset, content.voxels.byteLength)
    // Linux writes at most 2 GiB a call.
    for (let at = 0; at < bytes.length; at += 1 << 28) await file.write(bytes.subarray(at, at + (1 << 28)))
  } finally {
    await file.close()
  }
}

function isqHeader(content: IsqContent): Uint8Array {
  const header = Buffer.alloc(HEADER_BLOCKS * BLOCK)
  const view = new DataView(header.buffer, header.byteOffset, header.length)
  const int = (offset: number, value: number) => view.setInt32(offset, Math.round(value), true)
  const [nx, ny, nz] = content.dims
  const microns = content.dims.map((n, i) => n * (content.spacing[i] as number) * 1000)
  const { min, max } = statisticsOf({
    ...{ format: 'isq', dims: content.dims, components: 1, spacing: content.spacing, origin: [0, 0, 0] },
    ...{
      direction: identityDirection(),
      oriented: false,
      pixelType: 'int16',
      unit: 'raw',
      slope: 1,
      intercept: 0,
      warnings: [],
    },
    ...{ meta: { patientKey: '' }, voxels: content.voxels },
  })
  const bytes = content.voxels.byteLength + header.length

  header.write(ISQ_MAGIC, 0, 'latin1')
  int(16, 3) // data_type: ISQ
  int(20, bytes > 0x7fffffff ? 0 : bytes)
  int(24, Math.ceil(bytes / BLOCK))
  int(28, content.patientIndex)
  int(32, content.scannerId ?? 0)
  writeVmsDate(view, 36, content.date)
  ;[nx, ny, nz].forEach((n, i) => int(44 + 4 * i, n))
  microns.forEach((um, i) => int(56 + 4 * i, um))
  int(68, content.spacing[2] * 1000) // slice thickness
  int(72, content.spacing[2] * 1000) // slice increment
  int(80, min ?? 0)
  int(84, max ?? 0)
  int(88, content.muScaling)
  int(92, nx) // number of samples
  int(104, 9) // scanner type: XtremeCT II
  int(112, content.measurementIndex)
  int(116, codeOfSite(content.site, content.side))
  Buffer.from(content.name, 'latin1').copy(header, 128, 0, 40)
  int(508, HEADER_BLOCKS - 1)

  // Directory: four entries of 128 bytes, a 16-byte name at +8, its length in blocks at +24.
  header.write('MultiHeader     ', BLOCK + 8, 'latin1')
  header.write('Calibration     ', 2 * BLOCK + 8, 'latin1')
  int(2 * BLOCK + 24, 2)
  header.write('Concord calibration', CALIBRATION + 28, 'latin1')
  int(CALIBRATION + 632, 3) // rescale type: density
  header.write('mg HA/ccm', CALIBRATION + 648, 'latin1')
  writeVaxDouble(view, CALIBRATION + 664, content.slope)
  writeVaxDouble(view, CALIBRATION + 672, content.intercept)
  writeVaxDouble(view, CALIBRATION + 688, content.muWater ?? 0.2409)
  return header
}
