import { randomFrom } from '../domain/random.ts'
import { anatomyOf, positioningOf } from './anatomy.ts'
import type { Anatomy, BoneShape } from './anatomy.ts'
import { steps, wobble } from './outline.ts'
import { stackLength } from './sites.ts'
import { layerAt, trabecularTexture } from './texture.ts'
import type { Texture } from './texture.ts'
import type { ScanSpec } from './types.ts'
import { tissue } from './units.ts'

const turnToStep = steps / (2 * Math.PI)

/** A limb ready to be cut into slices. */
export type Limb = {
  anatomy: Anatomy
  texture: Texture
  position: { dx: number; dy: number; turn: number; dz: number }
  /** Slow change of the trabecular density from place to place, in (x, y, z) mm. */
  patches: (x: number, y: number, z: number) => number
}

/** The limb of a spec: anatomy and trabecular field by patient, site and side, position by scan. */
export function limbOf(spec: ScanSpec): Limb {
  const { seed, patientIndex, site, side } = spec
  const anatomy = anatomyOf(spec)
  const random = randomFrom(`${seed}/texture/${patientIndex}/${site}/${side}`)
  const texture = trabecularTexture(random, anatomy.wavelength)
  const terms = Array.from({ length: 9 }, () => {
    const length = 4 + 8 * random.uniform()
    const angle = 2 * Math.PI * random.uniform()
    const k = (2 * Math.PI) / length
    return [k * Math.cos(angle), k * Math.sin(angle), 0.25 * random.normal(), 2 * Math.PI * random.uniform()] as const
  })
  const patches = (x: number, y: number, z: number): number => {
    let sum = 0
    for (const [kx, ky, kz, phase] of terms) sum += Math.cos(kx * x + ky * y + kz * z + phase)
    return sum / 3
  }
  return { anatomy, texture, position: positioningOf(spec), patches }
}

/** Where a bone's own centre lies as the limb was positioned, mm from the axis. */
export function centreOf(
  { position }: Pick<Limb, 'position'>,
  bone: Pick<BoneShape, 'x' | 'y'>,
): { x: number; y: number } {
  const [cos, sin] = [Math.cos(position.turn), Math.sin(position.turn)]
  return { x: cos * bone.x - sin * bone.y + position.dx, y: sin * bone.x + cos * bone.y + position.dy }
}

/**
 * One slice of the limb (without the cast) in mgHA/cm3: size x size, x fastest, mean density over each pixel, air outside.
 * `z` in mm from the stack's middle, `pixel` in mm. Bone is sampled finer than the pixel, so that thin trabeculae and
 * the cortex's edge come out as partial volume, as in a scan.
 */
export function limbSlice(limb: Limb, z: number, size: number, pixel: number): Float32Array {
  const slice = new Float32Array(size * size).fill(tissue.air)
  softTissue(slice, limb, z, size, pixel)
  const layer = layerAt(limb.texture, z + limb.position.dz)
  for (const bone of limb.anatomy.bones) addBone(slice, limb, bone, layer, z + limb.position.dz, size, pixel)
  return slice
}

function softTissue(slice: Float32Array, limb: Limb, z: number, size: number, pixel: number): void {
  const { anatomy, position } = limb
  const cos = Math.cos(position.turn)
  const sin = Math.sin(position.turn)
  const half = (size - 1) / 2
  const grow = 1 + (0.02 * z) / stackLength
  const reach = anatomy.limb.largest * grow + pixel
  const fat = new Float32Array(steps)
  for (let i = 0; i < steps; i++) fat[i] = anatomy.fat * anatomy.fatAround((i * 2 * Math.PI) / steps)
  const streaky = wobble(randomFrom('septa'), 1, 4)
  const edge = (depth: number): number => Math.min(1, Math.max(0, depth / pixel + 0.5))
  for (let iy = 0; iy < size; iy++) {
    for (let ix = 0; ix < size; ix++) {
      const px = (ix - half) * pixel - position.dx
      const py = (iy - half) * pixel - position.dy
      const x = cos * px + sin * py
      const y = cos * py - sin * px
      const r = Math.hypot(x, y)
      if (r > reach) continue
      const step = (Math.atan2(y, x) * turnToStep + steps) & (steps - 1)
      const depth = (anatomy.limb.radius[step]! * grow - r) * anatomy.limb.tilt[step]!
      const inside = edge(depth)
      if (inside === 0) continue
      // Intermuscular fat makes the compartment uneven.
      const lean = 0.5 + 0.5 * Math.tanh(3 * (0.55 + 0.5 * streaky(0.35 * x) * streaky(0.3 * y)))
      let value = tissue.fat + lean * (tissue.muscle - tissue.fat)
      for (const strand of anatomy.strands) {
        const sx = x - strand.x
        const sy = y - strand.y
        if (sx * sx + sy * sy > 90) continue
        const c = Math.cos(strand.turn)
        const s = Math.sin(strand.turn)
        const u = (c * sx + s * sy) / strand.a
        const v = (c * sy - s * sx) / strand.b
        const d = (1 - Math.hypot(u, v)) * strand.b
        // A sheath of fat round the tendon.
        const sheath = edge(d + 0.7)
        value += sheath * (tissue.fat - value) * 0.7
        value += edge(d) * (strand.density - value)
      }
      const underFat = edge(depth - anatomy.skin - fat[step]!)
      value = tissue.fat + underFat * (value - tissue.fat)
      value = tissue.skin + edge(depth - anatomy.skin) * (value - tissue.skin)
      slice[iy * size + ix] = tissue.air + inside * (value - tissue.air)
    }
  }
}

function addBone(
  slice: Float32Array,
  limb: Limb,
  bone: BoneShape,
  layer: Float32Array,
  z: number,
  size: number,
  pixel: number,
): void {
  const { position, texture, patches } = limb
  const up = z / stackLength
  const grow = 1 + bone.widening * up
  const cortex = new Float32Array(steps)
  const fractions = new Float32Array(steps)
  for (let i = 0; i < steps; i++) {
    const angle = (i * 2 * Math.PI) / steps
    cortex[i] = Math.max(0.35, bone.cortex * bone.cortexAround(angle) * (1 + bone.thickening * up))
    // Towards the shaft the network thins out as the cortex thickens.
    fractions[i] = bone.fraction * bone.fractionAround(angle) * (1 - 0.2 * up)
  }
  const reach = bone.outline.largest * grow + pixel
  const cos = Math.cos(position.turn)
  const sin = Math.sin(position.turn)
  const { x: cx, y: cy } = centreOf(limb, bone)
  const half = (size - 1) / 2
  const first = (c: number): number => Math.max(0, Math.floor((c - reach) / pixel + half))
  const last = (c: number): number => Math.min(size - 1, Math.ceil((c + reach) / pixel + half))
  const fine = Math.max(1, Math.ceil(pixel / 0.17))
  const h = pixel / fine
  const share = 1 / (fine * fine)
  const n = texture.size
  const look = (x: number, y: number): number => {
    const u = x / texture.voxel + 4096 * n
    const v = y / texture.voxel + 4096 * n
    const i = Math.floor(u)
    const j = Math.floor(v)
    const fu = u - i
    const fv = v - j
    const i0 = i % n
    const j0 = (j % n) * n
    const i1 = i0 + 1 === n ? 0 : i0 + 1
    const j1 = j0 + n === n * n ? 0 : j0 + n
    const top = layer[j0 + i0]! * (1 - fu) + layer[j0 + i1]! * fu
    return top * (1 - fv) + (layer[j1 + i0]! * (1 - fu) + layer[j1 + i1]! * fu) * fv
  }
  for (let iy = first(cy); iy <= last(cy); iy++) {
    for (let ix = first(cx); ix <= last(cx); ix++) {
      const mx = (ix - half) * pixel - cx
      const my = (iy - half) * pixel - cy
      if (mx * mx + my * my > (reach + pixel) ** 2) continue
      const patch = patches(cos * mx + sin * my, cos * my - sin * mx, z)
      let covered = 0
      let sum = 0
      for (let k = 0; k < fine * fine; k++) {
        const px = mx + ((k % fine) + 0.5) * h - pixel / 2
        const py = my + (Math.floor(k / fine) + 0.5) * h - pixel / 2
        const x = cos * px + sin * py
        const y = cos * py - sin * px
        const r = Math.sqrt(x * x + y * y)
        const step = (Math.atan2(y, x) * turnToStep + steps) & (steps - 1)
        const depth = (bone.outline.radius[step]! * grow - r) * bone.outline.tilt[step]!
        if (depth < -h / 2) continue
        const inside = Math.min(1, depth / h + 0.5)
        // The network, seen at an angle of its own and gently bent, so that its period does not show.
        const wx = x * 0.94 + y * 0.34 + 0.5 * Math.sin(y * 0.31)
        const wy = y * 0.94 - x * 0.34 + 0.5 * Math.sin(x * 0.27)
        const f = look(wx, wy)
        const g = look(0.71 * wx + 7.3, 0.71 * wy - 4.9)
        const wall = depth - cortex[step]! * (1 + 0.16 * g)
        let value: number
        if (wall < 0) {
          // Cortical bone, denser in the middle than at its pores and its inner border.
          value = bone.corticalDensity - 60 * Math.max(0, f - 1.1) * 4 - 50 * Math.exp(wall / 0.25)
        } else {
          const core =
            fractions[step]! * (1 + 0.4 * patch + 1.1 * Math.exp(-wall / 1.1)) * (0.8 + 0.35 * Math.exp(-wall / 5))
          // Plates are where |f| is small; g punches holes into them and thickens others into rods.
          const halfWidth = 1.2533 * Math.max(0.02, core) * 1.75 * Math.max(0, 0.75 + 0.75 * g)
          const bony = Math.min(1, Math.max(0, (halfWidth - Math.abs(f)) / 0.35 + 0.5))
          value = tissue.marrow + bony * (tissue.trabecula - tissue.marrow)
        }
        covered += inside * share
        sum += inside * share * value
      }
      if (covered > 0) {
        const at = iy * size + ix
        slice[at] = slice[at]! * (1 - covered) + sum
      }
    }
  }
}
