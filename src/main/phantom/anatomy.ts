import { randomFrom } from '../domain/random.ts'
import type { Random } from '../domain/random.ts'
import { mirrored, outlineThrough, reshaped, wobble } from './outline.ts'
import type { Outline } from './outline.ts'
import type { ScanSpec, Site } from './types.ts'

/** One bone in a section: outer contour about its own centre, and what lies inside. Lengths in mm, densities in mgHA/cm3. */
export type BoneShape = {
  x: number
  y: number
  outline: Outline
  /** Mean cortical thickness in the middle of the stack, and how it varies round the bone. */
  cortex: number
  cortexAround: (angle: number) => number
  corticalDensity: number
  /** Bone volume fraction of the trabecular core. */
  fraction: number
  fractionAround: (angle: number) => number
  /** Relative growth of the contour's radius, and of the cortex's thickness, from the lowest slice to the highest. */
  widening: number
  thickening: number
}

export type Strand = { x: number; y: number; a: number; b: number; turn: number; density: number }

export type Anatomy = {
  bones: BoneShape[]
  /** Skin's outer contour about (limbX, limbY). */
  limb: Outline
  limbX: number
  limbY: number
  skin: number
  fat: number
  fatAround: (angle: number) => number
  strands: Strand[]
  /** Trabecular field: wavelength in mm (about twice the trabecular spacing). */
  wavelength: number
  /** Semi-axes of the cast's inner wall, its thickness, centred on the axis of rotation. */
  cast: { a: number; b: number; wall: number }
}

/** Side of the square field of view in mm: the limb in its cast, as a scan is usually cropped. */
export const fieldOfView: Record<Site, number> = { tibia: 92, radius: 76 }

/** Length of one stack along z: 110 slices of 82 um on the XtremeCT I. */
export const stackLength = 9.02

// Degrees from +x (medial on a right limb seen as here) towards +y (down), radius in mm. The tibia about 22 mm above its
// end plate, with the fibular notch; the radius about 9 mm from its end plate, with the ulnar notch and Lister's tubercle.
const tibia: [number, number][] = [
  [0, 19.5], [30, 19.6], [60, 17.6], [90, 16.4], [120, 17.6], [148, 19.6], [165, 18.2], [180, 16.6],
  [195, 17.4], [212, 19.6], [240, 18.4], [270, 16.8], [300, 17.8], [330, 19.4],
] // prettier-ignore
const fibula: [number, number][] = [
  [0, 6.4], [45, 7.6], [90, 8.6], [135, 7.8], [180, 6.8], [225, 6.8], [270, 7.9], [315, 7],
] // prettier-ignore
const radius: [number, number][] = [
  [0, 13.4], [18, 14.6], [36, 14], [62, 10.8], [90, 9.7], [120, 10.9], [150, 14], [178, 15.6],
  [208, 14], [238, 11], [256, 11.5], [272, 10], [298, 11.3], [328, 14.6], [344, 14.6],
] // prettier-ignore
const ulna: [number, number][] = [
  [0, 7.4], [45, 7.7], [90, 7.5], [135, 7.3], [180, 7.4], [225, 7.2], [270, 7.4], [315, 8.1],
] // prettier-ignore

type Plan = {
  main: [number, number][]
  second: [number, number][]
  gap: [number, number]
  limb: [number, number]
  limbCentre: [number, number]
  cortex: number
  secondCortex: number
  widening: number
}
const plans: Record<Site, Plan> = {
  tibia: { main: tibia, second: fibula, gap: [-26, 6.5], limb: [34, 35.5], limbCentre: [-5, 7], cortex: 1.25, secondCortex: 1.35, widening: -0.05 },
  radius: { main: radius, second: ulna, gap: [23.6, -1.5], limb: [29.5, 21.5], limbCentre: [7.5, 1], cortex: 0.85, secondCortex: 0.9, widening: -0.08 },
} // prettier-ignore

/**
 * The main bone's contour on a right limb of average size, four numbers a point: x, y in mm about the axis, and the
 * outward unit normal. Motion is measured on it.
 */
export function nominalContour(site: Site, points = 16): Float64Array {
  const plan = plans[site]
  const { radius } = outlineThrough(plan.main)
  const at = (i: number): [number, number] => {
    const step = ((i % radius.length) + radius.length) % radius.length
    const angle = (step * 2 * Math.PI) / radius.length
    return [radius[step]! * Math.cos(angle), radius[step]! * Math.sin(angle)]
  }
  const contour = new Float64Array(points * 4)
  for (let i = 0; i < points; i++) {
    const step = Math.round((i * radius.length) / points)
    const [x, y] = at(step)
    const [x0, y0] = at(step - 8)
    const [x1, y1] = at(step + 8)
    const length = Math.hypot(x1 - x0, y1 - y0)
    contour.set([x - plan.limbCentre[0], y - plan.limbCentre[1], (y1 - y0) / length, (x0 - x1) / length], 4 * i)
  }
  return contour
}

/** What a patient carries to both limbs and both sites. */
function constitution(seed: string, patient: number) {
  const random = randomFrom(`${seed}/patient/${patient}`)
  return {
    // -2 osteoporotic, +2 dense; never consulted by the motion.
    density: Math.max(-1.8, Math.min(1.6, random.normal())),
    size: Math.exp(0.045 * Math.max(-2, Math.min(2, random.normal()))),
    fat: Math.exp(0.35 * random.normal()),
    skin: 1.5 + 0.4 * random.uniform(),
    yellow: random.uniform(),
  }
}

/**
 * A patient's section at one site and side. The patient's constitution is shared by all scans, the shape's variation by
 * both sides (with a little asymmetry); the left limb is the right one's mirror image.
 */
export function anatomyOf(spec: Pick<ScanSpec, 'seed' | 'patientIndex' | 'site' | 'side'>): Anatomy {
  const { seed, patientIndex, site, side } = spec
  const person = constitution(seed, patientIndex)
  const shape = randomFrom(`${seed}/shape/${patientIndex}/${site}`)
  const own = randomFrom(`${seed}/side/${patientIndex}/${site}/${side}`)
  const plan = plans[site]
  const density = person.density + 0.15 * own.normal()
  const [limbX, limbY] = [plan.limbCentre[0], plan.limbCentre[1]]
  const size = person.size

  const bone = (points: [number, number][], cortex: number, x: number, y: number): BoneShape => {
    const common = wobble(shape, 0.022, 6, 2)
    const asymmetry = wobble(own, 0.006, 6, 2)
    const around = wobble(shape, 0.2, 5)
    const core = wobble(shape, 0.16, 3)
    return {
      x: (x - limbX) * size,
      y: (y - limbY) * size,
      outline: reshaped(outlineThrough(points), (angle) => size * (1 + common(angle) + asymmetry(angle))),
      cortex: cortex * Math.exp(0.17 * density + 0.1 * shape.normal()),
      cortexAround: (angle) => Math.exp(around(angle)),
      corticalDensity: 960 + 45 * density + 15 * shape.normal(),
      fraction: Math.max(0.07, 0.155 + 0.036 * density + 0.012 * shape.normal()),
      fractionAround: (angle) => 1 + core(angle),
      widening: plan.widening * (0.8 + 0.4 * shape.uniform()),
      thickening: 0.55 + 0.2 * shape.uniform(),
    }
  }
  const bones = [bone(plan.main, plan.cortex, 0, 0), bone(plan.second, plan.secondCortex, plan.gap[0], plan.gap[1])]
  const bulge = wobble(shape, 0.018, 5, 2)
  const [a, b] = plan.limb
  const limb = reshaped(ellipse(a * size, b * size), (angle) => 1 + bulge(angle))
  const swell = wobble(shape, 0.25, 3)
  const anatomy: Anatomy = {
    bones,
    limb,
    limbX: 0,
    limbY: 0,
    skin: person.skin,
    fat: (site === 'tibia' ? 3.2 : 2.2) * person.fat,
    fatAround: (angle) => Math.exp(swell(angle)),
    strands: strandsOf(site, shape, size, limbX, limbY),
    wavelength: (site === 'tibia' ? 1.85 : 1.75) * Math.exp(-0.1 * density + 0.06 * shape.normal()),
    cast: site === 'tibia' ? { a: 42, b: 42.5, wall: 1.7 } : { a: 35, b: 27.5, wall: 1.7 },
  }
  return side === 'right' ? anatomy : mirroredAnatomy(anatomy)
}

/** Tendons and vessels: ellipses (centre, semi-axes in mm, turn in radians) where they run at the two sites. */
function strandsOf(site: Site, random: Random, size: number, limbX: number, limbY: number): Strand[] {
  // Tibia: Achilles, tibialis posterior, flexors, peronei, tibialis anterior, extensors, vessels. Wrist: flexors, extensors.
  const places: [number, number, number, number, number][] =
    site === 'tibia'
      ? [
          [-4, 37, 7.5, 2.9, 1], [13, 20.5, 3.2, 2.2, 1], [6, 24, 3.4, 2.6, 1], [-6, 27, 5, 3.6, 1], [-24, 20, 3, 4, 1], [-28, 17, 2, 2.6, 1],
          [1, -21, 4.2, 2.4, 1], [-8, -21, 3, 2.1, 1], [-16, -18, 3.2, 2.2, 1], [3, 29, 1.5, 1.4, 0], [-3, -19.5, 1.1, 1, 0], [20, 5, 1.3, 1.1, 0],
        ]
      : [
          [-8, 13.5, 2.2, 1.8, 1], [-2, 15, 2.4, 2, 1], [4, 14.5, 2.8, 2.2, 1], [9, 15.5, 2.6, 2, 1], [14, 14, 2.6, 2, 1], [20, 13, 2.4, 2.2, 1],
          [-9, -12.6, 2.6, 1.4, 1], [0, -13.6, 2.2, 1.4, 1], [7, -13.4, 3, 1.6, 1], [15, -11.6, 2.2, 1.4, 1], [-14.5, 9.5, 1.2, 1.1, 0], [27, 11, 1.2, 1.1, 0],
        ] // prettier-ignore
  return places.map(([x, y, a, b, tendon]) => ({
    x: (x - limbX + 0.6 * random.normal()) * size,
    y: (y - limbY + 0.6 * random.normal()) * size,
    a: a * size * (0.9 + 0.2 * random.uniform()),
    b: b * size * (0.9 + 0.2 * random.uniform()),
    turn: 0.3 * random.normal(),
    density: tendon ? 46 : 16,
  }))
}

function ellipse(a: number, b: number): Outline {
  return outlineThrough(
    Array.from({ length: 36 }, (_, i) => {
      const t = (i * Math.PI) / 18
      return [i * 10, (a * b) / Math.hypot(b * Math.cos(t), a * Math.sin(t))] as const
    }),
  )
}

function mirroredAnatomy(right: Anatomy): Anatomy {
  const turned = (f: (angle: number) => number) => (angle: number) => f(Math.PI - angle)
  return {
    ...right,
    bones: right.bones.map((bone) => ({
      ...bone,
      x: -bone.x,
      outline: mirrored(bone.outline),
      cortexAround: turned(bone.cortexAround),
      fractionAround: turned(bone.fractionAround),
    })),
    limb: mirrored(right.limb),
    limbX: -right.limbX,
    fatAround: turned(right.fatAround),
    strands: right.strands.map((strand) => ({ ...strand, x: -strand.x, turn: -strand.turn })),
  }
}

/** How the limb lay in the scanner: every scan is positioned anew. mm, radians. */
export function positioningOf(spec: Pick<ScanSpec, 'seed' | 'id'>): {
  dx: number
  dy: number
  turn: number
  dz: number
} {
  const random = randomFrom(`${spec.seed}/positioning/${spec.id}`)
  return {
    dx: 1.1 * random.normal(),
    dy: 0.9 * random.normal(),
    turn: 0.07 * random.normal(),
    dz: 0.3 * random.normal(),
  }
}
