import { afterEach, expect, it } from 'vitest'
import { localDay } from '../../../src/main/domain/local-day.ts'

const own = process.env['TZ']
afterEach(() => {
  if (own === undefined) delete process.env['TZ']
  else process.env['TZ'] = own
})

it.each([
  ['America/Los_Angeles', '2026-01-01'],
  ['UTC', '2026-01-02'],
  ['Europe/Zurich', '2026-01-02'],
])('a moment is of the day that it is then in %s', (zone, day) => {
  process.env['TZ'] = zone
  expect(localDay(new Date('2026-01-02T00:30:00Z'))).toBe(day)
})
