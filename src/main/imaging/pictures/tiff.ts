import { badFile, checkDeclared, type ReadLimits } from '../limits.ts'
import { samplesOf, type SampleType } from '../samples.ts'
import type { Picture } from './picture.ts'
import { undoPredictor, unpack } from './tiff-compression.ts'
import { readDirectories, type Directory } from './tiff-directory.ts'

/** TIFF 6.0 and BigTIFF: 8, 16 and 32 bits, strips and tiles; uncompressed, LZW, Deflate, PackBits; one page or many. */

/** Tags (TIFF 6.0, section 8; SampleFormat section 19). */
const TAG = {
  ...{ width: 256, height: 257, bits: 258, compression: 259, photometric: 262, description: 270, stripOffsets: 273 },
  ...{ orientation: 274, samples: 277, rowsPerStrip: 278, stripCounts: 279, xResolution: 282, yResolution: 283 },
  ...{ planar: 284, resolutionUnit: 296, predictor: 317, palette: 320, tileWidth: 322, tileHeight: 323 },
  ...{ tileOffsets: 324, tileCounts: 325, format: 339 },
} as const

interface Page {
  directory: Directory
  width: number
  height: number
  type: SampleType
  bytes: number
  channels: number
  components: 1 | 3
  palette: number[] | null
}

/** A picture for each page of a TIFF that is no preview of another. Errors: `file-damaged`, `file-truncated`, `format-refused`, those of checkDeclared. */
export function decodeTiff(path: string, bytes: Buffer, limits: ReadLimits): Picture[] {
  const directories = readDirectories(path, bytes)
  // Reduced pictures (NewSubfileType bit 0) are previews of the others.
  const full = directories.filter((d) => ((d.numbers(254)[0] ?? 0) & 1) === 0)
  const pages = (full.length > 0 ? full : directories).map((directory) => describe(path, directory))
  const declared = pages.reduce((sum, p) => sum + p.width * p.height * p.components * p.bytes, 0)
  checkDeclared(
    path,
    declared,
    bytes.length,
    limits,
    pages.some((p) => (p.directory.numbers(TAG.compression)[0] ?? 1) !== 1),
  )
  return pages.map((page) => decodePage(path, bytes, page))
}

function describe(path: string, directory: Directory): Page {
  const first = (tag: number, otherwise: number) => directory.numbers(tag)[0] ?? otherwise
  const [width, height] = [first(TAG.width, 0), first(TAG.height, 0)]
  const channels = first(TAG.samples, 1)
  const bits = directory.numbers(TAG.bits)
  const depth = bits[0] ?? 1
  const photometric = first(TAG.photometric, 1)
  if (width < 1 || height < 1 || channels < 1 || channels > 4 || width * height > 2 ** 40) {
    throw badFile('header-lies', path, 'declares a picture that cannot be. Export it again.')
  }
  if (bits.some((b) => b !== depth) || ![8, 16, 32].includes(depth)) {
    throw badFile('format-refused', path, `has ${bits.join(', ') || 1} bits a sample; 8, 16 and 32 are read.`)
  }
  const kind = first(TAG.format, 1)
  const type = ({ 1: `uint${depth}`, 2: `int${depth}`, 3: `float${depth}` }[kind] ?? 'unknown') as SampleType
  if (!['uint8', 'int8', 'uint16', 'int16', 'uint32', 'int32', 'float32'].includes(type)) {
    throw badFile('format-refused', path, 'stores its samples in a way that is not read.')
  }
  const palette = photometric === 3 ? directory.numbers(TAG.palette) : null
  if (![0, 1, 2, 3].includes(photometric) || (palette && depth !== 8)) {
    throw badFile('format-refused', path, 'is in a colour model that is not read. Save it as grey or RGB.')
  }
  if (photometric === 2 && channels < 3)
    throw badFile('header-lies', path, 'declares RGB with fewer than three channels.')
  const components = photometric === 2 || palette ? 3 : 1
  return { directory, width, height, type, bytes: depth / 8, channels, components, palette }
}

function decodePage(path: string, bytes: Buffer, page: Page): Picture {
  const { directory, width, height, channels, components, type } = page
  const warnings: string[] = []
  const raw = readBlocks(path, bytes, page)
  const stored = samplesOf(raw, type, directory.littleEndian)
  let samples = stored
  if (page.palette) {
    samples = new Uint8Array(width * height * 3)
    // Palette entries are 16 bits, red then green then blue (TIFF 6.0, ColorMap).
    for (let i = 0; i < width * height; i++) {
      for (let c = 0; c < 3; c++) samples[i * 3 + c] = (page.palette[(stored[i] as number) + c * 256] ?? 0) >> 8
    }
  } else if (channels !== components) {
    warnings.push('Extra channels of the picture (transparency) are left out.')
    samples = new (stored.constructor as Uint8ArrayConstructor)(width * height * components)
    for (let i = 0; i < width * height; i++) {
      for (let c = 0; c < components; c++) samples[i * components + c] = stored[i * channels + c] as number
    }
  }
  const size = pixelSize(directory)
  const step = /(?:^|\n)spacing=([\d.eE+-]+)/.exec(directory.text(TAG.description))
  const unit = /(?:^|\n)unit=(\S+)/.exec(directory.text(TAG.description))?.[1]
  const sliceStep = step ? Number(step[1]) * (unitToMm(unit) ?? NaN) : NaN
  return {
    ...{ width, height, components, samples, pixelType: type, warnings },
    // WhiteIsZero (TIFF 6.0, PhotometricInterpretation 0).
    ...(directory.numbers(TAG.photometric)[0] === 0 ? { minIsWhite: true as const } : {}),
    ...(size ? { pixelSize: size } : {}),
    ...(sliceStep > 0 ? { sliceStep } : {}),
  }
}

/** The page's bytes, channels interleaved, rows without gaps; strips are tiles as wide as the page. */
function readBlocks(path: string, bytes: Buffer, page: Page): Uint8Array {
  const { directory, width, height, bytes: size } = page
  const tiled = directory.numbers(TAG.tileWidth).length > 0
  const blockWidth = tiled ? (directory.numbers(TAG.tileWidth)[0] as number) : width
  const blockHeight = tiled
    ? (directory.numbers(TAG.tileHeight)[0] ?? 0)
    : Math.min(directory.numbers(TAG.rowsPerStrip)[0] ?? height, height)
  const offsets = directory.numbers(tiled ? TAG.tileOffsets : TAG.stripOffsets)
  const counts = directory.numbers(tiled ? TAG.tileCounts : TAG.stripCounts)
  const planar = directory.numbers(TAG.planar)[0] === 2 && page.channels > 1
  const across = Math.ceil(width / blockWidth)
  const down = Math.ceil(height / blockHeight)
  const planes = planar ? page.channels : 1
  const inBlock = planar ? 1 : page.channels
  const bad = () => badFile('header-lies', path, 'declares parts that do not make a picture. Export it again.')
  if (!(blockWidth >= 1 && blockHeight >= 1) || offsets.length < across * down * planes) throw bad()
  const out = new Uint8Array(width * height * page.channels * size)
  const blockBytes = blockWidth * blockHeight * inBlock * size
  if (tiled && blockBytes > 16 * out.length + (1 << 24)) throw bad()
  for (let plane = 0; plane < planes; plane++) {
    for (let i = 0; i < across * down; i++) {
      const index = plane * across * down + i
      const x = (i % across) * blockWidth
      const y = Math.floor(i / across) * blockHeight
      const rows = Math.min(blockHeight, height - y)
      const length = tiled ? blockBytes : rows * blockWidth * inBlock * size
      const start = offsets[index] as number
      const stored = counts[index] ?? (offsets.length === 1 ? bytes.length - start : length)
      if (start + stored > bytes.length)
        throw badFile('file-truncated', path, 'ends before its picture does. Copy it again.')
      const block = unpack(path, bytes.subarray(start, start + stored), length, directory)
      undoPredictor(path, block, directory, blockWidth, inBlock, size)
      const columns = Math.min(blockWidth, width - x)
      for (let row = 0; row < rows; row++) {
        const from = row * blockWidth * inBlock * size
        const to = ((y + row) * width + x) * page.channels * size
        if (!planar) out.set(block.subarray(from, from + columns * inBlock * size), to)
        else
          for (let c = 0; c < columns; c++)
            for (let b = 0; b < size; b++)
              out[to + (c * page.channels + plane) * size + b] = block[from + c * size + b] as number
      }
    }
  }
  return out
}

/** From pixels an inch or a centimetre; ImageJ names its own unit in the description. */
function pixelSize(directory: Directory): [number, number] | null {
  const named = unitToMm(/(?:^|\n)unit=(\S+)/.exec(directory.text(TAG.description))?.[1])
  const unit = { 2: 25.4, 3: 10 }[directory.numbers(TAG.resolutionUnit)[0] ?? 2] ?? named
  const across = directory.numbers(TAG.xResolution)[0]
  const down = directory.numbers(TAG.yResolution)[0]
  const scale = named ?? (unit === 25.4 ? null : unit)
  if (!scale || !across || !down || !(across > 0) || !(down > 0)) return null
  return [scale / across, scale / down]
}

function unitToMm(unit: string | undefined): number | null {
  const units: Record<string, number> = { mm: 1, cm: 10, um: 0.001, µm: 0.001, '\\u00B5m': 0.001, micron: 0.001 }
  return units[unit ?? ''] ?? (unit === 'microns' ? 0.001 : null)
}
