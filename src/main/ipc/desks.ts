import type { Session } from '../../preload/contract/accounts.ts'
import type { EventName, EventOf } from '../../preload/contract/index.ts'
import type { Desk } from './router.ts'

/** One window's end of the wire. */
export interface Wire {
  send(name: EventName, payload: unknown): void
}

/** Who is signed in at which window, and who of them is told what. */
export function createDesks() {
  const desks = new Map<number, { session: Session | null; wire: Wire }>()

  return {
    open(id: number, wire: Wire): void {
      desks.set(id, { session: null, wire })
    },
    close(id: number): void {
      desks.delete(id)
    },
    /** The desk of a window; null for a sender that is none of ours. */
    at(id: number): Desk | null {
      const entry = desks.get(id)
      if (!entry) return null
      return {
        get session() {
          return entry.session
        },
        signIn: (session) => void (entry.session = session),
        signOut: () => {
          entry.session = null
          entry.wire.send('session-ended', { reason: 'signed-out' })
        },
      }
    },
    sessionAt: (id: number): Session | null => desks.get(id)?.session ?? null,
    /** Signs everybody of an account out, as when it is closed. */
    endSessionsOf(accountId: string): void {
      for (const entry of desks.values())
        if (entry.session?.accountId === accountId) {
          entry.session = null
          entry.wire.send('session-ended', { reason: 'closed' })
        }
    },
    /** Signs everybody out, as when the database is exchanged. */
    endAll(): void {
      for (const entry of desks.values()) {
        if (entry.session) entry.wire.send('session-ended', { reason: 'signed-out' })
        entry.session = null
      }
    },
    /**
     * Tells those who may know. A pure reader is told nothing: even the time of an event would say that another voted.
     */
    tell<N extends EventName>(name: N, payload: EventOf<N>, allowed: (session: Session) => boolean = () => true): void {
      for (const { session, wire } of desks.values())
        if (session?.roles.some((role) => role !== 'reader') && allowed(session)) wire.send(name, payload)
    },
  }
}
export type Desks = ReturnType<typeof createDesks>
