import { createCodecs, type Codecs } from '../codecs.ts'
import { lookupTable, palettes } from '../dicom/colour.ts'
import { decompress } from '../dicom/decompress.ts'
import { frameBytes, frameData, isNative } from '../dicom/frames.ts'
import { stackSlices, type Slice, type Stacked } from '../dicom/geometry.ts'
import { headerFrom, type DicomHeader } from '../dicom/header.ts'
import { dicomMeta, unitOf } from '../dicom/meta.ts'
import { looksLikeDicom, parseFile, parseHeaderOf } from '../dicom/parse.ts'
import { allocateVoxels, storeFrame, type StorePlan } from '../dicom/store-frame.ts'
import { badFile, checkDeclared, type ReadLimits } from '../limits.ts'
import type { Volume, Voxels } from '../volume.ts'
import type { Reader } from './reader.ts'

/** DICOM: a file of one or many frames, or the files of one series (sorted along their normal). */
export const dicom: Reader = {
  format: 'dicom',
  matches: looksLikeDicom,
  read: async (files, limits) => {
    const headers: DicomHeader[] = []
    for (const path of files) headers.push(headerFrom(await parseHeaderOf(path)))
    return readSeries(headers, limits)
  },
}

async function readSeries(headers: DicomHeader[], limits: ReadLimits): Promise<Volume> {
  const first = headers[0] as DicomHeader
  const warnings: string[] = []
  const slices = headers.flatMap((header) => header.frames.map((place, frame): Slice => ({ header, frame, place })))
  const stacked = stackSlices(slices, warnings)
  const plan = planOf(headers, stacked, warnings)
  checkSize(first, stacked.slices.length, plan, limits)
  const voxels = allocateVoxels(plan, stacked.slices.length)
  const rounded = await fill(voxels, stacked, plan, createCodecs())
  if (rounded > 0) warnings.push(`${rounded} values were rounded to 32-bit floats.`)

  const { slope, intercept } = (stacked.slices[0] as Slice).place
  const plain = plan.perFrame || plan.modality !== null || plan.components === 3 || slope === 0
  if (slope === 0 && !plan.perFrame) warnings.push('The rescale slope is zero; the stored values are shown.')
  if (first.transferSyntax === '1.2.840.10008.1.2.4.50' || first.transferSyntax === '1.2.840.10008.1.2.4.51') {
    warnings.push('The pictures were compressed with loss (JPEG).')
  }
  return {
    format: 'dicom',
    dims: [first.pixel.columns, first.pixel.rows, stacked.slices.length],
    components: plan.components,
    spacing: stacked.spacing,
    origin: stacked.origin,
    direction: stacked.direction,
    oriented: stacked.oriented,
    pixelType: pixelTypeOf(first),
    unit: plan.components === 3 ? 'raw' : unitOf(first),
    ...(first.pixel.photometric === 'MONOCHROME1' ? { minIsWhite: true } : {}),
    slope: plain ? 1 : slope,
    intercept: plain ? 0 : intercept,
    warnings,
    meta: dicomMeta(first),
    voxels,
  }
}

function planOf(headers: DicomHeader[], { slices }: Stacked, warnings: string[]): StorePlan {
  const { path, pixel, dataset } = headers[0] as DicomHeader
  const palette = pixel.photometric === 'PALETTE COLOR' ? palettes(path, dataset, pixel.signed) : null
  const item = dataset.elements['x00283000']?.items?.[0]?.dataSet
  const modality =
    !palette && pixel.samples === 1 && item ? lookupTable(path, item, 'x00283002', 'x00283006', pixel.signed) : null
  const [a] = slices as [Slice]
  const perFrame =
    pixel.samples === 1 &&
    !palette &&
    !modality &&
    slices.some(({ place }) => place.slope !== a.place.slope || place.intercept !== a.place.intercept)
  if (perFrame) warnings.push('The rescale differs between slices; values are kept instead of stored numbers.')
  return { pixel, components: pixel.samples === 3 || palette ? 3 : 1, palette, modality, perFrame }
}

/** Sizes against the limit; native frames are checked against their file when they are cut out. */
function checkSize(first: DicomHeader, frames: number, plan: StorePlan, limits: ReadLimits): void {
  const { rows, columns } = first.pixel
  const bytesPerVoxel = allocateVoxels({ ...plan, pixel: { ...plan.pixel, rows: 1, columns: 1 } }, 1).BYTES_PER_ELEMENT
  checkDeclared(first.path, rows * columns * plan.components * frames * bytesPerVoxel, Infinity, limits)
}

/** Decodes every slice into its place, file by file in order, a file with many frames once. */
async function fill(voxels: Voxels, { slices }: Stacked, plan: StorePlan, codecs: Codecs): Promise<number> {
  const { rows, columns } = plan.pixel
  const perSlice = rows * columns * plan.components
  const places = new Map<string, { slice: Slice; at: number }[]>()
  slices.forEach((slice, z) => {
    const list = places.get(slice.header.path) ?? []
    list.push({ slice, at: z * perSlice })
    places.set(slice.header.path, list)
  })
  let rounded = 0
  for (const [path, list] of places) {
    const parsed = await parseFile(path)
    const pixel = list[0]!.slice.header.pixel
    checkCompressed(path, parsed.bytes.length, pixel.frames * frameBytes(pixel), parsed.transferSyntax)
    const frames = frameData(parsed, pixel)
    for (const { slice, at } of list) {
      const { slope, intercept } = slice.place
      if (pixel.bitsAllocated === 1 && isNative(parsed.transferSyntax)) {
        unpackBits(frames[0] as Buffer, slice.frame * perSlice, voxels.subarray(at, at + perSlice))
        continue
      }
      const data = frames[slice.frame] as Buffer
      const frame = await decompress(path, data, parsed.transferSyntax, pixel, codecs)
      rounded += storeFrame(frame, { ...plan, pixel }, voxels, at, slope, intercept)
    }
  }
  return rounded
}

/** No codec here makes more than this of its input; more is a header that lies. */
const MOST_FROM_A_BYTE = 20_000

function checkCompressed(path: string, size: number, declared: number, transferSyntax: string): void {
  if (isNative(transferSyntax) || declared <= size * MOST_FROM_A_BYTE) return
  throw badFile('header-lies', path, `declares ${declared} bytes of pixels in a file of ${size}. Export it again.`)
}

/** One bit a pixel, the least significant first, frames back to back (PS3.5 8.1.1). */
function unpackBits(data: Buffer, firstBit: number, target: Voxels): void {
  for (let i = 0; i < target.length; i++) {
    const bit = firstBit + i
    target[i] = ((data[bit >> 3] as number) >> (bit & 7)) & 1
  }
}

function pixelTypeOf({ pixel }: DicomHeader): string {
  if (pixel.float) return pixel.bitsAllocated === 64 ? 'float64' : 'float32'
  return `${pixel.signed ? 'int' : 'uint'}${Math.max(8, pixel.bitsAllocated)}`
}
