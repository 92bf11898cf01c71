import type { Found } from '../../preload/contract/scans.ts'

/** How many of a preview are new, known already, and refused. */
export function countByStatus(found: readonly Found[]): Record<Found['status'], number> {
  const counts = { new: 0, duplicate: 0, refused: 0 }
  for (const one of found) counts[one.status]++
  return counts
}
