import { describe, expect, it } from 'vitest'
import type { Scale } from '../../../src/preload/contract/common.ts'
import { keyLabel } from '../../../src/renderer/reading/key-label.ts'
import {
  actions,
  defaultKeys,
  gradeKeys,
  keepKeys,
  loadKeys,
  refusal,
  tableFor,
} from '../../../src/renderer/reading/keys.ts'
import { reading as de } from '../../../src/renderer/locales/de/reading.ts'
import { reading as en } from '../../../src/renderer/locales/en/reading.ts'

const scaleOf = (...values: number[]): Scale => ({
  grades: values.map((value) => ({ value, word: `w${value}`, description: '' })),
  rescanFrom: null,
})
function storage(start: Record<string, string> = {}) {
  const kept = new Map(Object.entries(start))
  return {
    kept,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  }
}

describe('grade keys', () => {
  it('are the grades themselves where they are digits', () => {
    expect([...gradeKeys(scaleOf(1, 2, 3, 4, 5))]).toEqual([
      ['1', 1],
      ['2', 2],
      ['3', 3],
      ['4', 4],
      ['5', 5],
    ])
  })

  it('leave "cannot be graded" the 0 only where no grade has it', () => {
    expect(tableFor(defaultKeys, scaleOf(1, 2)).cannot).toBe('0')
    expect(tableFor(defaultKeys, scaleOf(0, 1)).cannot).toBe('-')
    expect([...gradeKeys(scaleOf(0, 1))]).toEqual([
      ['0', 0],
      ['1', 1],
    ])
  })

  it('count from one where a grade has two digits', () => {
    expect([...gradeKeys(scaleOf(10, 20, 30))]).toEqual([
      ['1', 10],
      ['2', 20],
      ['3', 30],
    ])
  })
})

describe('the table of keys', () => {
  it('gives each action a key of its own', () => {
    expect(new Set(Object.values(defaultKeys)).size).toBe(actions.length)
    for (const action of actions) expect(refusal(defaultKeys, action, defaultKeys[action])).toBeNull()
  })

  it('has a name for each action in both languages', () => {
    for (const action of actions) {
      expect(en.actions[action]).toBeTruthy()
      expect(de.actions[action]).toBeTruthy()
    }
  })

  it('refuses digits, keys in use, and the ways out', () => {
    expect(refusal(defaultKeys, 'invert', '3')).toBe('reserved')
    expect(refusal(defaultKeys, 'invert', 'Escape')).toBe('reserved')
    expect(refusal(defaultKeys, 'invert', 'W')).toBe('taken')
    expect(refusal(defaultKeys, 'invert', 'Q')).toBeNull()
  })

  it('is kept for each account, and only what differs', () => {
    const store = storage()
    keepKeys('anna', { ...defaultKeys, invert: 'Q' }, store)
    expect(JSON.parse(store.kept.get('concord.keys.anna')!)).toEqual({ invert: 'Q' })
    expect(loadKeys('anna', store).invert).toBe('Q')
    expect(loadKeys('bert', store)).toEqual(defaultKeys)
    keepKeys('anna', { ...defaultKeys }, store)
    expect(store.kept.size).toBe(0)
  })

  it.each(['{', 'null', '[]', '{"cast":"3"}', '{"invert":"W"}', '{"invert":7}'])('survives %s in the store', (text) => {
    expect(loadKeys('anna', storage({ 'concord.keys.anna': text }))).toEqual(defaultKeys)
  })

  it('is written as people write keys', () => {
    const t = (key: string) => key.replace('reading.keyNames.', '')
    expect(keyLabel('Shift+ArrowUp', t)).toBe('Shift ↑')
    expect(keyLabel('Backspace', t)).toBe('Backspace')
    expect(keyLabel('+', t)).toBe('+')
    expect(keyLabel('W', t)).toBe('W')
  })
})
