import { expect, test } from '@playwright/test'
import { torture } from '../torture/rounds.ts'

test('after five kills in the middle of voting, import, backup and training everything acknowledged is there', async () => {
  const result = await torture(5, { env: {}, seed: Date.now() % 1_000_000, tell: (line) => console.log(line) })
  expect(result.lost).toEqual([])
  expect(result.doubled).toEqual([])
  expect(result.untidy).toEqual([])
  expect(result.chain).toBeNull()
  // Two rounds of voting, each killed after its first vote was acknowledged, however slow the machine.
  expect(result.acknowledged.voting).toBeGreaterThanOrEqual(2)
  expect(result.acknowledged.import).toBeGreaterThan(0)
  expect(result.acknowledged.training).toBeGreaterThan(0)
  expect(result.unanswered).toBeLessThanOrEqual(5)
})
