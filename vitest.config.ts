import { defineConfig } from 'vitest/config'
import vue from '@vitejs/plugin-vue'

// Runs on Electron's own Node (scripts/test.mjs), so that native modules are tried on the runtime that ships.
export default defineConfig({
  plugins: [vue()],
  test: {
    include: ['tests/unit/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
