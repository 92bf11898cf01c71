import { afterEach, expect, it, vi } from 'vitest'
import { localDay } from '../../../src/main/domain/local-day.ts'

afterEach(() => vi.unstubAllEnvs())

it.each([
  ['America/Los_Angeles', '2026-01-01'],
  ['UTC', '2026-01-02'],
  ['Europe/Zurich', '2026-01-02'],
])('a moment is of the day that it is then in %s', (zone, day) => {
  vi.stubEnv('TZ', zone)
  expect(localDay(new Date('2026-01-02T00:30:00Z'))).toBe(day)
})
