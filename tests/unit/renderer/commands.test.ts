import { describe, expect, it } from 'vitest'
import { keyName, sliceAfter } from '../../../src/renderer/viewer/commands.ts'
import { wheelSteps } from '../../../src/renderer/viewer/interaction.ts'

const press = (key: string, held: Partial<Record<'shiftKey' | 'ctrlKey' | 'altKey' | 'metaKey', boolean>> = {}) =>
  keyName({ key, shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, ...held })

describe('key names', () => {
  it('are what stands on the key', () => {
    expect(press('w')).toBe('W')
    expect(press('W', { shiftKey: true })).toBe('Shift+W')
    expect(press('3')).toBe('3')
    expect(press(' ')).toBe('Space')
    expect(press('ArrowUp')).toBe('ArrowUp')
    expect(press('ArrowUp', { shiftKey: true })).toBe('Shift+ArrowUp')
  })

  it('do not name Shift where it only makes the character', () => {
    expect(press('?', { shiftKey: true })).toBe('?')
    expect(press('3', { shiftKey: true })).toBe('3')
  })

  it('leave the system its own', () => {
    expect(press('w', { ctrlKey: true })).toBeNull()
    expect(press('F4', { altKey: true })).toBeNull()
    expect(press('Shift', { shiftKey: true })).toBeNull()
    expect(press('Dead')).toBeNull()
  })
})

describe('moving through the slices', () => {
  it('stays in the stack', () => {
    expect(sliceAfter('slice-up', 0, 168)).toBe(0)
    expect(sliceAfter('slice-down', 167, 168)).toBe(167)
    expect(sliceAfter('slice-up-ten', 4, 168)).toBe(0)
    expect(sliceAfter('slice-down-ten', 84, 168)).toBe(94)
    expect(sliceAfter('slice-first', 84, 168)).toBe(0)
    expect(sliceAfter('slice-last', 84, 168)).toBe(167)
    expect(sliceAfter('invert', 84, 168)).toBeNull()
  })

  it('takes one slice a notch, whatever the wheel calls it', () => {
    for (const [delta, mode] of [
      [100, 0],
      [120, 0],
      [53, 0],
      [3, 1],
      [1, 2],
    ] as const) {
      const steps = wheelSteps()
      expect([steps(delta, mode), steps(delta, mode), steps(-delta, mode)]).toEqual([1, 1, -1])
    }
  })

  it('adds up the small steps of a touchpad', () => {
    const steps = wheelSteps()
    const moved = Array.from({ length: 20 }, () => steps(10, 0)).reduce((sum, step) => sum + step, 0)
    expect(moved).toBe(5)
    expect(steps(-10, 0)).toBe(0)
  })
})
