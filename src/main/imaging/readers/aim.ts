import { openFile, type ByteSource } from '../bytes.ts'
import { badFile, checkDeclared, type ReadLimits } from '../limits.ts'
import { bytesPerSample, bytesPerVoxel, readSamples, type SampleType } from '../samples.ts'
import { readVaxFloat, siteOfCode } from '../scanco.ts'
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

interface AimHeader {
  type: number
  position: number[]
  dims: Triple
  /** Voxels around the image that compressed data leaves out. */
  border: Triple
  spacing: Triple
  log: string
  dataOffset: number
  /** Bytes of an integer: 4 in version 020, 8 in version 030. */
  word: number
}

async function readAim(source: ByteSource, size: number, limits: ReadLimits): Promise<Volume> {
  const { path } = source
  const { type, position, dims, spacing, log, dataOffset, word, border } = await readHeader(source, size)
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

async function readHeader(source: ByteSource, size: number): Promise<AimHeader> {
  const { path } = source
  const start = await source.peek(256)
  const wide = start.toString('latin1', 0, 12) === 'AIMDATA_V030'
  const word = wide ? 8 : 4
  const at = (buffer: Buffer, offset: number) =>
    offset + word > buffer.length ? NaN : wide ? Number(buffer.readBigInt64LE(offset)) : buffer.readInt32LE(offset)
  const pre = wide ? 16 : 0
  const sizes = [0, 1, 2].map((i) => at(start, pre + i * word)) as Triple
  const dataOffset = pre + sizes[0] + sizes[1] + sizes[2]
  if (!sizes.every((n) => Number.isSafeInteger(n) && n >= 0) || sizes[1] < (wide ? 208 : 116) || sizes[2] > 1 << 24) {
    throw badFile('header-lies', path, 'has a damaged AIM header.')
  }
  if (dataOffset >= size) throw badFile('file-truncated', path, 'ends inside its header. Copy it again.')
  const header = await source.peek(dataOffset)
  const struct = pre + sizes[0]
  const typeAt = struct + (wide ? 12 : 20)
  const values = Array.from({ length: 9 }, (_, i) => at(header, typeAt + 4 + i * word))
  const view = new DataView(header.buffer, header.byteOffset, header.length)
  const elementAt = typeAt + 4 + 21 * word
  const spacing = [0, 1, 2].map((i) =>
    wide ? at(header, elementAt + 8 * i) * 1e-6 : readVaxFloat(view, elementAt + 4 * i),
  ) as Triple
  const log = header.toString('latin1', struct + sizes[1], dataOffset)
  return {
    ...{ type: header.readInt32LE(typeAt), position: values.slice(0, 3), dims: values.slice(3, 6) as Triple },
    ...{ spacing, log, dataOffset, word, border: values.slice(6, 9) as Triple },
  }
}

/** Swaps the 16-bit halves and takes a quarter, in place (scanco.ts). */
function fromVax(voxels: Float32Array): void {
  const halves = new Uint16Array(voxels.buffer, voxels.byteOffset, voxels.length * 2)
  for (let i = 0; i < voxels.length; i++) {
    const high = halves[2 * i] as number
    halves[2 * i] = halves[2 * i + 1] as number
    halves[2 * i + 1] = high
    voxels[i] = (voxels[i] as number) / 4
  }
}

/**
 * Signed char as pairs, after their own size; a border of `border` voxels around the image is not stored. AimIO writes
 * value and length, ITK reads length and value: the reading whose lengths fill the image is the right one.
 */
async function readRuns(
  source: ByteSource,
  offset: number,
  size: number,
  dims: Triple,
  border: Triple,
): Promise<Int16Array> {
  const inner = dims.map((n, i) => n - 2 * (border[i] as number)) as Triple
  const count = inner[0] * inner[1] * inner[2]
  const pairs = new Uint8Array(size - offset)
  await source.readInto(pairs, offset)
  const lengthAt = [1, 0].find((first) => {
    let total = 0
    for (let i = first; i < pairs.length && total < count; i += 2) total += pairs[i] as number
    return total === count
  })
  if (lengthAt === undefined || inner.some((n) => n < 1)) {
    throw badFile('file-damaged', source.path, 'holds compressed data that does not fill its image. Copy it again.')
  }
  const flat = new Int8Array(count)
  for (let i = 0, at = 0; at < count; i += 2) {
    const end = at + (pairs[i + lengthAt] as number)
    flat.fill(((pairs[i + 1 - lengthAt] as number) << 24) >> 24, at, end)
    at = end
  }
  const voxels = new Int16Array(dims[0] * dims[1] * dims[2])
  for (let z = 0; z < inner[2]; z++) {
    for (let y = 0; y < inner[1]; y++) {
      const row = flat.subarray((z * inner[1] + y) * inner[0], (z * inner[1] + y + 1) * inner[0])
      voxels.set(row, ((z + border[2]) * dims[1] + y + border[1]) * dims[0] + border[0])
    }
  }
  return voxels
}

/** "Key   value" lines of the processing log; "!" starts a comment. */
function logEntries(log: string): Map<string, string> {
  const entries = new Map<string, string>()
  for (const line of log.split(/[\r\n\0]+/)) {
    const match = /^(\S.*?)\s{2,}(.*\S)\s*$/.exec(line)
    if (match && !line.startsWith('!')) entries.set(match[1] as string, match[2] as string)
  }
  return entries
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

/** "14-AUG-2012 15:42:26.07" as ISO 8601 without a zone. */
function vmsText(text: string | undefined): string | undefined {
  const match = /^\s*(\d{1,2})-([A-Z]{3})-(\d{4})\s+(\d\d):(\d\d):(\d\d)(?:\.(\d+))?/.exec(text ?? '')
  if (!match) return undefined
  const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
  const month = months.indexOf(match[2] as string) + 1
  if (month === 0) return undefined
  const two = (n: number | string) => String(n).padStart(2, '0')
  const ms = (match[7] ?? '').padEnd(3, '0').slice(0, 3)
  return `${match[3]}-${two(month)}-${two(match[1] as string)}T${match[4]}:${match[5]}:${match[6]}.${ms}`
}
