import type { Random } from '../../domain/random.ts'
import type { HeelPatient } from './patients.ts'

/** A point of the radiograph in mm: x to the toes in a right heel, y to the sole, from the upper left corner. */
export type Point = { x: number; y: number }

/** The radiograph's field: collimated to the back of the foot. Millimetres; at `pixel` this is 1120 x 880. */
export const field = { width: 56, height: 44, pixel: 0.05 }

/** What one patient's picture follows from. Lengths in mm. */
export interface HeelAnatomy {
  /** Middle of the calcaneus's body and its half axes along and across its length. */
  centre: Point
  half: { along: number; across: number }
  /** Of the length against the sole, in radians: the calcaneus rises to the front. */
  pitch: number
  /** Greatest thickness from side to side, and of the cortical shell. */
  thickness: number
  cortex: number
  /** Soft tissue from side to side. */
  softTissue: number
  /** The principal direction of the trabeculae, in radians. */
  direction: number
  trabeculae: {
    /** Rods per cubic mm. */
    density: number
    /** Diameter and mean length. */
    diameter: number
    length: number
    /** Concentration of their directions (von Mises, of twice the angle): 0 has none. */
    anisotropy: number
  }
  /** Photons a pixel behind no tissue: the quantum noise follows from it. */
  photons: number
  /** Standard deviation of the blur by focal spot and detector. */
  blur: number
}

/**
 * Osteoporotic trabeculae are fewer, thinner and, as those across the load go first, more anisotropic (Lespessailles 2008
 * and the papers it cites; Benhamou 2001). Age works in the same direction, and equally in both classes. The shares are chosen
 * so that one standard deviation of porosity takes some 22 % of the bone volume: 12 % bone in the middle.
 */
export function heelAnatomy(patient: HeelPatient, random: Random): HeelAnatomy {
  const { porosity } = patient
  const years = (patient.age - 68) / 11
  const vary = (mean: number, deviation: number): number => mean + deviation * random.normal()
  const scale = vary(1, 0.05)
  return {
    centre: { x: vary(27, 1.2), y: vary(20, 1) },
    half: { along: 23.5 * scale, across: 15.5 * scale },
    pitch: vary(-0.3, 0.06),
    thickness: vary(25, 1.5) * scale,
    cortex: vary(0.7, 0.07),
    softTissue: vary(42, 4),
    direction: vary(-1.05, 0.1),
    trabeculae: {
      density: 3.9 * Math.exp(-0.13 * porosity - 0.05 * years),
      diameter: 0.14 * Math.exp(-0.05 * porosity - 0.015 * years),
      length: 1.9,
      anisotropy: 0.9 * Math.exp(0.25 * porosity + 0.05 * years),
    },
    photons: 9000 * Math.exp(0.2 * random.normal()),
    blur: vary(0.06, 0.004),
  }
}

/** How far from the middle a point lies: 0 there, 1 on the outline. A superellipse: the heel is blunter than an ellipse. */
export function eccentricity(anatomy: HeelAnatomy, x: number, y: number, shrink = 0): number {
  const { centre, half, pitch } = anatomy
  const [cos, sin] = [Math.cos(pitch), Math.sin(pitch)]
  const along = Math.abs((x - centre.x) * cos + (y - centre.y) * sin) / (half.along - shrink)
  const across = Math.abs((y - centre.y) * cos - (x - centre.x) * sin) / (half.across - shrink)
  return Math.cbrt(along ** 3 + across ** 3)
}

/** Side-to-side thickness in mm of a body that is `shrink` mm smaller all round: 0 outside its outline. */
export function thicknessAt(anatomy: HeelAnatomy, x: number, y: number, shrink = 0): number {
  const e = eccentricity(anatomy, x, y, shrink)
  return e < 1 ? Math.max(0, anatomy.thickness - 2 * shrink) * Math.sqrt(1 - e * e) : 0
}

/**
 * The landmarks that a person places the region of interest by, in mm: the heel's hindmost and lowest points of the bone's
 * outline; and where the region's middle belongs, in the posterior body (after Lespessailles 2008).
 */
export function landmarks(anatomy: HeelAnatomy): { hind: Point; low: Point; region: Point } {
  const outline = Array.from({ length: 720 }, (_, step) => onOutline(anatomy, (step * Math.PI) / 360))
  const least = (value: (p: Point) => number): Point => outline.reduce((a, b) => (value(b) < value(a) ? b : a))
  const hind = least((p) => p.x)
  const low = least((p) => -p.y)
  const { centre, half, pitch } = anatomy
  const back = 0.28 * half.along
  return { hind, low, region: { x: centre.x - back * Math.cos(pitch), y: centre.y - back * Math.sin(pitch) } }
}

function onOutline(anatomy: HeelAnatomy, angle: number): Point {
  const [dx, dy] = [Math.cos(angle), Math.sin(angle)]
  const { centre } = anatomy
  // Eccentricity grows evenly with the distance from the middle.
  const reach = 1 / eccentricity(anatomy, centre.x + dx, centre.y + dy)
  return { x: centre.x + reach * dx, y: centre.y + reach * dy }
}
