import { motionEstimate } from '../domain/qme.ts'
import { readProjections, type ProjectionOptions, type Projections } from './projections.ts'
import type { EstimatedMotion } from './protocol.ts'

/** The motion estimate of a file of projections, and what was read. Errors: those of readProjections and motionEstimate. */
export async function estimateFile(
  path: string,
  options: ProjectionOptions = {},
): Promise<{ estimate: EstimatedMotion; projections: Projections }> {
  const projections = await readProjections(path, options)
  const { format, beam, centre, centreBy } = projections
  if (!beam) return { estimate: { ...motionEstimate(projections, options.centre), format }, projections }
  // Rebinned about the axis that was found; columns are told as the detector's.
  const estimate = motionEstimate(projections, centre)
  return {
    estimate: { ...estimate, centre: beam.columns[0] + centre!, centreBy: centreBy!, format },
    projections,
  }
}

export async function estimateMotion(path: string): Promise<EstimatedMotion> {
  return (await estimateFile(path)).estimate
}
