import { cut, mirrored, mirroredColumns, sumOfSquaredDifferences } from './view-pair.ts'

/** Views at 0 and 180 degrees: line integrals, rows x columns, columns fastest. */
export type OppositeViews = { rows: number; columns: number; zero: Float64Array; opposite: Float64Array }

/** Views are clipped at this share of their largest line integral: what is left is the silhouette of the outermost thing. */
const silhouette = 0.03

/**
 * The column that the axis of rotation casts its shadow on, to a fraction of a bin, from the views at 0 and 180 degrees.
 *
 * A displaced limb and a displaced centre look alike where the whole views are matched: the motion would be taken for
 * the geometry and vanish. The cast does not move with the limb and is the outermost thing, so only silhouettes count:
 * line integrals clipped at 3 % of the largest, summed over the rows. Mirror images about c have centroids that add up to
 * 2c; from there the unclipped views are matched by least squares over the few bins about the silhouette's two edges. Without a cast the silhouette is the skin's, and a displacement of the whole limb
 * along the detector cannot be told from a displaced centre: give the scanner's own centre there.
 *
 * Where no air is seen at both ends of the rows there is no silhouette: the whole views are registered by their mean
 * squared difference, in half bins and then, by golden section, in fractions.
 */
export function centreOfRotation(views: OppositeViews): {
  centre: number
  centreBy: 'silhouette' | 'registration'
} {
  const { rows, columns, zero, opposite } = views
  const limit = silhouette * Math.min(meanPeak(zero, rows, columns), meanPeak(opposite, rows, columns))
  const profiles = [zero, opposite].map((view) => clippedProfile(view, columns, limit))
  const edge = Math.max(1, Math.floor(columns / 100))
  const air = (profile: Float64Array): boolean =>
    Math.max(mean(profile.subarray(0, edge)), mean(profile.subarray(columns - edge))) < 0.25 * limit * rows
  const centroids = profiles.map(centroid)
  if (limit > 0 && profiles.every(air) && centroids.every((c) => c > 0 && c < columns - 1))
    return {
      centre: settled(
        matchedEdges(
          views,
          profiles[0]!.map((v) => v / rows),
          limit / 2,
          (centroids[0]! + centroids[1]!) / 2,
        ),
      ),
      centreBy: 'silhouette',
    }
  return { centre: settled(registered(views)), centreBy: 'registration' }
}

/** A centre within a five-hundredth of a bin of a half bin is taken there: resampling would only add rounding. */
function settled(centre: number): number {
  const half = Math.round(2 * centre) / 2
  return Math.abs(centre - half) < 0.002 ? half : centre
}

function meanPeak(view: Float64Array, rows: number, columns: number): number {
  let sum = 0
  for (let row = 0; row < rows; row++)
    sum += view.subarray(row * columns, (row + 1) * columns).reduce((a, b) => (a > b ? a : b))
  return sum / rows
}

/** Sum over the rows of min(value, limit); noise below zero stays, so that air's mean is zero. */
function clippedProfile(view: Float64Array, columns: number, limit: number): Float64Array {
  const profile = new Float64Array(columns)
  for (let i = 0; i < view.length; i++) profile[i % columns]! += Math.min(view[i]!, limit)
  return profile
}

function mean(values: Float64Array): number {
  return values.reduce((a, b) => a + b, 0) / values.length
}

function centroid(profile: Float64Array): number {
  const mass = profile.reduce((a, b) => a + b, 0)
  return profile.reduce((sum, value, x) => sum + value * x, 0) / mass
}

/** Bins on each side of a silhouette's edge that are matched: the cast's wall, and nothing of the limb within it. */
const edgeReach = 3

/** The centre within a bin of `start` about which the edges of the silhouette at 0 degrees mirror those at 180. */
function matchedEdges({ columns, zero, opposite }: OppositeViews, profile: Float64Array, level: number, start: number) {
  const edges = [profile.findIndex((value) => value > level), profile.findLastIndex((value) => value > level)]
  const window = (x: number): boolean => edges.some((edge) => Math.abs(x - edge) <= edgeReach)
  const [f, g] = [clippedProfile(zero, columns, Infinity), clippedProfile(opposite, columns, Infinity)]
  const cost = (centre: number): number => {
    const other = mirrored(g, columns, centre)
    return f.reduce((sum, value, x) => (window(x) ? sum + (value - other[x]!) ** 2 : sum), 0)
  }
  return refined(cost, start, 1)
}

/** Mean squared difference of rows at 0 degrees and at 180, mirrored about `centre`. */
function mismatch([zero, opposite]: Float64Array[], columns: number, centre: number): number {
  const { first, last } = mirroredColumns(columns, centre)
  const f = cut(zero!, columns, first, last)
  const g = cut(mirrored(opposite!, columns, centre), columns, first, last)
  return sumOfSquaredDifferences(f, g) / f.length
}

function registered({ columns, zero, opposite }: OppositeViews): number {
  const cost = (centre: number): number => mismatch([zero, opposite], columns, centre)
  let best = (columns - 1) / 2
  let least = cost(best)
  // Half bins that leave at least half of the columns to compare.
  for (let k = Math.ceil(columns / 2); k <= 1.5 * (columns - 1); k++) {
    const value = cost(k / 2)
    if (value < least) [best, least] = [k / 2, value]
  }
  return refined(cost, best, 0.5)
}

/** The place of the least cost within `reach` of `start`, to a thousandth, by golden section. */
function refined(cost: (centre: number) => number, start: number, reach: number): number {
  let [a, b] = [start - reach, start + reach]
  const golden = (Math.sqrt(5) - 1) / 2
  let [left, right] = [b - golden * (b - a), a + golden * (b - a)]
  let [atLeft, atRight] = [cost(left), cost(right)]
  while (b - a > 0.001) {
    if (atLeft < atRight) {
      ;[b, right, atRight] = [right, left, atLeft]
      left = b - golden * (b - a)
      atLeft = cost(left)
    } else {
      ;[a, left, atLeft] = [left, right, atRight]
      right = a + golden * (b - a)
      atRight = cost(right)
    }
  }
  return (a + b) / 2
}
