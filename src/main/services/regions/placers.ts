import { ConcordError } from '../../domain/error.ts'
import type { Connection } from '../../store/database.ts'
import type { Row } from '../../store/schema.ts'
import { readsIn, type Caller } from '../context.ts'
import { designOf } from '../design-of.ts'

/** Whether somebody may place the study's regions: its leads, and those whom its design names and who do not read in it. */
async function mayPlace(connection: Connection, caller: Caller, study: Row<'study'>): Promise<boolean> {
  const { ask, placers } = designOf(study).region
  if (ask === 'off') return false
  if (caller.roles.includes('lead')) return true
  return placers.includes(caller.accountId) && !(await readsIn(connection, study.id, caller.accountId))
}

export async function requirePlacer(connection: Connection, caller: Caller, study: Row<'study'>): Promise<void> {
  if (await mayPlace(connection, caller, study)) return
  if (caller.roles.includes('lead')) throw notAsked()
  throw new ConcordError('roi-not-yours', 'You do not place regions in this study. Its lead says who does.')
}

export const notAsked = (): ConcordError =>
  new ConcordError('roi-not-asked', 'This study asks for no region of interest. Its design says so.')
