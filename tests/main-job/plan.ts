import { defaultRecipe, type Recipe } from '../../src/preload/contract/training.ts'
import type { ScanPlan } from './scans.ts'

/** The demo's size: what two cores do in some minutes. The bench repeats it with other seeds. */
export const demoPlan: ScanPlan = { forReaders: 60, forNetwork: 40, size: 160, slices: 16, seed: 1 }
export const demoRecipe: Recipe = { ...defaultRecipe, imageSize: 128, epochs: 40, patience: 12, testShare: 0 }

/** Share of scans whose re-scan decision is right, beside always giving the commoner true decision. */
export function rescanAccuracy(
  scans: { trueGrade: number; grade: number }[],
  rescanFrom = 4,
): { accuracy: number; majorityClassRate: number } {
  const right = scans.filter((s) => s.trueGrade >= rescanFrom === s.grade >= rescanFrom).length
  const above = scans.filter((s) => s.trueGrade >= rescanFrom).length
  return { accuracy: right / scans.length, majorityClassRate: Math.max(above, scans.length - above) / scans.length }
}
