import { describe, expect, it } from 'vitest'
import type { Session } from '../../../src/preload/contract/accounts.ts'
import { createDesks } from '../../../src/main/ipc/desks.ts'

const reader: Session = { accountId: 'a', name: 'anna', displayName: 'Dr A', roles: ['reader', 'lead'] }

function two() {
  const desks = createDesks()
  const told: string[] = []
  desks.open(1, { send: (name) => told.push(`first ${name}`) })
  expect(desks.join(2, 1, { send: (name) => told.push(`second ${name}`) })).toBe(true)
  desks.at(1)!.signIn(reader)
  return { desks, told }
}

describe('a second window at a desk', () => {
  it('has the session of the first, and no other window has', () => {
    const { desks } = two()
    expect(desks.at(2)!.session).toEqual(reader)
    expect(desks.sessionAt(2)).toEqual(reader)
    expect(desks.at(3)).toBeNull()
    expect(desks.join(4, 3, { send: () => undefined })).toBe(false)
    expect(desks.at(4)).toBeNull()
  })
  it('is locked and unlocked with it, and the other one is told', () => {
    const { desks, told } = two()
    desks.at(2)!.lock()
    expect([desks.at(1)!.locked, desks.sessionAt(1), desks.sessionAt(2)]).toEqual([true, null, null])
    desks.at(1)!.unlock()
    expect(desks.at(2)!.locked).toBe(false)
    desks.at(1)!.lock()
    desks.at(1)!.unlock()
    desks.lockAll()
    desks.lockAll()
    expect(told).toEqual([
      ...['first locked', 'second unlocked', 'second locked', 'second unlocked'],
      ...['first locked', 'second locked'],
    ])
  })
  it('hears of the end of the session once, however it ends', () => {
    for (const end of ['signOut', 'endAll', 'endSessionsOf'] as const) {
      const { desks, told } = two()
      if (end === 'signOut') desks.at(2)!.signOut()
      else if (end === 'endAll') desks.endAll()
      else desks.endSessionsOf('a')
      expect(told).toEqual(['first session-ended', 'second session-ended'])
      expect([desks.at(1)!.session, desks.at(2)!.session]).toEqual([null, null])
    }
  })
  it('is forgotten when it closes; the first goes on', () => {
    const { desks, told } = two()
    desks.close(2)
    expect(desks.at(2)).toBeNull()
    desks.tell('study-changed', { studyId: 's' })
    desks.at(1)!.lock()
    expect(told).toEqual(['first study-changed'])
    expect(desks.at(1)!.session).toEqual(reader)
  })
})
