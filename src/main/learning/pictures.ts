import { readHeader, readSlices } from '../imaging/cache.ts'
import { luminanceWeights } from '../imaging/radiograph.ts'
import type { Voxels } from '../imaging/volume.ts'
import type { Picture } from './resample.ts'

/**
 * Slices of a decoded scan as grey pictures of its values (after rescale), negative where the smallest one is white; of a colour
 * picture its luminance (ITU-R BT.601).
 * @param choose Given the number of slices, which to read.
 * @throws ConcordError `volume-missing`, `cache-damaged`.
 */
export async function readPictures(
  cachePath: string,
  choose: (depth: number) => number[],
): Promise<{ slices: number[]; pictures: Picture[] }> {
  const { dims, components, slope, intercept, minIsWhite } = await readHeader(cachePath)
  const [width, height, depth] = dims
  const slices = choose(depth)
  const voxels = await readSlices(cachePath, slices)
  const size = width * height * components
  const pictures = slices.map((_, index): Picture => {
    const stored = voxels.subarray(index * size, (index + 1) * size)
    const grey = components === 1 ? stored : luminance(stored)
    const pixels = new Float32Array(grey.length)
    // Bright is bright for a network too, whichever way round the file stores it.
    const sign = minIsWhite ? -1 : 1
    for (let at = 0; at < pixels.length; at++) pixels[at] = sign * (grey[at]! * slope + intercept)
    return { width, height, pixels }
  })
  return { slices, pictures }
}

function luminance(rgb: Voxels): Float32Array {
  return Float32Array.from({ length: rgb.length / 3 }, (_, pixel) =>
    luminanceWeights.reduce((sum, weight, channel) => sum + weight * rgb[3 * pixel + channel]!, 0),
  )
}
