import { defineConfig } from '@playwright/test'

// End-to-end tests drive the real window; scripts/test.mjs starts the display and reads the results.
// One worker: the tests share one screen. No retries: a test that passes the second time has failed.
export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  workers: 1,
  retries: 0,
  timeout: 180_000,
  forbidOnly: true,
  use: { trace: 'off', screenshot: 'only-on-failure' },
})
