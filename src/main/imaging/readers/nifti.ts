import { existsSync } from 'node:fs'
import { NIFTI1, isNIFTI, readHeader, type NIFTI2 } from 'nifti-reader-js'
import { inflatingSource, openFile, type ByteSource } from '../bytes.ts'
import { splitAffine, type Geometry } from '../geometry.ts'
import { badFile, checkDeclared, type ReadLimits } from '../limits.ts'
import { bytesPerSample, bytesPerVoxel, readSamples, type SampleType } from '../samples.ts'
import type { Triple, Volume } from '../volume.ts'
import type { Reader } from './reader.ts'

type Header = NIFTI1 | NIFTI2

/** A file cut off before its magic: sizeof_hdr, 348 or 540 in either byte order, is all there is to see. */
function startsAsNifti(head: Buffer): boolean {
  if (head.length < 4 || head.length >= 352) return false
  return [head.readInt32LE(0), head.readInt32BE(0)].some((size) => size === 348 || size === 540)
}

/** NIfTI-1 and -2, gzipped or not, one file or a .hdr beside its .img (https://nifti.nimh.nih.gov, nifti1.h). */
export const nifti: Reader = {
  format: 'nifti',
  matches: (head) => isNIFTI(arrayBufferOf(head), true) || startsAsNifti(head),
  read: async ([path = ''], limits) => {
    const file = await openFile(path)
    const gzipped = (await file.peek(2)).readUInt16BE(0) === 0x1f8b
    let source: ByteSource = file
    if (gzipped) {
      await file.close()
      source = inflatingSource(path, 'gzip')
    }
    try {
      return await readNifti(source, file.size, gzipped, limits)
    } finally {
      await source.close()
    }
  },
}

const TYPES: Record<number, SampleType> = {
  [NIFTI1.TYPE_UINT8]: 'uint8',
  [NIFTI1.TYPE_INT8]: 'int8',
  [NIFTI1.TYPE_INT16]: 'int16',
  [NIFTI1.TYPE_UINT16]: 'uint16',
  [NIFTI1.TYPE_INT32]: 'int32',
  [NIFTI1.TYPE_UINT32]: 'uint32',
  [NIFTI1.TYPE_INT64]: 'int64',
  [NIFTI1.TYPE_UINT64]: 'uint64',
  [NIFTI1.TYPE_FLOAT32]: 'float32',
  [NIFTI1.TYPE_FLOAT64]: 'float64',
  [NIFTI1.TYPE_RGB24]: 'uint8',
}

async function readNifti(source: ByteSource, fileSize: number, gzipped: boolean, limits: ReadLimits): Promise<Volume> {
  const { path } = source
  const header = parseHeader(path, await source.peek(1024))
  const sample = TYPES[header.datatypeCode]
  if (!sample) {
    throw badFile(
      'format-refused',
      path,
      `stores voxels of NIfTI type ${header.datatypeCode}, which is not a grey image.`,
    )
  }
  const components = header.datatypeCode === NIFTI1.TYPE_RGB24 ? 3 : 1
  const warnings: string[] = []
  const dims = volumeDims(path, header, warnings)
  const count = dims[0] * dims[1] * dims[2] * components
  const declared = count * bytesPerSample[sample]

  const pair = header.magic.startsWith('ni1') || header.magic.startsWith('ni2')
  const data = pair ? await openImagePart(path) : { source, size: fileSize, gzipped }
  try {
    const offset = dataOffset(path, header, pair)
    checkDeclared(path, declared, data.gzipped ? data.size : data.size - offset, limits, data.gzipped)
    checkDeclared(path, count * bytesPerVoxel(sample), Infinity, limits)
    const voxels = await readSamples(data.source, offset, sample, count, header.littleEndian, warnings)
    return {
      format: 'nifti',
      dims,
      components,
      ...geometryOf(header, warnings),
      pixelType: sample,
      unit: 'raw',
      ...scaleOf(header),
      warnings,
      meta: { patientKey: '' },
      voxels,
    }
  } finally {
    if (pair) await data.source.close()
  }
}

function parseHeader(path: string, head: Buffer): Header {
  if (head.length < 348) throw badFile('file-truncated', path, 'is shorter than a NIfTI header. Copy it again.')
  try {
    return readHeader(arrayBufferOf(head), true)
  } catch {
    throw badFile('header-lies', path, 'has a damaged NIfTI header.')
  }
}

/** The first three axes; a time series gives its first volume, with a warning. */
function volumeDims(path: string, header: Header, warnings: string[]): Triple {
  const rank = header.dims[0] ?? 0
  const size = (axis: number) => (axis <= rank ? (header.dims[axis] ?? 0) : 1)
  const dims: Triple = [size(1), size(2), size(3)]
  if (rank < 1 || rank > 7 || !dims.every((n) => Number.isSafeInteger(n) && n >= 1)) {
    throw badFile('header-lies', path, `declares a volume of ${dims.join(' x ')} voxels. Its header is damaged.`)
  }
  const volumes = [4, 5, 6, 7].reduce((n, axis) => n * Math.max(1, size(axis)), 1)
  if (volumes > 1) warnings.push(`The file holds ${volumes} volumes; this is the first.`)
  return dims
}

function dataOffset(path: string, header: Header, pair: boolean): number {
  const offset = pair ? header.vox_offset : Math.max(header.vox_offset, header instanceof NIFTI1 ? 352 : 544)
  if (!Number.isSafeInteger(offset) || offset < 0) {
    throw badFile('header-lies', path, 'declares an impossible place for its voxels. Its header is damaged.')
  }
  return offset
}

async function openImagePart(path: string): Promise<{ source: ByteSource; size: number; gzipped: boolean }> {
  const base = path.replace(/\.hdr(\.gz)?$/i, '')
  const found = ['.img', '.IMG', '.img.gz'].map((end) => base + end).find((p) => existsSync(p))
  if (!found) throw badFile('file-missing', path, 'is the header of a pair; the .img file beside it is missing.')
  const file = await openFile(found)
  if (!found.endsWith('.gz')) return { source: file, size: file.size, gzipped: false }
  await file.close()
  return { source: inflatingSource(found, 'gzip'), size: file.size, gzipped: true }
}

/** scl_slope 0 or not finite means no scaling (nifti1.h, "DATA SCALING"). */
function scaleOf(header: Header): { slope: number; intercept: number } {
  const { scl_slope: slope, scl_inter: intercept } = header
  if (!Number.isFinite(slope) || slope === 0 || !Number.isFinite(intercept)) return { slope: 1, intercept: 0 }
  return { slope, intercept }
}

/** sform before qform before pixdim alone (nifti1.h, methods 3, 2, 1); RAS becomes LPS. */
function geometryOf(header: Header, warnings: string[]): Geometry {
  const unit = { 1: 1000, 2: 1, 3: 0.001 }[header.xyzt_units & 7]
  if (unit === undefined) warnings.push('The file does not name the unit of its voxel size; millimetres are assumed.')
  const ras = affineOf(header, warnings)
  const lps = ras.map((row, i) => row.map((v) => (i < 2 ? -v : v) * (unit ?? 1)))
  const placed = header.sform_code > 0 || header.qform_code > 0
  const geometry = splitAffine(lps, warnings)
  return { ...geometry, oriented: geometry.oriented && placed }
}

/** Three rows of voxel index -> RAS, in the file's own unit. */
function affineOf(header: Header, warnings: string[]): number[][] {
  const pixel = [1, 2, 3].map((i) => Math.abs(header.pixDims[i] ?? 0))
  if (header.sform_code > 0) return header.affine.slice(0, 3)
  if (header.qform_code > 0) {
    const [b, c, d] = [header.quatern_b, header.quatern_c, header.quatern_d]
    const a = Math.sqrt(Math.max(0, 1 - (b * b + c * c + d * d)))
    const flip = (header.pixDims[0] ?? 1) < 0 ? -1 : 1
    const rotation = [
      [a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)],
      [2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)],
      [2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - c * c - b * b],
    ]
    const offset = [header.qoffset_x, header.qoffset_y, header.qoffset_z]
    return rotation.map((row, i) => [
      ...row.map((v, j) => v * (pixel[j] as number) * (j === 2 ? flip : 1)),
      offset[i] as number,
    ])
  }
  warnings.push('The file does not say how the volume lies in the body; its axes are taken as right, front, up.')
  return [0, 1, 2].map((i) => [0, 1, 2, 3].map((j) => (i === j ? (pixel[i] as number) : 0)))
}

function arrayBufferOf(buffer: Buffer): ArrayBuffer {
  return buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength) as ArrayBuffer
}
