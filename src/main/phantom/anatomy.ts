import { randomFrom } from '../domain/random.ts'
import type { Random } from '../domain/random.ts'
import { mirrored, outlineThrough, reshaped, wobble } from './outline.ts'
import type { Outline } from './outline.ts'
import { plans, strandPlaces } from './sites.ts'
import type { ScanSpec, Site } from './types.ts'
import { tissue } from './units.ts'

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
  /** Skin's outer contour about the axis. */
  limb: Outline
  skin: number
  fat: number
  fatAround: (angle: number) => number
  strands: Strand[]
  /** Trabecular field: wavelength in mm (about twice the trabecular spacing). */
  wavelength: number
  /** Semi-axes of the cast's inner wall, its thickness, centred on the axis of rotation. */
  cast: { a: number; b: number; wall: number }
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
    skin: person.skin,
    fat: (site === 'tibia' ? 3.2 : 2.2) * person.fat,
    fatAround: (angle) => Math.exp(swell(angle)),
    strands: strandsOf(site, shape, size, limbX, limbY),
    wavelength: (site === 'tibia' ? 1.85 : 1.75) * Math.exp(-0.1 * density + 0.06 * shape.normal()),
    cast: site === 'tibia' ? { a: 42, b: 42.5, wall: 1.7 } : { a: 35, b: 27.5, wall: 1.7 },
  }
  return side === 'right' ? anatomy : mirroredAnatomy(anatomy)
}

/** Tendons and vessels where they run at the site, each a little elsewhere; turn in radians. */
function strandsOf(site: Site, random: Random, size: number, limbX: number, limbY: number): Strand[] {
  return strandPlaces[site].map(([x, y, a, b, tendon]) => ({
    x: (x - limbX + 0.6 * random.normal()) * size,
    y: (y - limbY + 0.6 * random.normal()) * size,
    a: a * size * (0.9 + 0.2 * random.uniform()),
    b: b * size * (0.9 + 0.2 * random.uniform()),
    turn: 0.3 * random.normal(),
    density: tendon ? tissue.tendon : tissue.vessel,
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
