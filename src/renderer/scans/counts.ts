import type { Found } from '../../preload/contract/scans.ts'

/** How many of a preview are new, known already, and refused. */
export function countByStatus(found: readonly Found[]): Record<Found['status'], number> {
  const counts = { new: 0, duplicate: 0, refused: 0 }
  for (const one of found) counts[one.status]++
  return counts
}

/** "512 × 512 × 168", or nothing where a file has no size. */
export function size(dims: readonly [number, number, number] | null): string {
  return dims ? dims.join(' × ') : ''
}

/** Voxel edges in millimetres, three figures each; null where the file does not say. */
export function voxel(spacing: readonly [number, number, number] | null, language: string): string | null {
  if (!spacing) return null
  const text = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 })
  const [x, y, z] = spacing
  return x === y && y === z ? `${text.format(x)} mm` : `${spacing.map((s) => text.format(s)).join(' × ')} mm`
}
