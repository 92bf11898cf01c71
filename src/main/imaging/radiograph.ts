import type { Volume } from './volume.ts'

/** ITU-R BT.601: what of red, green and blue makes grey. */
export const luminanceWeights = [0.299, 0.587, 0.114] as const

/** Single pictures of X-ray modalities (PS3.3 C.7.3.1.1.1) and of plain picture formats may be radiographs. */
const formats = new Set(['dicom', 'png', 'tiff', 'jpeg'])

/** Share of the picture that counts as its rim on each side, and of the whole range by which the rim must be the brighter. */
const RIM = 0.05
const BRIGHTER = 0.25

/**
 * What looks wrong with a single picture that may be a radiograph; nothing for stacks. Values are never changed: colours stay
 * colours, and bone that is dark stays so until somebody who places a region says that it is the wrong way round.
 */
export function radiographWarnings(volume: Volume): string[] {
  const [, , slices] = volume.dims
  if (slices !== 1 || !formats.has(volume.format)) return []
  if (volume.components === 3)
    return [
      'The picture is in colour. Regions and networks use its grey: 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601).',
    ]
  return looksInverted(volume)
    ? [
        'The rim of the picture is brighter than its middle: the values may run the wrong way round, bone dark. Look at it.',
      ]
    : []
}

/**
 * Whether what surrounds the body is bright: the median of the rim lies above that of the middle half by a quarter of the range
 * between the 1st and the 99th percentile. A radiograph has the body in its middle and air, dark, around it on two sides or more;
 * one collimated to bone alone says nothing either way and is not found.
 */
function looksInverted({ dims, voxels, slope, minIsWhite }: Volume): boolean {
  const [width, height] = dims
  const rim: number[] = []
  const middle: number[] = []
  const [across, down] = [Math.ceil(width * RIM), Math.ceil(height * RIM)]
  // An odd step does not fall into step with the columns; some ten thousand pixels are enough for medians.
  const step = Math.max(1, Math.floor((width * height) / 40_000)) | 1
  for (let at = 0; at < width * height; at += step) {
    const value = voxels[at]!
    if (!Number.isFinite(value)) continue
    const [x, y] = [at % width, Math.floor(at / width)]
    if (x < across || x >= width - across || y < down || y >= height - down) rim.push(value)
    else if (x > width / 4 && x < (3 * width) / 4 && y > height / 4 && y < (3 * height) / 4) middle.push(value)
  }
  if (rim.length < 20 || middle.length < 20) return false
  const all = [...rim, ...middle].sort((a, b) => a - b)
  const range = all[Math.floor(0.99 * (all.length - 1))]! - all[Math.floor(0.01 * (all.length - 1))]!
  const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!
  const difference = (median(rim) - median(middle)) * Math.sign(slope) * (minIsWhite ? -1 : 1)
  return range > 0 && difference > BRIGHTER * range
}
