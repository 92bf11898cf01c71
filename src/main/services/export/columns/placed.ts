import type { Column } from '../../../domain/csv-table.ts'

/** A scan's pseudonym is its patient's with a number behind. */
const patientOf = (pseudonym: string): string => pseudonym.replace(/-\d+$/, '')

/** What every row of a scan begins with. */
export interface Placed {
  pseudonym: string
  site: string
  side: string
}
export const subject: Column<Placed> = { name: 'subject', meaning: "The scan's pseudonym.", of: (row) => row.pseudonym }
export const place: readonly Column<Placed>[] = [
  {
    name: 'patient',
    meaning: "The patient's pseudonym; scans of one patient share it. No identity is kept by the program.",
    of: (row) => patientOf(row.pseudonym),
  },
  { name: 'site', meaning: 'tibia, radius, calcaneus or other.', of: (row) => row.site },
  { name: 'side', meaning: 'left, right or unknown.', of: (row) => row.side },
]
