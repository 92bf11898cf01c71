import { ConcordError } from './error.ts'
import { motionAngles } from './qme.ts'
import type { MotionViewSet } from './qme.ts'

/** A scanner whose rays start at a point: mm, and degrees from one view to the next. */
export type FanGeometry = {
  /** Source to the axis of rotation. */
  sourceAxis: number
  /** Source to the flat detector. */
  sourceDetector: number
  /** Width of a detector bin. */
  bin: number
  step: number
}

/** Fan-beam views as they lie in a file. */
export type FanViews = {
  geometry: FanGeometry
  views: number
  rows: number
  columns: number
  /** First and last column that saw the beam. */
  valid: readonly [number, number]
}

/** 1: the object turns so that a ray's angle is its view's plus its place in the fan; -1: minus. */
export type Direction = 1 | -1

/** Less than this share of the detector is no picture of the limb any more. */
const leastShare = 0.5

const degree = Math.PI / 180

/**
 * Where the three parallel views of the motion estimate lie in fan-beam views (Kak and Slaney 1988, section 3.4.3,
 * equations 104 and 105): the ray at angle gamma in the fan of the view at beta is the ray of the parallel view at
 * theta = beta + gamma, at s = R sin gamma from the axis, R being the source's distance. The parallel bins are as wide as
 * the detector's cast back onto the axis and keep its numbers; `centre` is the column of the ray through the axis.
 *
 * A whole parallel view at 0 and one at 180 degrees need a turn of 180 degrees and the fan's angle; the first of them
 * lies half the fan's angle behind the first view. Where the turn is shorter the views are cut on both sides. A row is treated as a
 * plane of its own: the few degrees by which the rays of the outer rows are tilted are left out. Throws `fan-beam`.
 */
export function parallelPlan({ geometry, views, columns, valid }: FanViews, centre: number, direction: Direction) {
  const { sourceAxis, sourceDetector, bin, step } = geometry
  const width = (bin * sourceAxis) / sourceDetector
  const reach = Math.min(centre - valid[0], valid[1] - centre)
  const edge = Math.atan((reach * bin) / sourceDetector)
  const turn = (views - 1) * step * degree
  const spare = (turn - Math.PI - motionAngles[1] * degree) / 2
  const fan = Math.min(edge, spare)
  // Within this many bins of the centre both views are whole.
  const half = Math.floor((sourceAxis * Math.sin(Math.max(0, fan))) / width)
  if (half < leastShare * reach)
    throw new ConcordError(
      'fan-beam',
      `The fan-beam views cover ${(turn / degree).toFixed(1)} degrees; parallel views at 0 and 180 degrees need ` +
        `180 and the fan's own ${((2 * edge) / degree).toFixed(1)}.`,
    )
  const first = Math.max(Math.ceil(centre) - half, 0)
  const last = Math.min(Math.floor(centre) + half, columns - 1)
  const places = motionAngles.map((angle) =>
    Array.from({ length: last - first + 1 }, (_, i) => {
      const gamma = Math.asin(((first + i - centre) * width) / sourceAxis)
      return {
        view: (fan + angle * degree - direction * gamma) / (step * degree),
        column: centre + (sourceDetector * Math.tan(gamma)) / bin,
      }
    }),
  )
  return { first, last, places, fanAngle: (2 * fan) / degree }
}

/** The three parallel views of some rows, interpolated linearly between views and bins; each fan-beam view is read once. */
export async function rebinned(
  fan: FanViews,
  rows: number,
  plan: ReturnType<typeof parallelPlan>,
  read: (view: number) => Promise<Float64Array>,
): Promise<MotionViewSet> {
  const width = plan.last - plan.first + 1
  const out = plan.places.map(() => new Float64Array(rows * width))
  const tasks = new Map<number, { of: number; x: number; column: number; weight: number }[]>()
  for (const [of, places] of plan.places.entries())
    for (const [x, { view, column }] of places.entries())
      for (const [k, weight] of neighbours(view, fan.views)) {
        if (weight === 0) continue
        const list = tasks.get(k) ?? []
        list.push({ of, x, column, weight })
        tasks.set(k, list)
      }
  for (const k of [...tasks.keys()].sort((a, b) => a - b)) {
    const view = await read(k)
    for (const { of, x, column, weight } of tasks.get(k)!)
      for (const [i, share] of neighbours(column, fan.columns))
        for (let row = 0; row < rows; row++) out[of]![row * width + x]! += weight * share * view[row * fan.columns + i]!
  }
  const [zero, adjacent, opposite] = out as [Float64Array, Float64Array, Float64Array]
  return { rows, columns: width, zero, adjacent, opposite }
}

/** The two whole numbers about a place, and how much each counts; places a rounding error outside are taken inside. */
function neighbours(place: number, count: number): [index: number, weight: number][] {
  const at = Math.min(count - 1, Math.max(0, place))
  const low = Math.min(count - 2, Math.floor(at))
  return [
    [low, low + 1 - at],
    [low + 1, at - low],
  ]
}
