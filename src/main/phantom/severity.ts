import { nominalContour } from './anatomy.ts'
import { poseAt, randomCourse, scaled } from './motion.ts'
import type { Motion, MotionKind } from './motion.ts'
import type { Site } from './types.ts'

/**
 * The measure of motion that the true grade follows from: the root mean square, over the views and over the main bone's
 * contour, of the displacement along the detector that no resting position explains, in mm.
 *
 * A view sees only the displacement across its rays, n(theta) . (P r - r). A limb that merely lies elsewhere displaces
 * all views consistently and leaves no artefact, so the best constant displacement and turn (least squares) is taken
 * out. What is left makes the projections inconsistent (Sode 2011 compare 0 with 180 degrees for the same reason). The
 * measure grows in proportion with a course's size, and is 0 exactly for a limb at rest.
 */
export function motionMeasure(motion: Motion, site: Site, views = 360): number {
  const contour = nominalContour(site)
  const points = contour.length / 2
  const displaced = new Float64Array(views * points)
  // Normal equations of displaced ~ a * nx + b * ny + c * (n . J r), the turn to first order.
  const m = new Float64Array(9)
  const rhs = new Float64Array(3)
  let square = 0
  for (let k = 0; k < views; k++) {
    const time = k / (views - 1)
    const theta = Math.PI * time
    const nx = -Math.sin(theta)
    const ny = Math.cos(theta)
    const pose = poseAt(motion, time)
    const cos = Math.cos(pose.turn)
    const sin = Math.sin(pose.turn)
    for (let i = 0; i < points; i++) {
      const x = contour[2 * i]!
      const y = contour[2 * i + 1]!
      const e = nx * (cos * x - sin * y + pose.dx - x) + ny * (sin * x + cos * y + pose.dy - y)
      displaced[k * points + i] = e
      square += e * e
      const row = [nx, ny, -nx * y + ny * x]
      for (let r = 0; r < 3; r++) {
        rhs[r]! += row[r]! * e
        for (let c = 0; c < 3; c++) m[3 * r + c]! += row[r]! * row[c]!
      }
    }
  }
  const rest = solve3(m, rhs)
  const explained = rest[0] * rhs[0]! + rest[1] * rhs[1]! + rest[2] * rhs[2]!
  return Math.sqrt(Math.max(0, square - explained) / displaced.length)
}

/** Solution of a symmetric positive 3 x 3 system by elimination. */
function solve3(matrix: Float64Array, right: Float64Array): [number, number, number] {
  const a = matrix.slice()
  const b = right.slice()
  for (let p = 0; p < 3; p++)
    for (let r = p + 1; r < 3; r++) {
      const f = a[3 * r + p]! / a[3 * p + p]!
      for (let c = p; c < 3; c++) a[3 * r + c]! -= f * a[3 * p + c]!
      b[r]! -= f * b[p]!
    }
  const z = b[2]! / a[8]!
  const y = (b[1]! - a[5]! * z) / a[4]!
  return [(b[0]! - a[1]! * y - a[2]! * z) / a[0]!, y, z]
}

/**
 * Measures in mm where one grade passes into the next: 1|2, 2|3, 3|4, 4|5. What each grade looks like (manufacturer's
 * scale, as in Sode 2011, Pialat 2012 and Whittier 2020): 1 no visible artefact; 2 faint streaks off the cortex;
 * 3 streaks that are plain to see, the cortex still closed; 4 heavy streaks, the cortex broken or doubled, trabeculae
 * smeared; 5 streaks across the picture, structure lost. The bounds were set by looking at phantom slices of both sites
 * until they showed this, and rise in equal ratios because streaks' visibility follows the logarithm of their size.
 */
export const gradeBounds = [0.055, 0.14, 0.34, 0.75] as const
const smallest = 0.022
const largest = 1.5

/**
 * Continuous severity in 0.5..5.5 of a measure in mm: linear in its logarithm between the bounds, which lie at 1.5, 2.5,
 * 3.5 and 4.5. Monotone; below the smallest visible motion it is 0.5, above the largest 5.5.
 */
export function severityOf(measure: number): number {
  const knots = [smallest, ...gradeBounds, largest]
  if (measure <= smallest) return 0.5
  if (measure >= largest) return 5.5
  const i = knots.findIndex((knot) => measure < knot) - 1
  return 0.5 + i + Math.log(measure / knots[i]!) / Math.log(knots[i + 1]! / knots[i]!)
}

/** The measure in mm that has this severity (0.5 to 5.5): the inverse of `severityOf`. */
export function measureOf(severity: number): number {
  const knots = [smallest, ...gradeBounds, largest]
  const s = Math.min(5, Math.max(0, severity - 0.5))
  const i = Math.min(4, Math.floor(s))
  return knots[i]! * Math.pow(knots[i + 1]! / knots[i]!, s - i)
}

/** Grade 1-5 of a severity. */
export function gradeOf(severity: number): number {
  return Math.min(5, Math.max(1, Math.floor(severity + 0.5)))
}

/** A random course whose measure is that of `severity` (0.5 to 5.5); at 0.5 the limb keeps still. */
export function courseOf(seed: string, site: Site, severity: number, kind?: MotionKind): Motion {
  if (severity <= 0.5) return { events: [] }
  const course = randomCourse(seed, kind)
  const wanted = measureOf(severity)
  // A turn is not quite linear; two steps bring it within a thousandth.
  let motion = course
  for (let i = 0; i < 3; i++) motion = scaled(motion, wanted / motionMeasure(motion, site))
  return motion
}
