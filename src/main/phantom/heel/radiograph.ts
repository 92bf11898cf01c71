import { blur } from '../../domain/gaussian.ts'
import { randomFrom } from '../../domain/random.ts'
import type { Random } from '../../domain/random.ts'
import { field, heelAnatomy, landmarks, thicknessAt } from './anatomy.ts'
import type { HeelAnatomy, Point } from './anatomy.ts'
import type { HeelPatient } from './patients.ts'
import { projectRods } from './rods.ts'

export interface HeelRadiograph {
  width: number
  height: number
  /** mm a pixel. */
  pixel: number
  /** Row by row, 0 to 4095, bone bright; `counts` per unit of attenuation. */
  pixels: Uint16Array<ArrayBuffer>
  /** In pixels of this picture. */
  landmarks: Record<'hind' | 'low' | 'region', Point>
}

/** Attenuation per mm at 50 keV (NIST XCOM: cortical bone 0.4242 cm2/g x 1.92 g/cm3; soft tissue 0.2262 cm2/g x 1.06 g/cm3). */
const bone = 0.0814
const tissue = 0.024
/** Stored values per unit of attenuation: 12 bits hold what no foot exceeds. */
const counts = 900

/** A side view of the heel: attenuation by soft tissue, cortical shell and trabeculae, then blur and quantum noise. */
export function heelRadiograph(patient: HeelPatient): HeelRadiograph {
  const random = randomFrom(patient.seed)
  const anatomy = heelAnatomy(patient, random)
  const { pixel } = field
  const [width, height] = [Math.round(field.width / pixel), Math.round(field.height / pixel)]
  const attenuation = projectRods(anatomy, random)
  addBody(attenuation, anatomy, width, height)
  const blurred = blur({ width, height, pixels: attenuation }, anatomy.blur / pixel)
  const pixels = measure(blurred.pixels, anatomy, random)
  const marks = landmarks(anatomy)
  if (patient.side === 'left')
    for (let row = 0; row < height; row++) pixels.subarray(row * width, (row + 1) * width).reverse()
  const place = (mark: Point): Point => placeIn(patient, mark)
  return {
    ...{ width, height, pixel, pixels },
    landmarks: { hind: place(marks.hind), low: place(marks.low), region: place(marks.region) },
  }
}

/** Where a point in mm of the right heel lies in the patient's picture, in pixels. */
export function placeIn({ side }: Pick<HeelPatient, 'side'>, { x, y }: Point): Point {
  const { pixel, width } = field
  return { x: side === 'left' ? Math.round(width / pixel) - 1 - x / pixel : x / pixel, y: y / pixel }
}

/** Turns paths through trabeculae into attenuation and adds that of shell and soft tissue. */
function addBody(paths: Float32Array, anatomy: HeelAnatomy, width: number, height: number): void {
  const { pixel } = field
  for (let row = 0, at = 0; row < height; row++) {
    const y = (row + 0.5) * pixel
    for (let column = 0; column < width; column++, at++) {
      const x = (column + 0.5) * pixel
      const shell = thicknessAt(anatomy, x, y) - thicknessAt(anatomy, x, y, anatomy.cortex)
      paths[at] = (paths[at]! + shell) * (bone - tissue) + softTissue(anatomy, x, y) * tissue
    }
  }
}

/** mm of soft tissue: the foot is a rounded slab that ends behind the heel and below the sole. */
function softTissue({ softTissue, centre, half }: HeelAnatomy, x: number, y: number): number {
  const behind = x - (centre.x - half.along - 4)
  const below = centre.y + half.across + 8 - y
  // The smaller of the two, rounded over some mm where skin turns from heel to sole.
  const edge = -4 * Math.log(Math.exp(-behind / 4) + Math.exp(-below / 4))
  if (edge <= 0) return 0
  const depth = Math.min(1, edge / (softTissue / 2))
  return softTissue * Math.sqrt(depth * (2 - depth))
}

/** Photon counts around their expectation (Poisson, near to normal at thousands), and the logarithm a detector stores. */
function measure(attenuation: Float32Array, { photons }: HeelAnatomy, random: Random): Uint16Array<ArrayBuffer> {
  const pixels = new Uint16Array(attenuation.length)
  for (let at = 0; at < pixels.length; at++) {
    const expected = photons * Math.exp(-attenuation[at]!)
    const counted = Math.max(1, expected + Math.sqrt(expected) * random.normal())
    pixels[at] = Math.min(4095, Math.max(0, Math.round(200 - counts * Math.log(counted / photons))))
  }
  return pixels
}
