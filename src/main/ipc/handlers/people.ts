import type { Services } from '../../app/compose.ts'
import type { Handlers } from '../router.ts'

/** People and their sign-in. */
export const peopleHandlers = (s: Services): Pick<Handlers, 'accounts'> => ({
  accounts: {
    state: async (_request, _caller, desk) => ({
      needsAdministrator: await s.accounts.needsAdministrator(),
      session: desk.session,
      locked: desk.locked,
    }),
    createAdministrator: async (person, _caller, desk) => {
      const session = await s.accounts.createAdministrator(person)
      desk.signIn(session)
      return session
    },
    signIn: async (request, _caller, desk) => {
      const session = await s.accounts.signIn(request)
      desk.signIn(session)
      void s.analysis.readAhead(session)
      return session
    },
    signOut: (_request, _caller, desk) => {
      desk.signOut()
      return {}
    },
    lock: (_request, _caller, desk) => {
      desk.lock()
      return {}
    },
    unlock: async ({ password }, caller, desk) => {
      await s.accounts.unlock(caller, password)
      desk.unlock()
      void s.analysis.readAhead(caller)
      return {}
    },
    strength: (request) => s.accounts.strength(request),
    resetPassword: ({ accountId }, caller) => s.accounts.resetPassword(caller, accountId),
    list: (_request, caller) => s.accounts.list(caller),
    create: (person, caller) => s.accounts.create(caller, person),
    change: (request, caller) => s.accounts.change(caller, request),
    close: ({ accountId }, caller) => s.accounts.close(caller, accountId),
    openAgain: ({ accountId }, caller) => s.accounts.openAgain(caller, accountId),
    changePassword: async (change, caller, desk) => {
      await s.accounts.changePassword(caller, change)
      const { mustChangePassword: _, ...session } = caller
      desk.signIn(session)
      return {}
    },
  },
})
