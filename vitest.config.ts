import { defineConfig } from 'vitest/config'
import vue from '@vitejs/plugin-vue'
import { compilerFlags } from './src/main/app/compiler.ts'

/** What runs on PostgreSQL too: votes, queues, audit, accounts, studies, figures, labels, packets, and who is told what. */
const onBoth = [
  'accounts',
  'reading',
  'sealed-votes',
  'overview',
  'labels',
  'freezing',
  'comparison',
  'packets',
  'packets-cases',
].map((name) => `tests/unit/services/${name}.test.ts`)
onBoth.push('tests/unit/ipc/blinding.test.ts')

/** What is about the server alone. */
const onlyServer = 'tests/unit/server/**/*.test.ts'

/** What loads native libraries, measures memory or sets what Node reads once, as the authorities it trusts. */
const apart = [
  ...['learning', 'native', 'packaging', 'services/osteoporosis'].map((folder) => `tests/unit/${folder}/**/*.test.ts`),
  ...['training', 'updates-https'].map((name) => `tests/unit/services/${name}.test.ts`),
]

/** What begins with networks that have learned, which the first of them makes for all (tests/fixtures/trained.ts). */
const trained = 'tests/unit/services/models/**/*.test.ts'

// Runs on Electron's own Node (scripts/test.mjs), so that native modules are tried on the runtime that ships.
export default defineConfig({
  plugins: [vue()],
  test: {
    pool: 'forks',
    // As the program itself (src/main/app/compiler.ts).
    execArgv: [compilerFlags],
    maxWorkers: 2,
    // One process for many files: to load the program anew for each took longer than most of the tests.
    isolate: false,
    // Only against what hangs: how long a test takes is the machine's matter.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 300_000 } },
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['tests/unit/**/*.test.ts'], exclude: [onlyServer, trained, ...apart] },
      },
      { extends: true, test: { name: 'a process each', include: apart, isolate: true } },
      {
        extends: true,
        test: { name: 'trained', include: [trained], globalSetup: ['tests/fixtures/shared-folder.ts'] },
      },
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
