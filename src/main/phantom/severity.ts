import { nominalContour } from './sites.ts'
import { poseAt, randomCourse, scaled } from './motion.ts'
import type { Motion, MotionKind } from './motion.ts'
import type { Site } from './types.ts'

/** Share of the acquisition over which a disagreement between views counts as slow: 30 of 180 degrees. */
const slowSpan = 1 / 6

/** How much more a fast disagreement weighs in the mean square. */
const fastWeight = 3

/**
 * The measure of motion that the true grade follows from, in mm: the root mean square of the cortex's displacement on
 * the detector that no resting position explains.
 *
 * - Over the views, and over the main bone's contour where a view grazes it (weight (N . n)^2 of the contour's normal N
 *   and the detector's axis n): a view's edges are where its rays touch the cortex; a round bone may turn unseen.
 * - A view sees only the displacement across its rays, n . (P r - r). A limb that merely lies elsewhere displaces all
 *   views consistently and leaves no artefact, so the best constant displacement and turn (least squares) is taken out.
 *   What is left makes the projections inconsistent, as in Sode 2011, who compare 0 with 180 degrees.
 * - Slow disagreement partly deforms the picture; views that disagree with their neighbours leave streaks. What
 *   departs from the running mean over 30 degrees counts `fastWeight` times again.
 *
 * It grows in proportion with a course's size (but for large turns) and is 0 for a limb at rest. Over 160 random courses
 * of all four kinds at both sites, the correlation of its logarithm with that of the artefacts' RMS in soft tissue
 * (reconstruction less that of the limb at rest) is 0.93; it is 0.85 for the plain RMS displacement.
 */
export function motionMeasure(motion: Motion, site: Site, views = 180): number {
  if (motion.events.length === 0) return 0
  const contour = nominalContour(site)
  const points = contour.length / 4
  const residual = new Float64Array(views * points)
  const weight = new Float64Array(views * points)
  // Normal equations of e ~ a * nx + b * ny + c * lever, the turn to first order: upper half of the matrix, right side.
  const sums = new Float64Array(9)
  let total = 0
  for (let at = 0; at < residual.length; at++) {
    const time = Math.floor(at / points) / (views - 1)
    const nx = -Math.sin(Math.PI * time)
    const ny = Math.cos(Math.PI * time)
    const { dx, dy, turn } = poseAt(motion, time)
    const i = 4 * (at % points)
    const x = contour[i]!
    const y = contour[i + 1]!
    const e =
      nx * (Math.cos(turn) * x - Math.sin(turn) * y + dx - x) + ny * (Math.sin(turn) * x + Math.cos(turn) * y + dy - y)
    const lever = ny * x - nx * y
    const w = (contour[i + 2]! * nx + contour[i + 3]! * ny) ** 2
    residual[at] = e
    weight[at] = w
    total += w
    sums[0]! += w * nx * nx
    sums[1]! += w * nx * ny
    sums[2]! += w * nx * lever
    sums[3]! += w * ny * ny
    sums[4]! += w * ny * lever
    sums[5]! += w * lever * lever
    sums[6]! += w * nx * e
    sums[7]! += w * ny * e
    sums[8]! += w * lever * e
  }
  const [a, b, c] = solveSymmetric(sums)
  for (let at = 0; at < residual.length; at++) {
    const time = Math.floor(at / points) / (views - 1)
    const nx = -Math.sin(Math.PI * time)
    const ny = Math.cos(Math.PI * time)
    const i = 4 * (at % points)
    residual[at]! -= a * nx + b * ny + c * (ny * contour[i]! - nx * contour[i + 1]!)
  }
  let square = 0
  for (let i = 0; i < points; i++) {
    const line = Float64Array.from({ length: views }, (_, k) => residual[k * points + i]!)
    const slow = runningMean(line, Math.round((views * slowSpan) / 2))
    for (let k = 0; k < views; k++)
      square += weight[k * points + i]! * (line[k]! ** 2 + fastWeight * (line[k]! - slow[k]!) ** 2)
  }
  return Math.sqrt(square / total)
}

/** Mean over up to `half` neighbours on each side, fewer at the ends. */
function runningMean(line: Float64Array, half: number): Float64Array {
  const sums = new Float64Array(line.length + 1)
  for (let i = 0; i < line.length; i++) sums[i + 1] = sums[i]! + line[i]!
  return line.map((_, i) => {
    const from = Math.max(0, i - half)
    const to = Math.min(line.length, i + half + 1)
    return (sums[to]! - sums[from]!) / (to - from)
  })
}

/** Solution of a symmetric 3 x 3 system, given as its upper half by rows and its right side, by elimination. */
function solveSymmetric(sums: Float64Array): [number, number, number] {
  const [a, b, c, d, e, f, p, q, r] = sums as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const d1 = d - (b * b) / a
  const e1 = e - (b * c) / a
  const f1 = f - (c * c) / a
  const q1 = q - (b * p) / a
  const r1 = r - (c * p) / a
  const z = (r1 - (e1 * q1) / d1) / (f1 - (e1 * e1) / d1)
  const y = (q1 - e1 * z) / d1
  return [(p - b * y - c * z) / a, y, z]
}

/**
 * Measures in mm where one grade passes into the next: 1|2, 2|3, 3|4, 4|5. What each grade looks like (manufacturer's
 * scale, as in Sode 2011, Pialat 2012 and Whittier 2020): 1 no visible artefact; 2 faint streaks off the cortex;
 * 3 streaks that are plain to see, the cortex still closed; 4 heavy streaks, the cortex broken or doubled, trabeculae
 * smeared; 5 streaks across the picture, structure lost. The bounds were set by looking at phantom slices of both sites
 * until they showed this, and rise in equal ratios because streaks' visibility follows the logarithm of their size.
 */
const gradeBounds = [0.055, 0.14, 0.34, 0.75] as const
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
