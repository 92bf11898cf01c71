import { computed, ref, shallowRef } from 'vue'
import { defineStore } from 'pinia'
import type { Session } from '../../preload/contract/accounts.ts'
import type { Role } from '../../preload/contract/route.ts'
import { api, onEvent, type Failure } from '../api.ts'

export type Access = 'anyone' | 'signed-in' | readonly Role[]

/** Who sits at this window. The main process decides what they may do; this only keeps pages they cannot use out of sight. */
export const useSession = defineStore('session', () => {
  const session = shallowRef<Session | null>(null)
  const needsAdministrator = ref(false)
  const loaded = ref(false)
  /** Why it is not known who is signed in. */
  const failure = shallowRef<Failure | null>(null)
  /** The window is hidden until the password is given. */
  const locked = ref(false)
  /** Grows with each wish to be hidden: an unlocking that was under way then does not undo it. */
  let hidden = 0
  /** Grows with what the main process tells by itself. */
  let told = 0
  /** Grows when the settings of this workstation were changed here. */
  const settingsChanged = ref(0)
  /** Grows when the person does something in the second window: this one is not idle then. */
  const touches = ref(0)
  /** The study in front when somebody made room for the next person, who most likely reads in it too. */
  const lastStudy = ref<string | null>(null)
  const ended = ref<'signed-out' | 'idle' | 'closed' | null>(null)
  /** Somebody else was signed in since this page began: its memory still holds what was on their pages. */
  const another = ref(false)
  let before: string | null = null

  const roles = computed<readonly Role[]>(() => session.value?.roles ?? [])

  function may(access: Access): boolean {
    if (access === 'anyone') return true
    if (!session.value) return false
    return access === 'signed-in' || access.some((role) => roles.value.includes(role))
  }

  async function load(): Promise<void> {
    failure.value = null
    let state: Awaited<ReturnType<typeof api.accounts.state>>
    let at: number
    // What was told while the answer was on its way may be newer.
    do {
      at = told
      state = await api.accounts.state({})
    } while (at !== told)
    session.value = state.session
    before ??= state.session?.accountId ?? null
    locked.value = state.locked
    needsAdministrator.value = state.needsAdministrator
    loaded.value = true
  }

  async function createAdministrator(request: { name: string; displayName: string; password: string }): Promise<void> {
    session.value = await api.accounts.createAdministrator(request)
    before = session.value.accountId
    needsAdministrator.value = false
  }

  async function signIn(request: { name: string; password: string }): Promise<void> {
    const now = await api.accounts.signIn(request)
    another.value = before !== null && before !== now.accountId
    before = now.accountId
    session.value = now
    ended.value = null
  }

  async function signOut(): Promise<void> {
    await api.accounts.signOut({})
    session.value = null
    locked.value = false
    ended.value = null
  }

  async function lock(): Promise<void> {
    const already = locked.value
    hidden += 1
    // Hidden at once, whatever the answer.
    locked.value = true
    if (!already) await api.accounts.lock({})
  }

  async function unlock(password: string): Promise<void> {
    const before = hidden
    await api.accounts.unlock({ password })
    if (hidden === before) locked.value = false
    else await api.accounts.lock({})
  }

  /** Own once more after a reset: everything is open again. */
  function passwordChosen(): void {
    if (!session.value) return
    const { mustChangePassword: _, ...open } = session.value
    session.value = open
  }

  /** The main process ended the session by itself; `left` sends the window to the sign-in page. */
  function listen(left: () => void): () => void {
    const stops = [
      onEvent('locked', () => {
        told += 1
        hidden += 1
        locked.value = session.value !== null
      }),
      onEvent('unlocked', () => {
        told += 1
        locked.value = false
      }),
      onEvent('session-ended', ({ reason }) => {
        told += 1
        if (!session.value) return
        session.value = null
        locked.value = false
        ended.value = reason
        left()
      }),
    ]
    return () => stops.forEach((stop) => stop())
  }

  return {
    session,
    needsAdministrator,
    loaded,
    failure,
    ended,
    another,
    roles,
    may,
    load,
    createAdministrator,
    signIn,
    signOut,
    locked,
    lock,
    unlock,
    passwordChosen,
    settingsChanged,
    touches,
    lastStudy,
    listen,
  }
})
