import type { Dispatch, Handlers } from '../ipc/router.ts'
import { createDispatch } from '../ipc/router.ts'
import { ConcordError } from '../domain/error.ts'
import { createRecovery } from '../services/backups/recovery.ts'
import type { Services } from './compose.ts'
import type { DataFolders } from './paths.ts'

/** What answers the window: the program on its database, or, while that is damaged, what helps to put it right. */
export interface Program {
  dispatch: Dispatch
  /** null while the database cannot be used. */
  services: Services | null
  close(): Promise<void>
}

/** The program while its data cannot be used: it says why to every request. */
export function waitingProgram(why: ConcordError, log: (line: string) => void): Program {
  const refuse = (): never => {
    throw new ConcordError(why.code, why.message)
  }
  const refused = new Proxy({}, { get: () => refuse })
  const handlers = new Proxy({}, { get: () => refused })
  return {
    dispatch: createDispatch(handlers as unknown as Handlers, log),
    services: null,
    close: () => Promise.resolve(),
  }
}

/**
 * The program while its database is damaged: it can list the backups and put one back, and says what is wrong to every other
 * request. Resolves with null where there is no good backup to offer, unless there is nothing else to show (`alone`).
 */
export async function damagedProgram(
  why: ConcordError,
  folders: DataFolders,
  { log, restored, alone }: { log: (line: string) => void; restored: () => void; alone: boolean },
): Promise<Program | null> {
  const recovery = createRecovery(folders)
  if (!(await recovery.lastGood()) && !alone) return null
  const refuse = (): never => {
    throw new ConcordError(why.code, why.message)
  }
  const refused = new Proxy({}, { get: () => refuse })
  const areas = {
    recovery: {
      state: async () => {
        // Their disk may be there by now.
        if (!recovery.backups().some(({ check }) => check?.state === 'good')) await recovery.lastGood()
        return { message: why.message, folder: recovery.folder, backups: recovery.backups() }
      },
      restore: async ({ name }: { name: string }) => {
        await recovery.restore(name)
        // The reply goes out first; then the program opens on what was restored.
        setTimeout(restored, 100)
        return {}
      },
    },
  }
  const handlers = new Proxy(areas, { get: (known, area) => (area === 'recovery' ? known.recovery : refused) })
  return {
    dispatch: createDispatch(handlers as unknown as Handlers, log),
    services: null,
    close: () => Promise.resolve(),
  }
}
