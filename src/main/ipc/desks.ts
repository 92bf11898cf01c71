import type { Session } from '../../preload/contract/accounts.ts'
import type { EventName, EventOf } from '../../preload/contract/index.ts'
import type { Desk } from './router.ts'

/** One window's end of the wire. */
export interface Wire {
  send(name: EventName, payload: unknown): void
}

interface Entry {
  session: Session | null
  locked: boolean
  /** By window: its own, and that of a second one. */
  wires: Map<number, Wire>
}

/**
 * Who is signed in at which window, and who of them is told what.
 * @param left hears of an account that is at no unlocked window any more
 */
export function createDesks(left: (accountId: string) => void = () => undefined) {
  const desks = new Map<number, Entry>()
  const each = (): ReadonlySet<Entry> => new Set(desks.values())

  /** @param but The window that knows already. */
  function send<N extends EventName>({ wires }: Entry, name: N, payload: EventOf<N>, but?: number): void {
    for (const [id, wire] of [...wires]) if (id !== but) wire.send(name, payload)
  }

  /** Carries out what makes a window another person's or nobody's, and says who is gone after it. */
  function leaving<T>(session: Session | null | undefined, change: () => T): T {
    const result = change()
    if (!session) return result
    const { accountId } = session
    if (![...desks.values()].some((entry) => !entry.locked && entry.session?.accountId === accountId)) left(accountId)
    return result
  }

  return {
    open(id: number, wire: Wire): void {
      desks.set(id, { session: null, locked: false, wires: new Map([[id, wire]]) })
    },
    /** A second window of the person at `first`: one session and one lock for both. False where there is no such desk. */
    join(id: number, first: number, wire: Wire): boolean {
      const entry = desks.get(first)
      if (!entry) return false
      entry.wires.set(id, wire)
      desks.set(id, entry)
      return true
    },
    close(id: number): void {
      leaving(desks.get(id)?.session, () => {
        desks.get(id)?.wires.delete(id)
        desks.delete(id)
      })
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
        lock: () => {
          leaving(entry.session, () => void (entry.locked = entry.session !== null))
          if (entry.locked) send(entry, 'locked', {}, id)
        },
        unlock: () => {
          entry.locked = false
          send(entry, 'unlocked', {}, id)
        },
        signIn: (session) =>
          leaving(entry.session, () => {
            entry.session = session
            entry.locked = false
          }),
        signOut: () => {
          leaving(entry.session, () => {
            entry.session = null
            entry.locked = false
          })
          send(entry, 'session-ended', { reason: 'signed-out' })
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
      for (const entry of each())
        if (entry.session && !entry.locked) {
          leaving(entry.session, () => void (entry.locked = true))
          send(entry, 'locked', {})
        }
    },
    /** Signs everybody of an account out, as when it is closed. */
    endSessionsOf(accountId: string): void {
      for (const entry of each())
        if (entry.session?.accountId === accountId) {
          leaving(entry.session, () => void (entry.session = null))
          send(entry, 'session-ended', { reason: 'closed' })
        }
    },
    /** Signs everybody out, as when the database is exchanged. */
    endAll(): void {
      for (const entry of each()) {
        if (entry.session) send(entry, 'session-ended', { reason: 'signed-out' })
        leaving(entry.session, () => void (entry.session = null))
      }
    },
    /** Tells every window something that says nothing of anybody's work. */
    tellAll<N extends EventName>(name: N, payload: EventOf<N>): void {
      for (const entry of each()) send(entry, name, payload)
    },
    /**
     * Tells those who may know. A pure reader is told nothing: even the time of an event would say that another voted.
     */
    tell<N extends EventName>(name: N, payload: EventOf<N>, allowed: (session: Session) => boolean = () => true): void {
      for (const entry of each()) {
        const { session, locked } = entry
        if (!locked && session?.roles.some((role) => role !== 'reader') && allowed(session)) send(entry, name, payload)
      }
    },
  }
}
export type Desks = ReturnType<typeof createDesks>
