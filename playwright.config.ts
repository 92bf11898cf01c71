import { defineConfig } from '@playwright/test'

// End-to-end tests drive the real window; scripts/test.mjs starts the virtual screens and reads the results.
// One worker for each screen, as two windows on one would take the focus from each other.
// No retries: a test that passes the second time has failed.
const screens = process.env['CONCORD_TEST_DISPLAYS']?.split(' ').filter(Boolean) ?? []
const own = screens[Number(process.env['TEST_PARALLEL_INDEX'])]
if (own) process.env['DISPLAY'] = own

/** What takes longest goes first, so that both workers end at about the same time. */
const long = ['looks', 'models', 'main-job', 'training', 'recipe', 'torture'].map((name) => `**/${name}.spec.ts`)

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  workers: Math.max(1, screens.length),
  retries: 0,
  // Both only against what hangs: how long a test takes is the machine's matter.
  timeout: 600_000,
  expect: { timeout: 120_000 },
  forbidOnly: true,
  projects: [
    { name: 'long', testMatch: long },
    // A machine with ten times the work of a test's own took 90 s for the longest of these.
    { name: 'short', testIgnore: long, timeout: 300_000 },
  ],
  use: { trace: 'off', screenshot: 'only-on-failure' },
})
