import { openFile } from '../bytes.ts'
import { badFile, checkDeclared, type ReadLimits } from '../limits.ts'
import { decodeJpeg } from '../pictures/jpeg.ts'
import type { Picture, PictureDecoder } from '../pictures/picture.ts'
import { PNG_SIGNATURE, decodePng } from '../pictures/png.ts'
import { decodeTiff } from '../pictures/tiff.ts'
import { identityDirection, type Triple, type Volume, type VolumeFormat, type Voxels } from '../volume.ts'
import type { Reader } from './reader.ts'

/** Files of pictures: one is a volume of its pages, several of one size in a folder are a volume in order of their names. */
export const png = pictureReader('png', (head) => head.subarray(0, 8).equals(PNG_SIGNATURE), decodePng)

export const tiff = pictureReader(
  'tiff',
  (head) => /^(II[*+]\0|MM\0[*+])/.test(head.toString('latin1', 0, 4)),
  decodeTiff,
)

export const jpeg = pictureReader(
  'jpeg',
  (head) => head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff,
  decodeJpeg,
)

function pictureReader(format: VolumeFormat, matches: (head: Buffer) => boolean, decode: PictureDecoder): Reader {
  return { format, matches, stacks: true, read: (files, limits) => readStack(format, decode, files, limits) }
}

async function readStack(
  format: VolumeFormat,
  decode: PictureDecoder,
  files: string[],
  limits: ReadLimits,
): Promise<Volume> {
  const warnings = new Set<string>()
  let first: Picture | null = null
  let voxels: Voxels | null = null
  let filled = 0
  for (const path of files) {
    const pictures = await decode(path, await readWhole(path, limits), limits)
    for (const picture of pictures) {
      first ??= picture
      if (!voxels) {
        const pages = files.length === 1 ? pictures.length : files.length
        checkDeclared(path, picture.samples.byteLength * pages, Infinity, limits)
        voxels = new (picture.samples.constructor as Uint8ArrayConstructor)(picture.samples.length * pages)
      }
      if (!alike(first, picture) || filled + picture.samples.length > voxels.length) {
        throw badFile('size-mismatch', path, 'has pictures of different sizes or kinds, which do not make one volume.')
      }
      voxels.set(picture.samples, filled)
      filled += picture.samples.length
      picture.warnings.forEach((warning) => warnings.add(warning))
    }
  }
  if (!first || !voxels || filled !== voxels.length) {
    throw badFile('file-damaged', files[0] ?? '', 'holds no picture. Copy it again.')
  }
  const slices = filled / first.samples.length
  if (files.length > 1) warnings.add(`${files.length} pictures were taken as slices in the order of their names.`)
  const spacing = spacingOf(first, slices, warnings)
  warnings.add('The file does not say how the volume lies in the body.')
  return {
    ...{ format, dims: [first.width, first.height, slices], components: first.components, spacing, origin: [0, 0, 0] },
    ...{
      direction: identityDirection(),
      oriented: false,
      pixelType: first.pixelType,
      unit: 'raw',
      slope: 1,
      intercept: 0,
    },
    ...(first.minIsWhite ? { minIsWhite: true as const } : {}),
    ...{ warnings: [...warnings], meta: { patientKey: '' }, voxels },
  }
}

function alike(a: Picture, b: Picture): boolean {
  const keys = ['width', 'height', 'components', 'pixelType', 'minIsWhite'] as const
  return keys.every((key) => a[key] === b[key])
}

function spacingOf(picture: Picture, slices: number, warnings: Set<string>): Triple | null {
  if (!picture.pixelSize) {
    warnings.add('The file does not give the size of a voxel.')
    return null
  }
  const [x, y] = picture.pixelSize
  if (picture.sliceStep === undefined && slices > 1) {
    warnings.add('The file does not give the distance between slices; the pixel size is assumed.')
  }
  return [x, y, picture.sliceStep ?? x]
}

async function readWhole(path: string, limits: ReadLimits): Promise<Buffer> {
  const file = await openFile(path)
  try {
    checkDeclared(path, file.size, Infinity, limits)
    return await file.peek(file.size)
  } finally {
    await file.close()
  }
}
