import { centreOfRotation, type OppositeViews } from './centre-of-rotation.ts'
import { ConcordError } from './error.ts'
import { cut, mirrored, mirroredColumns, normalisedCrossCorrelation, sumOfSquaredDifferences } from './view-pair.ts'

/**
 * The quantitative motion estimate (QME) of Sode, Burghardt, Pialat, Link and Majumdar (Quantitative characterization of
 * subject motion in HR-pQCT images of the distal radius and tibia, Bone 48(6):1291-1297, 2011), as the thesis prints it in
 * its equations 2.1 and 2.2: the parallel view at 180 degrees, mirrored about the centre of rotation, is the view at 0
 * degrees again unless the limb moved between the two.
 *
 * Three views cannot see a movement that was undone before the last one (a twitch, a tremor), nor one along the rays.
 */
export type MotionViewSet = OppositeViews & {
  /** The view at 0.24 degrees. */
  adjacent: Float64Array
}

/** Degrees of the three views that are compared. */
export const motionAngles = [0, 0.24, 180] as const

export type Similarity = { opposite: number; adjacent: number }
export type MotionEstimate = {
  ssd: Similarity
  /** Null where a view is zero everywhere. */
  ncc: { opposite: number | null; adjacent: number | null }
  /** SSD ratio: rises with motion; about 1 or less at rest, where photon noise is all that differs. */
  qmeSSD: number | null
  /** 100 at rest, falls with motion. */
  qmeNCC: number | null
  /** Column (0 is the middle of the first one) that the axis of rotation casts its shadow on. */
  centre: number
  centreBy: 'silhouette' | 'registration' | 'given'
  /** Why a figure is null. */
  reason?: string
}

/**
 * QME (equation 2.2): SSD of 0 against 180 degrees over that of 0 against 0.24, and 100 times the root of the NCCs'
 * quotient. Both pairs are compared over the columns whose mirror image lies on the detector. The centre of rotation is
 * found (`centreOfRotation`) where none is given. Throws `bad-projections` where sizes do not fit or a value is not finite.
 */
export function motionEstimate(views: MotionViewSet, given?: number): MotionEstimate {
  const { rows, columns, zero } = views
  for (const view of [zero, views.adjacent, views.opposite]) {
    if (view.length !== rows * columns || view.length === 0)
      throw new ConcordError('bad-projections', `A view holds ${view.length} values, not ${rows} x ${columns}.`)
    if (!view.every(Number.isFinite))
      throw new ConcordError('bad-projections', 'The projections hold values that are not numbers (NaN or infinite).')
  }
  if (given !== undefined && !(given > 0 && given < columns - 1))
    throw new ConcordError('bad-projections', `The centre must lie between 0 and ${columns - 1}, not at ${given}.`)
  const found = given === undefined ? centreOfRotation(views) : { centre: given, centreBy: 'given' as const }
  const { first, last } = mirroredColumns(columns, found.centre)
  const f = cut(zero, columns, first, last)
  const near = cut(views.adjacent, columns, first, last)
  const far = cut(mirrored(views.opposite, columns, found.centre), columns, first, last)
  const ssd = { opposite: sumOfSquaredDifferences(f, far), adjacent: sumOfSquaredDifferences(f, near) }
  const ncc = { opposite: normalisedCrossCorrelation(f, far), adjacent: normalisedCrossCorrelation(f, near) }
  const reasons: string[] = []
  if (ssd.adjacent === 0) reasons.push('the views at 0 and 0.24 degrees are the same, so that their SSD is 0')
  if (ncc.opposite === null || ncc.adjacent === null) reasons.push('a view is zero everywhere')
  else if (ncc.adjacent === 0 || ncc.opposite / ncc.adjacent < 0)
    reasons.push('the correlations have no root of a quotient')
  return {
    ssd,
    ncc,
    qmeSSD: ssd.adjacent === 0 ? null : ssd.opposite / ssd.adjacent,
    qmeNCC: rootOfQuotient(ncc.opposite, ncc.adjacent),
    ...found,
    ...(reasons.length > 0 ? { reason: `Undefined: ${reasons.join('; ')}.` } : {}),
  }
}

function rootOfQuotient(a: number | null, b: number | null): number | null {
  return a === null || b === null || b === 0 || a / b < 0 ? null : 100 * Math.sqrt(a / b)
}
