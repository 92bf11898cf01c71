import type { AdjudicationCause, DisputedScan } from '../../../preload/contract/analysis.ts'

const general = ['fewSlices', 'manySlices', 'definition', 'majority', 'other'] as const
const motion = ['streaksInside', 'streaksOutside', ...general] as const

/** The reasons offered in a study: streaks are spoken of where motion is graded. In the order of their digits. */
export function causesFor(template: string): readonly AdjudicationCause[] {
  return template === 'hrpqct-motion' ? motion : general
}

/** Why a scan was settled so: the reason from the list and the lead's own words. */
export function reasonText(settled: NonNullable<DisputedScan['adjudicated']>, t: (key: string) => string): string {
  const listed = settled.cause === 'other' ? '' : t(`settling.causes.${settled.cause}`)
  return [listed, settled.reason].filter((part) => part !== '').join(' ')
}
