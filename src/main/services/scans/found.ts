import { ConcordError, messageOf } from '../../domain/error.ts'
import type { Found } from '../../../preload/contract/scans.ts'
import type { DecodedVolume, EstimatedMotion } from '../../imaging/host.ts'
import type { Row } from '../../store/schema.ts'

/** One row of a preview: what a file or series turned out to be. */
export interface PreviewRow {
  found: Found
  decoded: DecodedVolume | null
  /** Never shown here: who imports may be one of the readers. */
  motion: EstimatedMotion | null
  /** Where it lay, for scans whose files name no patient. */
  folder: string
  /** Of its files (known-sources.ts). */
  key: string | null
}

export type Site = Row<'scan'>['site']
export type Side = Row<'scan'>['side']
const sites: readonly Site[] = ['tibia', 'radius', 'calcaneus', 'other']

/** A site as files name it. */
export const siteOf = (site: string): Site => sites.find((known) => known === site) ?? 'other'

/** The decoder keys a scan by its content where the file names nobody. */
export const namesPatient = (patientKey: string): boolean => !patientKey.startsWith('content:')

export const numbered = (label: string, index: number, of: number): string =>
  of === 1 ? label : `${label} (${index + 1})`

export const duplicateOf = (pseudonym: string) => ({
  code: 'scan-duplicate',
  reason: `The same pictures as ${pseudonym}.`,
})

/** A row of which no more than its name is known. */
export function blank(name: string): Omit<Found, 'index'> {
  return {
    ...{ name, status: 'refused', format: null, dims: null, spacing: null, unit: null, site: null, side: null },
    ...{ namesPatient: false, projections: false, warnings: [], doubtful: false, code: null, reason: null },
  }
}

export function refusal(name: string, error: unknown): Omit<Found, 'index'> {
  const code = error instanceof ConcordError ? error.code : ((error as { code?: string } | null)?.code ?? 'unexpected')
  return { ...blank(name), code, reason: messageOf(error) }
}
