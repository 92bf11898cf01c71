import { identityDirection, type Triple, type Volume } from './volume.ts'

export type Geometry = Pick<Volume, 'spacing' | 'origin' | 'direction' | 'oriented'>

export const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, v, i) => sum + v * (b[i] as number), 0)

export const norm = (a: readonly number[]): number => Math.hypot(...a)

export function cross(a: readonly number[], b: readonly number[]): Triple {
  const [ax, ay, az] = a as Triple
  const [bx, by, bz] = b as Triple
  return [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx]
}

/** Direction (row by row, columns are the axes) from the three axes. */
export function directionOf(axes: readonly (readonly number[])[]): number[] {
  return [0, 1, 2].flatMap((row) => axes.map((axis) => axis[row] as number))
}

/**
 * Spacing, origin and direction from a 3 x 4 matrix of voxel index -> LPS mm. A matrix that cannot be inverted or is not
 * finite gives an unknown spacing; axes that are not at right angles are kept, with a warning.
 */
export function splitAffine(rows: number[][], warnings: string[]): Geometry {
  const columns = [0, 1, 2].map((j) => rows.map((row) => row[j] as number))
  const origin = rows.map((row) => row[3] as number)
  const lengths = columns.map(norm)
  const usable = [...lengths, ...origin].every(Number.isFinite) && lengths.every((n) => n > 0 && n < 1e4)
  if (!usable) {
    warnings.push('The file gives no usable voxel size or orientation.')
    return { spacing: null, origin: [0, 0, 0], direction: identityDirection(), oriented: false }
  }
  const axes = columns.map((column, j) => column.map((v) => clean(v / (lengths[j] as number))))
  checkAxes(axes, warnings)
  return {
    spacing: lengths as Triple,
    origin: origin.map(clean) as Triple,
    direction: directionOf(axes),
    oriented: true,
  }
}

/** Warns of axes that are not at right angles (more than 0.06 degrees off) or span no volume. */
export function checkAxes(axes: readonly (readonly number[])[], warnings: string[]): void {
  const [x, y, z] = axes as [number[], number[], number[]]
  const skew = Math.max(Math.abs(dot(x, y)), Math.abs(dot(x, z)), Math.abs(dot(y, z)))
  if (skew > 1e-3) {
    const degrees = (Math.asin(Math.min(1, skew)) * 180) / Math.PI
    warnings.push(
      `The axes are ${degrees.toFixed(1)} degrees off the right angle; shown as if they were at right angles.`,
    )
  }
}

/** No negative zero. */
function clean(v: number): number {
  return v === 0 ? 0 : v
}
