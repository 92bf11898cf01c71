import { expect, it } from 'vitest'
import { tortureDeed } from '../../torture/deeds-rounds.ts'

// One deed, killed at one of its steps; npm run torture does so to all of them, at all steps.
it('a recovery from a damaged database that is killed can be gone on with, and keeps what was damaged', async () => {
  const { acknowledged, problems } = await tortureDeed('damaged', 1, Date.now() % 1_000_000)
  expect(problems).toEqual([])
  expect(acknowledged).toBeGreaterThan(0)
})
