import type { DisputedScan } from '../../../preload/contract/analysis.ts'

/** Why a scan was settled so: the reason from the list and the lead's own words. */
export function reasonText(settled: NonNullable<DisputedScan['adjudicated']>, t: (key: string) => string): string {
  const listed = settled.cause === 'other' ? '' : t(`settling.causes.${settled.cause}`)
  return [listed, settled.reason].filter((part) => part !== '').join(' ')
}
