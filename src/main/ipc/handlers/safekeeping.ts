import { ConcordError } from '../../domain/error.ts'
import type { Services } from '../../app/compose.ts'
import type { Handlers } from '../router.ts'
import type { WindowSide } from '../window-side.ts'

/** Where the data lies, its copies and its trail. */
export const safekeepingHandlers = (
  s: Services,
  window: WindowSide,
): Pick<Handlers, 'backups' | 'recovery' | 'places' | 'settings' | 'updates' | 'audit'> => ({
  backups: {
    list: (_request, caller) => s.backups.list(caller),
    make: (_request, caller) => s.backups.make(caller),
    inspect: ({ name }, caller) => s.backups.inspect(caller, name),
    bring: (_request, caller) => s.backups.bring(caller, () => window.chooseFile(['db'])),
    restore: async ({ name }, caller) => {
      await s.backups.restore(caller, name)
      return {}
    },
    restored: () => s.backups.restored(),
  },
  recovery: {
    state: () => null,
    restore: () => {
      throw new ConcordError('not-damaged', 'The database is in order. Sign in; backups have a page of their own.')
    },
  },
  places: {
    state: () => s.places.state(),
    test: (request) => s.places.test(request),
    use: (request, caller) => s.places.use(caller, request),
  },
  settings: {
    get: () => s.settings.get(),
    set: (wanted, caller) => s.settings.set(caller, wanted),
  },
  updates: {
    state: () => s.updates.state(),
    check: () => s.updates.check(),
    install: async ({ version }, caller) => {
      const path = await s.updates.take(caller, version)
      return { path, opened: await window.openFile(path) }
    },
  },
  audit: {
    list: (request, caller) => s.audit.list(caller, request),
    verify: ({ head }, caller) => s.audit.verify(caller, head),
    export: ({ format }, caller) => s.audit.export(caller, format, window.askWhere),
  },
})
