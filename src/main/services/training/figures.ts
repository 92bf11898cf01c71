import type { Run } from '../../../preload/contract/training.ts'
import { networkResampling } from '../../domain/evaluation/resample.ts'
import { majorityDecisionRate, modelMetrics } from '../../domain/metrics.ts'
import type { Scale } from '../../domain/scale.ts'
import type { ScanPrediction } from '../../learning/types.ts'
import type { LabelRow } from '../settling/labels.ts'

export type HeldOutFigures = NonNullable<Run['test']>

/** A network's figures on held-out scans against their frozen labels; null where there are none. */
export function heldOutFigures(
  predictions: Pick<ScanPrediction, 'scanId' | 'grade'>[],
  context: { labels: readonly LabelRow[]; scale: Scale; trainLabels: number[] },
): HeldOutFigures | null {
  if (predictions.length === 0) return null
  const labelOf = new Map(context.labels.map((label) => [label.scanId, label]))
  const scans = predictions.map((p) => {
    const label = labelOf.get(p.scanId)!
    return { truth: label.grade, predicted: p.grade, patient: label.patientId }
  })
  const metrics = modelMetrics(scans, context.scale, networkResampling)
  return {
    scans: metrics.n,
    accuracy: metrics.accuracy,
    rescanAccuracy: metrics.rescanAccuracy,
    majorityClassRate: majorityDecisionRate(
      context.trainLabels,
      scans.map((s) => s.truth),
      context.scale.rescanFrom,
    ),
    quadraticKappa: metrics.quadraticKappa,
    meanAbsoluteError: metrics.meanAbsoluteError.estimate,
    confusion: metrics.confusion,
  }
}
