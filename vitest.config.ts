import { defineConfig } from 'vitest/config'
import vue from '@vitejs/plugin-vue'

/** What runs on PostgreSQL too: votes, queues, audit, accounts, studies, figures, labels, packets, and who is told what. */
const onBoth = [
  'accounts',
  'reading',
  'sealed-votes',
  'overview',
  'labels',
  'comparison',
  'packets',
  'packets-cases',
].map((name) => `tests/unit/services/${name}.test.ts`)
onBoth.push('tests/unit/ipc/blinding.test.ts')

/** What is about the server alone. */
const onlyServer = 'tests/unit/server/**/*.test.ts'

// Runs on Electron's own Node (scripts/test.mjs), so that native modules are tried on the runtime that ships.
export default defineConfig({
  plugins: [vue()],
  test: {
    pool: 'forks',
    maxWorkers: 2,
    // Only against what hangs: how long a test takes is the machine's matter.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 300_000 } },
    projects: [
      { extends: true, test: { name: 'unit', include: ['tests/unit/**/*.test.ts'], exclude: [onlyServer] } },
      {
        extends: true,
        test: {
          name: 'on PostgreSQL',
          include: [...onBoth, onlyServer],
          globalSetup: ['tests/fixtures/server-for-all.ts'],
          setupFiles: ['tests/fixtures/on-server.ts'],
        },
      },
    ],
  },
})
