import { randomFrom } from '../../domain/random.ts'
import { roiEdge, roiInside } from '../../domain/roi.ts'
import { field, heelAnatomy, landmarks } from './anatomy.ts'
import type { HeelPatient } from './patients.ts'
import { placeIn } from './radiograph.ts'

/** Middle of the region of interest on a patient's radiograph, in pixels, as somebody who knows the bone would place it. */
export function regionPlace(patient: HeelPatient): { x: number; y: number } {
  const { pixel, width, height } = field
  const { x, y } = placeIn(patient, landmarks(heelAnatomy(patient, randomFrom(patient.seed))).region)
  const edge = roiEdge([pixel, pixel])
  const inside = roiInside(
    { x: Math.round(x), y: Math.round(y), edge },
    Math.round(width / pixel),
    Math.round(height / pixel),
  )
  return { x: inside.x, y: inside.y }
}
