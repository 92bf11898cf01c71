import type { Session } from '../../preload/contract/accounts.ts'
import type { EventName, EventOf } from '../../preload/contract/index.ts'
import type { Desk } from './router.ts'

/** One window's end of the wire. */
export interface Wire {
  send(name: EventName, payload: unknown): void
}

/** Who is signed in at which window, and who of them is told what. */
export function createDesks() {
  const desks = new Map<number, { session: Session | null; locked: boolean; wire: Wire }>()

  return {
    open(id: number, wire: Wire): void {
      desks.set(id, { session: null, locked: false, wire })
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
        get locked() {
          return entry.locked
        },
        lock: () => void (entry.locked = entry.session !== null),
        unlock: () => void (entry.locked = false),
        signIn: (session) => {
          entry.session = session
          entry.locked = false
        },
        signOut: () => {
          entry.session = null
          entry.locked = false
          entry.wire.send('session-ended', { reason: 'signed-out' })
        },
      }
    },
    /** Who may be served at a window now: nobody while it is locked. */
    sessionAt(id: number): Session | null {
      const entry = desks.get(id)
      return entry && !entry.locked && !entry.session?.mustChangePassword ? entry.session : null
    },
    /** Locks every window at which somebody is signed in. */
    lockAll(): void {
      for (const entry of desks.values())
        if (entry.session && !entry.locked) {
          entry.locked = true
          entry.wire.send('locked', {})
        }
    },
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
      for (const { session, locked, wire } of desks.values())
        if (!locked && session?.roles.some((role) => role !== 'reader') && allowed(session)) wire.send(name, payload)
    },
  }
}
export type Desks = ReturnType<typeof createDesks>
