import { motionEstimate } from '../domain/qme.ts'
import { readProjections } from './projections.ts'
import type { EstimatedMotion } from './protocol.ts'

/** The motion estimate of a file of projections. Errors: those of readProjections and motionEstimate. */
export async function estimateMotion(path: string): Promise<EstimatedMotion> {
  const { format, angles: _angles, ...views } = await readProjections(path)
  return { ...motionEstimate(views), format }
}
