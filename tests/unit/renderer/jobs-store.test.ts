import { createPinia, setActivePinia } from 'pinia'
import { afterEach, expect, it, vi } from 'vitest'
import type { Job } from '../../../src/preload/contract/jobs.ts'
import { useJobs } from '../../../src/renderer/stores/jobs.ts'

afterEach(() => vi.unstubAllGlobals())

it('does not take a job that ended while the list was on its way for one that runs', async () => {
  const job = (state: Job['state']) => ({ id: 'a', kind: 'preview', state }) as Job
  const ears = new Set<(payload: unknown) => void>()
  let answer: (value: unknown) => void = () => undefined
  const list = () => new Promise((resolve) => (answer = resolve))
  const on = (_name: string, heard: (payload: unknown) => void) => {
    ears.add(heard)
    return () => void ears.delete(heard)
  }
  vi.stubGlobal('window', { concord: { jobs: { list }, on } })
  setActivePinia(createPinia())
  const jobs = useJobs()
  jobs.listen()
  const loaded = jobs.load()
  for (const heard of ears) heard(job('done'))
  answer({ ok: true, value: [job('running')] })
  await loaded
  expect(jobs.running).toEqual([])
  expect(await jobs.ended('a')).toMatchObject({ state: 'done' })
  // Only what listens for as long as the page is there is left.
  expect(ears.size).toBe(1)
})
