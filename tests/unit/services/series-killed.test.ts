import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { killedPlans, killSeries, prepareSeries } from '../../torture/series.ts'

const root = mkdtempSync(join(tmpdir(), 'concord-killed-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

// Folds inside folds; npm run torture does the same to a cross-validation and to an ablation.
it('a nested choice whose program is killed twice ends as if nothing had happened', async () => {
  expect(await killSeries(await prepareSeries(root), killedPlans.nested)).toEqual([])
})
