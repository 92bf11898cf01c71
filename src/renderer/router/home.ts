import type { Role } from '../../preload/contract/route.ts'

/** The page of a study that a person most likely wants first, by role. */
export function firstPage(roles: readonly Role[], state: string): string {
  if (roles.includes('lead')) return state === 'draft' ? 'setup' : 'overview'
  if (roles.includes('reader')) return state === 'open' ? 'reading' : 'progress'
  if (roles.includes('trainer')) return 'runs'
  return 'setup'
}
