import type { Random } from '../../domain/random.ts'
import { field, thicknessAt } from './anatomy.ts'
import type { HeelAnatomy } from './anatomy.ts'

/**
 * The trabecular bone's path length behind each pixel, in mm: rods at random places (a Boolean model, Stoyan, Kendall and Mecke,
 * Stochastic Geometry, 1995, chapter 3), their directions around the principal one, projected from side to side. A
 * rod across the beam is a cylinder: its chord at the distance d from the axis is 2 sqrt(r^2 - d^2).
 */
export function projectRods(anatomy: HeelAnatomy, random: Random): Float32Array {
  const { width, height, pixel } = field
  const [columns, rows] = [Math.round(width / pixel), Math.round(height / pixel)]
  const paths = new Float32Array(columns * rows)
  const { density, diameter, length, anisotropy } = anatomy.trabeculae
  const { thickness, cortex } = anatomy
  const count = Math.round(density * width * height * thickness)
  for (let rod = 0; rod < count; rod++) {
    const x = random.uniform() * width
    const y = random.uniform() * height
    const z = (random.uniform() - 0.5) * thickness
    // Trabeculae fill the body within the shell.
    if (2 * Math.abs(z) > thicknessAt(anatomy, x, y, cortex)) continue
    const angle = anatomy.direction + arch(anatomy, x, y) + vonMises(random, anisotropy) / 2
    // Out of the plane by up to some 50 degrees: shorter in the projection, and as much thicker.
    const cos = Math.cos(0.4 * random.normal())
    const radius = (diameter / 2) * Math.exp(0.15 * random.normal())
    const half = 0.5 * length * Math.exp(0.3 * random.normal()) * Math.max(0.3, cos)
    drawRod(paths, columns, rows, {
      x: x / pixel,
      y: y / pixel,
      dx: Math.cos(angle),
      dy: Math.sin(angle),
      half: half / pixel,
      radius: radius / pixel,
      chord: (2 * pixel) / Math.max(0.3, cos),
    })
  }
  return paths
}

/** Trabeculae curve with the load from the ankle to the sole: the direction turns along the bone. */
function arch(anatomy: HeelAnatomy, x: number, y: number): number {
  const { centre, half, pitch } = anatomy
  return (0.5 * ((x - centre.x) * Math.cos(pitch) + (y - centre.y) * Math.sin(pitch))) / half.along
}

interface Rod {
  /** Middle, in pixels, and direction. */
  x: number
  y: number
  dx: number
  dy: number
  half: number
  radius: number
  /** Path in mm for a chord of one pixel's half. */
  chord: number
}

/** Line by line across the rod's steeper axis: only pixels near the rod are looked at. */
function drawRod(paths: Float32Array, columns: number, rows: number, rod: Rod): void {
  const { x, y, dx, dy, half, radius, chord } = rod
  const steep = Math.abs(dy) >= Math.abs(dx)
  // Along the steeper axis (a) and across the picture to it (b): where they start, how far they go, their step in memory.
  const [a0, b0, da, db] = steep ? [y, x, dy, dx] : [x, y, dx, dy]
  const [lines, breadth, lineStep, step] = steep ? [rows, columns, columns, 1] : [columns, rows, 1, columns]
  const reach = Math.abs(da) * half + radius
  const width = radius / Math.abs(da)
  const square = radius * radius
  const last = Math.min(lines - 1, Math.ceil(a0 + reach))
  for (let a = Math.max(0, Math.floor(a0 - reach)); a <= last; a++) {
    const along = a - a0
    const middle = b0 + (along * db) / da
    const right = Math.min(breadth - 1, Math.floor(middle + width))
    for (let b = Math.max(0, Math.ceil(middle - width)); b <= right; b++) {
      const beside = b - b0
      if (Math.abs(along * da + beside * db) > half) continue
      const away = beside * da - along * db
      const inside = square - away * away
      if (inside > 0) paths[a * lineStep + b * step]! += chord * Math.sqrt(inside)
    }
  }
}

/** An angle in [-pi, pi] of the von Mises distribution around 0 (Best and Fisher 1979, Applied Statistics 28:152-157). */
function vonMises(random: Random, kappa: number): number {
  const tau = 1 + Math.sqrt(1 + 4 * kappa * kappa)
  const rho = (tau - Math.sqrt(2 * tau)) / (2 * kappa)
  const r = (1 + rho * rho) / (2 * rho)
  for (;;) {
    const z = Math.cos(Math.PI * random.uniform())
    const f = (1 + r * z) / (r + z)
    const c = kappa * (r - f)
    const u = random.uniform()
    if (c * (2 - c) > u || Math.log(c / u) + 1 >= c) {
      return Math.sign(random.uniform() - 0.5) * Math.acos(Math.max(-1, Math.min(1, f)))
    }
  }
}
