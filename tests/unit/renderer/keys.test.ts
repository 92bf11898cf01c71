import { describe, expect, it } from 'vitest'
import type { Scale } from '../../../src/preload/contract/common.ts'
import { keyLabel } from '../../../src/renderer/reading/key-label.ts'
import {
  actions,
  defaultKeys,
  gradeKeys,
  ownKeys,
  refusal,
  tableFor,
  tableFrom,
} from '../../../src/renderer/reading/keys.ts'
import { reading as de } from '../../../src/renderer/locales/de/reading.ts'
import { reading as en } from '../../../src/renderer/locales/en/reading.ts'

const scaleOf = (...values: number[]): Scale => ({
  grades: values.map((value) => ({ value, word: `w${value}`, description: '' })),
  rescanFrom: null,
})
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
    expect(refusal(defaultKeys, 'invert', 'Y')).toBeNull()
  })

  it('keeps only what differs, and finds it again', () => {
    const own = { ...defaultKeys, invert: 'Y' }
    expect(ownKeys(own)).toEqual({ invert: 'Y' })
    expect(tableFrom(ownKeys(own))).toEqual(own)
    expect(ownKeys(defaultKeys)).toEqual({})
  })

  it.each([{ cast: '3' }, { invert: 'W' }, { invert: '' }, { unknown: 'Y' }])('survives %o', (kept) => {
    expect(tableFrom(kept as unknown as Record<string, string>)).toEqual(defaultKeys)
  })

  it('is written as people write keys', () => {
    const t = (key: string) => key.replace('reading.keyNames.', '')
    expect(keyLabel('Shift+ArrowUp', t)).toBe('Shift ↑')
    expect(keyLabel('Backspace', t)).toBe('Backspace')
    expect(keyLabel('+', t)).toBe('+')
    expect(keyLabel('W', t)).toBe('W')
  })
})
