import { homedir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { dataRoot } from '../../../src/main/app/paths.ts'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.resetModules()
})

// A relative folder would lie wherever the program happens to be started, and nowhere else the next time.
it.runIf(process.platform === 'linux').each(['', 'here/config'])(
  'takes a folder of the system’s that is "%s" as not set',
  async (given) => {
    vi.stubEnv('CONCORD_DATA', '')
    vi.stubEnv('CONCORD_CACHE', '')
    vi.stubEnv('XDG_CONFIG_HOME', given)
    vi.stubEnv('XDG_CACHE_HOME', given)
    const { cacheRoot } = await import('../../../scripts/lib/runtime.mjs')
    expect(dataRoot()).toBe(join(homedir(), '.config', 'Concord'))
    expect(cacheRoot).toBe(join(homedir(), '.cache', 'concord'))
  },
)

it.runIf(process.platform === 'linux')('takes an absolute one', async () => {
  vi.stubEnv('CONCORD_DATA', '')
  vi.stubEnv('CONCORD_CACHE', '')
  vi.stubEnv('XDG_CONFIG_HOME', '/etc/elsewhere')
  vi.stubEnv('XDG_CACHE_HOME', '/var/elsewhere')
  const { cacheRoot } = await import('../../../scripts/lib/runtime.mjs')
  expect(dataRoot()).toBe('/etc/elsewhere/Concord')
  expect(cacheRoot).toBe('/var/elsewhere/concord')
})
