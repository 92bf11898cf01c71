/**
 * A closed contour as a radius over the angle about its centre, sampled finely so that a pixel costs one look-up.
 * Angles run from +x towards +y (image rows grow downwards).
 */
export type Outline = {
  /** mm; `steps` samples over the full turn. */
  radius: Float32Array
  /** Cosine of the angle between the radius and the contour's normal: turns a radial gap into a distance. */
  tilt: Float32Array
  largest: number
}

export const steps = 1024

/** Periodic Catmull-Rom through (degrees, mm) points in rising order of angle. */
export function outlineThrough(points: readonly (readonly [number, number])[]): Outline {
  const n = points.length
  const radius = new Float32Array(steps)
  for (let i = 0; i < steps; i++) {
    const angle = (i * 360) / steps
    let k = n - 1
    while (k > 0 && points[k]![0] > angle) k--
    const at = (j: number): [number, number] => {
      const turn = Math.floor(j / n)
      const p = points[j - turn * n]!
      return [p[0] + 360 * turn, p[1]]
    }
    if (angle < points[0]![0]) k = -1
    const [a0, r0] = at(k - 1)
    const [a1, r1] = at(k)
    const [a2, r2] = at(k + 1)
    const [a3, r3] = at(k + 2)
    const u = (angle - a1) / (a2 - a1)
    const m1 = ((r2 - r0) / (a2 - a0)) * (a2 - a1)
    const m2 = ((r3 - r1) / (a3 - a1)) * (a2 - a1)
    const u2 = u * u
    const u3 = u2 * u
    radius[i] = (2 * u3 - 3 * u2 + 1) * r1 + (u3 - 2 * u2 + u) * m1 + (3 * u2 - 2 * u3) * r2 + (u3 - u2) * m2
  }
  return finished(radius)
}

/** The same contour with `change(angle in radians)` times its radius. */
export function reshaped(outline: Outline, change: (angle: number) => number): Outline {
  return finished(outline.radius.map((r, i) => r * change((i * 2 * Math.PI) / steps)))
}

/** The contour seen in a mirror (x to -x). */
export function mirrored(outline: Outline): Outline {
  return finished(outline.radius.map((_, i) => outline.radius[(steps / 2 - i + steps) % steps]!))
}

function finished(radius: Float32Array): Outline {
  const tilt = new Float32Array(steps)
  let largest = 0
  for (let i = 0; i < steps; i++) {
    const slope = ((radius[(i + 1) % steps]! - radius[(i + steps - 1) % steps]!) * steps) / (4 * Math.PI)
    tilt[i] = 1 / Math.sqrt(1 + (slope / radius[i]!) ** 2)
    largest = Math.max(largest, radius[i]!)
  }
  return { radius, tilt, largest }
}

/** A smooth periodic function of the angle, mean 0, variance about `size` squared, from harmonics 1 to `harmonics`. */
export function wobble(
  random: { normal(): number },
  size: number,
  harmonics: number,
  from = 1,
): (angle: number) => number {
  const count = harmonics - from + 1
  const terms = Array.from({ length: count }, (_, i) => [i + from, random.normal(), random.normal()] as const)
  const scale = size / Math.sqrt(count)
  return (angle) => {
    let sum = 0
    for (const [k, a, b] of terms) sum += a * Math.cos(k * angle) + b * Math.sin(k * angle)
    return sum * scale
  }
}
