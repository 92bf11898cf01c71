import type { Account, Session } from '../../../preload/contract/accounts.ts'
import type { Role } from '../../../preload/contract/route.ts'
import type { Row } from '../../store/schema.ts'
import { secondsUntil } from './attempts.ts'

const rolesOf = (row: Row<'account'>): Role[] => JSON.parse(row.roles) as Role[]

/** Whoever is signed in, as their window knows them. */
export const sessionOf = (row: Row<'account'>): Session => ({
  accountId: row.id,
  name: row.name,
  displayName: row.display_name,
  roles: rolesOf(row),
  ...(row.must_change === 1 ? { mustChangePassword: true } : {}),
})

/** An account as administrators see it. */
export const accountOf = (row: Row<'account'>): Account => ({
  id: row.id,
  name: row.name,
  displayName: row.display_name,
  roles: rolesOf(row),
  state: row.state,
  createdAt: row.created_at,
  mustChangePassword: row.must_change === 1,
  lockedUntil: secondsUntil(row.locked_until) > 0 ? row.locked_until : null,
})
