import { describe, expect, it } from 'vitest'
import { breakDue, dismissed, newStint, paused } from '../../../src/renderer/reading/breaks.ts'
import { lookedMs, start, stop, stopped } from '../../../src/renderer/reading/clock.ts'

const minute = 60_000

describe('the suggestion of a break', () => {
  it('comes after so many minutes of reading, and never where it is off', () => {
    const stint = newStint(0)
    expect(breakDue(stint, 40, 39 * minute)).toBeNull()
    expect(breakDue(stint, 40, 40 * minute)).toBe(40)
    expect(breakDue(stint, null, 400 * minute)).toBeNull()
  })

  it('waits as long again once it was sent away, and then says how long it has been in all', () => {
    const stint = dismissed(newStint(0), 41 * minute)
    expect(breakDue(stint, 40, 80 * minute)).toBeNull()
    expect(breakDue(stint, 40, 81 * minute)).toBe(81)
  })

  it('begins anew after a rest; a short pause is only left out', () => {
    const short = paused(paused(newStint(0), true, 10 * minute), false, 11 * minute)
    expect(breakDue(short, 40, 40 * minute)).toBeNull()
    expect(breakDue(short, 40, 41 * minute)).toBe(40)
    const rested = paused(paused(newStint(0), true, 39 * minute), false, 44 * minute)
    expect(breakDue(rested, 40, 83 * minute)).toBeNull()
    expect(breakDue(rested, 40, 84 * minute)).toBe(40)
  })

  it('says nothing while the reader is away', () => {
    expect(breakDue(paused(newStint(0), true, 10 * minute), 40, 90 * minute)).toBeNull()
  })
})

describe('the clock of a scan', () => {
  it('counts looking alone, goes on from what was looked before, and starts once', () => {
    let clock = start(stopped(500), 1000)
    clock = start(clock, 4000)
    expect(lookedMs(clock, 3000)).toBe(2500)
    clock = stop(clock, 3000)
    expect(lookedMs(clock, 90_000)).toBe(2500)
    clock = start(clock, 100_000)
    expect(lookedMs(clock, 100_250)).toBe(2750)
    expect(lookedMs(start(stopped(), 1000), 900)).toBe(0)
  })
})
