import { badFile, checkDeclared, type ReadLimits } from '../limits.ts'
import { openFile, type ByteSource } from '../bytes.ts'
import { BLOCK, ISQ_MAGIC, readVaxDouble, readVmsDate, siteOfCode } from '../scanco.ts'
import { readSamples } from '../samples.ts'
import { identityDirection, type Triple, type Volume } from '../volume.ts'
import type { Reader } from './reader.ts'

/** data_type codes seen in CTDATA-HEADER_V1 files (ITK ScancoImageIO; aimio-py): 3 reconstruction, 9 radiograph. */
const ISQ_TYPE = 3
const RAD_TYPE = 9

export const isq: Reader = {
  format: 'isq',
  matches: (head) => head.toString('latin1', 0, 16) === ISQ_MAGIC,
  read: async ([path = ''], limits) => {
    const source = await openFile(path)
    try {
      return await readIsq(source, source.size, limits)
    } finally {
      await source.close()
    }
  },
}

async function readIsq(source: ByteSource, size: number, limits: ReadLimits): Promise<Volume> {
  const { path } = source
  if (size < BLOCK) throw badFile('file-truncated', path, 'is shorter than the header of a Scanco file. Copy it again.')
  const head = await source.peek(BLOCK)
  const view = new DataView(head.buffer, head.byteOffset, head.length)
  const int = (offset: number) => view.getInt32(offset, true)
  const dims: Triple = [int(44), int(48), int(52)]
  const spacing = dims.map((n, i) => int(56 + 4 * i) / n / 1000) as Triple
  const known = spacing.every((mm) => mm > 0 && mm < 100)
  refuseOtherKinds(path, int(16), known)
  const offset = (int(508) + 1) * BLOCK
  if (dims.some((n) => n < 1) || offset < BLOCK) {
    throw badFile('header-lies', path, `declares a volume of ${dims.join(' x ')} voxels. Its header is damaged.`)
  }
  const count = dims[0] * dims[1] * dims[2]
  checkDeclared(path, count * 2, size - offset, limits)

  const warnings: string[] = []
  if (int(16) !== ISQ_TYPE) warnings.push(`The header calls this file type ${int(16)}, not 3 as an ISQ.`)
  if (!known) warnings.push('The header gives no usable voxel size.')
  if (size - offset > count * 2 + BLOCK) warnings.push('The file holds more data than its header declares.')

  const calibration = await readCalibration(source, offset)
  const muScaling = int(88)
  const scale = calibrated(calibration, muScaling, warnings)
  const voxels = await readSamples(source, offset, 'int16', count, true, warnings)
  const studyDate = readVmsDate(view, 36)
  const name = head
    .toString('latin1', 128, 168)
    .replace(/\0[^]*$/, '')
    .trim()
  const patientIndex = int(28)
  return {
    format: 'isq',
    dims,
    components: 1,
    spacing: known ? spacing : null,
    // The scanner's own frame; the header has no patient orientation.
    origin: [0, 0, 0],
    direction: identityDirection(),
    oriented: false,
    pixelType: 'int16',
    ...scale,
    warnings,
    meta: {
      ...(name ? { patientName: name } : {}),
      patientId: String(patientIndex),
      patientKey: `scanco:${int(32)}:${patientIndex}`,
      ...(studyDate ? { studyDate } : {}),
      ...siteOfCode(int(116)),
      measurement: String(int(112)),
    },
    voxels,
  }
}

/** RSQ and RAD share the magic; neither is a volume of a body. */
function refuseOtherKinds(path: string, type: number, voxelSizeKnown: boolean): void {
  const named = /\.isq(;\d+)?$/i.test(path)
  if (type === RAD_TYPE) {
    throw badFile('format-refused', path, 'is a scout radiograph (RAD), not a volume. Import the ISQ instead.')
  }
  if (/\.rsq(;\d+)?$/i.test(path) || (type !== ISQ_TYPE && !(named && voxelSizeKnown))) {
    const what = 'holds raw projections (RSQ), not a reconstructed volume.'
    throw badFile('format-refused', path, `${what} Import the ISQ; an RSQ is for the motion figures only.`)
  }
}

interface Calibration {
  slope: number
  intercept: number
  unit: string
}

/** The calibration block of the extended header, where there is one (layout: ITK ScancoImageIO::ReadISQHeader). */
async function readCalibration(source: ByteSource, dataOffset: number): Promise<Calibration | null> {
  const blocks = dataOffset / BLOCK
  if (blocks < 4 || blocks > 4096) return null
  const header = await source.peek(dataOffset)
  if (header.length < dataOffset) return null
  const nameAt = (offset: number) => header.toString('latin1', offset + 8, offset + 24).trim()
  let directory = BLOCK
  let block = 2
  if (nameAt(directory) === 'MultiHeader') {
    directory += BLOCK
    block += 1
  }
  for (let entry = 0; entry < 4; entry++) {
    const at = directory + entry * 128
    const length = header.readInt32LE(at + 24)
    if (length < 0 || block + length > blocks) return null
    if (nameAt(at) === 'Calibration' && length >= 2) {
      const start = block * BLOCK
      const view = new DataView(header.buffer, header.byteOffset + start, 2 * BLOCK)
      return {
        slope: readVaxDouble(view, 664),
        intercept: readVaxDouble(view, 672),
        unit: header
          .toString('latin1', start + 648, start + 664)
          .replace(/\0[^]*$/, '')
          .trim(),
      }
    }
    block += length
  }
  return null
}

/** Density = native / mu_scaling * slope + intercept (Scanco: the calibration maps 1/cm to mg HA/cm3). */
function calibrated(
  calibration: Calibration | null,
  muScaling: number,
  warnings: string[],
): { unit: string; slope: number; intercept: number } {
  const usable =
    calibration &&
    muScaling > 0 &&
    Number.isFinite(calibration.slope) &&
    Number.isFinite(calibration.intercept) &&
    calibration.slope !== 0 &&
    Math.abs(calibration.slope) < 1e9 &&
    Math.abs(calibration.intercept) < 1e9
  if (!usable) {
    warnings.push('The header holds no density calibration: the values are the scanner’s native numbers.')
    return { unit: 'raw', slope: 1, intercept: 0 }
  }
  return { unit: densityUnit(calibration.unit), slope: calibration.slope / muScaling, intercept: calibration.intercept }
}

/** Scanco writes "mg HA/ccm"; one spelling for the program. */
export function densityUnit(text: string): string {
  if (/mg\s*HA\s*\/\s*(ccm|cm3|cm\^3)/i.test(text) || text === '') return 'mgHA/cm3'
  return text
}
