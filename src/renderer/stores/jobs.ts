import { computed, shallowRef } from 'vue'
import { defineStore } from 'pinia'
import type { Job } from '../../preload/contract/jobs.ts'
import { api, onEvent } from '../api.ts'

const active = (job: Job): boolean => job.state === 'queued' || job.state === 'running'

/** Long work: what runs now, and what ended while this window was open and was not yet put aside. */
export const useJobs = defineStore('jobs', () => {
  const byId = shallowRef<ReadonlyMap<string, Job>>(new Map())
  const aside = shallowRef<ReadonlySet<string>>(new Set())

  const running = computed(() => [...byId.value.values()].filter(active))
  /** Ended badly and not put aside: a job that simply ended needs no note, its page shows the result. */
  const troubled = computed(() =>
    [...byId.value.values()].filter((job) => job.state === 'failed' && !aside.value.has(job.id)),
  )

  function put(job: Job): void {
    byId.value = new Map(byId.value).set(job.id, job)
  }

  async function load(): Promise<void> {
    // What is told while the list is on its way is newer than the list.
    const told = new Map<string, Job>()
    const stop = onEvent('job', (job) => void told.set(job.id, job))
    const jobs = await api.jobs.list({}).finally(stop)
    byId.value = new Map([...jobs.map((job) => [job.id, job] as const), ...told])
    // What failed before this window opened is history, not news.
    aside.value = new Set(jobs.filter((job) => !active(job)).map((job) => job.id))
  }

  async function cancel(jobId: string): Promise<void> {
    await api.jobs.cancel({ jobId })
  }

  function dismiss(jobId: string): void {
    aside.value = new Set(aside.value).add(jobId)
  }

  /** Resolves with the job as it ended. */
  function ended(jobId: string): Promise<Job> {
    return new Promise((resolve) => {
      const known = byId.value.get(jobId)
      if (known && !active(known)) return resolve(known)
      const stop = onEvent('job', (job) => {
        if (job.id !== jobId || active(job)) return
        stop()
        resolve(job)
      })
    })
  }

  function clear(): void {
    byId.value = new Map()
    aside.value = new Set()
  }

  function listen(): () => void {
    return onEvent('job', put)
  }

  return { byId, running, troubled, load, cancel, dismiss, ended, clear, listen }
})
