import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useSession } from '../../../src/renderer/stores/session.ts'

/** The program as the page hears it: each answer comes when the test lets it. */
let asked: { route: string; answer: (value: unknown) => Promise<void> }[]
let ears: Map<string, (payload: unknown) => void>
const tell = (name: string, payload: unknown = {}): void => ears.get(name)?.(payload)
const routes = (): string[] => asked.map(({ route }) => route)

beforeEach(() => {
  asked = []
  ears = new Map()
  const route = (name: string) => () =>
    new Promise((resolve) =>
      asked.push({
        route: name,
        async answer(value) {
          resolve({ ok: true, value })
          await new Promise((done) => setTimeout(done))
        },
      }),
    )
  const accounts = { state: route('state'), lock: route('lock'), unlock: route('unlock') }
  const on = (name: string, heard: (payload: unknown) => void) => {
    ears.set(name, heard)
    return () => void ears.delete(name)
  }
  vi.stubGlobal('window', { concord: { accounts, on } })
  setActivePinia(createPinia())
})
afterEach(() => vi.unstubAllGlobals())

const state = (locked: boolean) => ({ session: { accountId: 'a', roles: [] }, locked, needsAdministrator: false })
async function signedIn(locked: boolean) {
  const session = useSession()
  session.listen(() => undefined)
  const loaded = session.load()
  await asked[0]!.answer(state(locked))
  await loaded
  asked.length = 0
  return session
}

describe('a window that is locked while its password is looked at', () => {
  it('by the person stays locked, here and in the program', async () => {
    const session = await signedIn(true)
    const unlocked = session.unlock('correct horse battery')
    void session.lock()
    await asked[0]!.answer({})
    expect(session.locked).toBe(true)
    expect(routes()).toEqual(['unlock', 'lock'])
    await asked[1]!.answer({})
    await unlocked
    expect(session.locked).toBe(true)
  })

  it('by the program stays locked', async () => {
    const session = await signedIn(true)
    void session.unlock('correct horse battery')
    tell('locked')
    await asked[0]!.answer({})
    expect(session.locked).toBe(true)
  })

  it('by nobody opens', async () => {
    const session = await signedIn(true)
    void session.unlock('correct horse battery')
    await asked[0]!.answer({})
    expect(session.locked).toBe(false)
    expect(routes()).toEqual(['unlock'])
  })
})

it.each([
  ['unlocked', true, false],
  ['locked', false, true],
])('that it was %s while it asked how it stands is not lost', async (event, answered, now) => {
  const session = useSession()
  session.listen(() => undefined)
  const loaded = session.load()
  tell(event)
  await asked[0]!.answer(state(answered))
  await asked[1]!.answer(state(now))
  await loaded
  expect(session.locked).toBe(now)
})
