import { openFile, type ByteSource } from '../bytes.ts'
import { badFile, checkDeclared, type ReadLimits } from '../limits.ts'
import { bytesPerSample, bytesPerVoxel, readSamples, type SampleType } from '../samples.ts'
import { logEntries, readAimHeader, vmsText } from '../scanco-aim-header.ts'
import { fromVax, readRuns } from '../scanco-aim-voxels.ts'
import { siteOfCode } from '../scanco.ts'
import { identityDirection, type Triple, type Volume } from '../volume.ts'
import { densityUnit } from './isq.ts'
import type { Reader } from './reader.ts'

/**
 * Scanco AIM, versions 020 (32-bit integers, VAX floats) and 030 (64-bit integers): a pre-header with the sizes of what
 * follows, the image structure, a processing log as text, the voxels (layout: ITK ScancoImageIO::ReadAIMHeader).
 */
export const aim: Reader = {
  format: 'aim',
  matches: (head) =>
    head.toString('latin1', 0, 12) === 'AIMDATA_V030' ||
    (head.length >= 8 && head.readInt32LE(0) === 20 && head.readInt32LE(4) === 140),
  read: async ([path = ''], limits) => {
    const source = await openFile(path)
    try {
      return await readAim(source, source.size, limits)
    } finally {
      await source.close()
    }
  },
}

/** Type codes of the voxels (ITK ScancoImageIO, n88 AimIO); masks of packed bits are not scans. */
const TYPES: Record<number, SampleType> = {
  0x00010001: 'int8',
  0x000d0001: 'uint8',
  0x00160001: 'uint8',
  0x00020002: 'int16',
  0x00170002: 'uint16',
  0x00030004: 'int32',
  0x00040004: 'float32',
  0x001a0004: 'float32',
}

/** Floats of this type are VAX F_floating, those of type 0x001a0004 IEEE 754. */
const VAX_FLOAT = 0x00040004

/** Signed char as pairs of run length and value, after their own length in bytes. */
const RUN_LENGTH_CHAR = 0x00080002

async function readAim(source: ByteSource, size: number, limits: ReadLimits): Promise<Volume> {
  const { path } = source
  const { type, position, dims, spacing, log, dataOffset, word, border } = await readAimHeader(source, size)
  const packed = type === RUN_LENGTH_CHAR
  const sample = packed ? 'int8' : TYPES[type]
  if (!sample) {
    throw badFile(
      'format-refused',
      path,
      'holds a mask or another kind of AIM, not a grey image (char, short or float).',
    )
  }
  if (dims.some((n) => n < 1)) {
    throw badFile('header-lies', path, `declares a volume of ${dims.join(' x ')} voxels. Its header is damaged.`)
  }
  const count = dims[0] * dims[1] * dims[2]
  // A pair of two bytes holds up to 255 voxels.
  const most = packed ? ((size - dataOffset - word) / 2) * 255 : size - dataOffset
  checkDeclared(path, count * bytesPerSample[sample], most, limits)
  checkDeclared(path, count * bytesPerVoxel(sample), Infinity, limits)
  const warnings: string[] = []
  const known = spacing.every((mm) => Number.isFinite(mm) && mm > 0 && mm < 100)
  if (!known) warnings.push('The header gives no usable voxel size.')
  const entries = logEntries(log)
  const scale = scaleOf(entries, warnings)
  const voxels = packed
    ? await readRuns(source, dataOffset + word, size, dims, border)
    : await readSamples(source, dataOffset, sample, count, true, warnings)
  if (type === VAX_FLOAT) fromVax(voxels as Float32Array)
  const date = vmsText(entries.get('Original Creation-Date') ?? entries.get('Time'))
  const name = entries.get('Patient Name')
  const patient = entries.get('Index Patient')
  const measurement = entries.get('Index Measurement')
  return {
    format: 'aim',
    dims,
    components: 1,
    spacing: known ? spacing : null,
    origin: known ? (position.map((p, i) => p * (spacing[i] as number)) as Triple) : [0, 0, 0],
    direction: identityDirection(),
    oriented: false,
    pixelType: sample,
    ...scale,
    warnings,
    meta: {
      ...(name ? { patientName: name } : {}),
      ...(patient ? { patientId: patient } : {}),
      patientKey: patient ? `scanco:${entries.get('Scanner ID') ?? ''}:${patient}` : '',
      ...(date ? { studyDate: date } : {}),
      ...siteOfCode(Number(entries.get('Site') ?? 0)),
      ...(measurement ? { measurement } : {}),
    },
    voxels,
  }
}

function scaleOf(entries: Map<string, string>, warnings: string[]): { unit: string; slope: number; intercept: number } {
  const [mu, slope, intercept] = ['Mu_Scaling', 'Density: slope', 'Density: intercept'].map((key) =>
    Number(entries.get(key) ?? NaN),
  ) as Triple
  if (mu > 0 && Number.isFinite(slope) && slope !== 0 && Number.isFinite(intercept)) {
    return { unit: densityUnit(entries.get('Density: unit') ?? ''), slope: slope / mu, intercept }
  }
  warnings.push('The processing log holds no density calibration: the values are the scanner’s native numbers.')
  return { unit: 'raw', slope: 1, intercept: 0 }
}
