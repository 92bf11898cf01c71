import { outlineThrough } from './outline.ts'
import type { Site } from './types.ts'

/** Side of the square field of view in mm: the limb in its cast, as a scan is usually cropped. */
export const fieldOfView: Record<Site, number> = { tibia: 92, radius: 76 }

/** Length of one stack along z: 110 slices of 82 um on the XtremeCT I. */
export const stackLength = 9.02

// Degrees from +x (medial on a right limb seen as here) towards +y (down), radius in mm. The tibia about 22 mm above its
// end plate, with the fibular notch; the radius about 9 mm from its end plate, with the ulnar notch and Lister's tubercle.
// prettier-ignore
const tibia: [number, number][] = [
  [0, 19.5], [30, 19.6], [60, 17.6], [90, 16.4], [120, 17.6], [148, 19.6], [165, 18.2], [180, 16.6],
  [195, 17.4], [212, 19.6], [240, 18.4], [270, 16.8], [300, 17.8], [330, 19.4],
]
// prettier-ignore
const fibula: [number, number][] = [
  [0, 6.4], [45, 7.6], [90, 8.6], [135, 7.8], [180, 6.8], [225, 6.8], [270, 7.9], [315, 7],
]
// prettier-ignore
const radius: [number, number][] = [
  [0, 13.4], [18, 14.6], [36, 14], [62, 10.8], [90, 9.7], [120, 10.9], [150, 14], [178, 15.6],
  [208, 14], [238, 11], [256, 11.5], [272, 10], [298, 11.3], [328, 14.6], [344, 14.6],
]
// prettier-ignore
const ulna: [number, number][] = [
  [0, 7.4], [45, 7.7], [90, 7.5], [135, 7.3], [180, 7.4], [225, 7.2], [270, 7.4], [315, 8.1],
]

/** A section of average size, right side; x, y about the main bone's centre, lengths in mm. */
export type SitePlan = {
  main: [number, number][]
  second: [number, number][]
  /** Centre of the second bone. */
  gap: [number, number]
  /** Semi-axes and centre of the skin's contour; the centre lies on the axis of rotation. */
  limb: [number, number]
  limbCentre: [number, number]
  cortex: number
  secondCortex: number
  /** Relative growth of the contours from the lowest slice to the highest: bones narrow towards the shaft. */
  widening: number
}
export const plans: Record<Site, SitePlan> = {
  tibia: {
    main: tibia,
    second: fibula,
    gap: [-26, 6.5],
    limb: [34, 35.5],
    limbCentre: [-5, 7],
    cortex: 1.25,
    secondCortex: 1.35,
    widening: -0.05,
  },
  radius: {
    main: radius,
    second: ulna,
    gap: [23.6, -1.5],
    limb: [29.5, 21.5],
    limbCentre: [7.5, 1],
    cortex: 0.85,
    secondCortex: 0.9,
    widening: -0.08,
  },
}

/**
 * Tendons (1) and vessels (0) as ellipses: centre, semi-axes, kind. Tibia: Achilles, tibialis posterior, flexors, peronei,
 * tibialis anterior, extensors. Wrist: flexors below, extensors above.
 */
// prettier-ignore
export const strandPlaces: Record<Site, readonly [number, number, number, number, 0 | 1][]> = {
  tibia: [
    [-4, 37, 7.5, 2.9, 1], [13, 20.5, 3.2, 2.2, 1], [6, 24, 3.4, 2.6, 1], [-6, 27, 5, 3.6, 1], [-24, 20, 3, 4, 1],
    [-28, 17, 2, 2.6, 1], [1, -21, 4.2, 2.4, 1], [-8, -21, 3, 2.1, 1], [-16, -18, 3.2, 2.2, 1],
    [3, 29, 1.5, 1.4, 0], [-3, -19.5, 1.1, 1, 0], [20, 5, 1.3, 1.1, 0],
  ],
  radius: [
    [-8, 13.5, 2.2, 1.8, 1], [-2, 15, 2.4, 2, 1], [4, 14.5, 2.8, 2.2, 1], [9, 15.5, 2.6, 2, 1], [14, 14, 2.6, 2, 1],
    [20, 13, 2.4, 2.2, 1], [-9, -12.6, 2.6, 1.4, 1], [0, -13.6, 2.2, 1.4, 1], [7, -13.4, 3, 1.6, 1],
    [15, -11.6, 2.2, 1.4, 1], [-14.5, 9.5, 1.2, 1.1, 0], [27, 11, 1.2, 1.1, 0],
  ],
}

/**
 * The main bone's contour on a right limb of average size, four numbers a point: x, y in mm about the axis, and the
 * outward unit normal. Motion is measured on it.
 */
export function nominalContour(site: Site, points = 16): Float64Array {
  const plan = plans[site]
  const { radius } = outlineThrough(plan.main)
  const at = (i: number): [number, number] => {
    const step = ((i % radius.length) + radius.length) % radius.length
    const angle = (step * 2 * Math.PI) / radius.length
    return [radius[step]! * Math.cos(angle), radius[step]! * Math.sin(angle)]
  }
  const contour = new Float64Array(points * 4)
  for (let i = 0; i < points; i++) {
    const step = Math.round((i * radius.length) / points)
    const [x, y] = at(step)
    const [x0, y0] = at(step - 8)
    const [x1, y1] = at(step + 8)
    const length = Math.hypot(x1 - x0, y1 - y0)
    contour.set([x - plan.limbCentre[0], y - plan.limbCentre[1], (y1 - y0) / length, (x0 - x1) / length], 4 * i)
  }
  return contour
}
