import { ref, type Ref } from 'vue'
import { Failure } from '../api.ts'
import { useJobs } from '../stores/jobs.ts'

/** A job that a panel started: its identifier while it runs, so that its bar can be shown there. */
export function useJob(): { jobId: Ref<string | null>; wait: (jobId: string) => Promise<boolean> } {
  const jobs = useJobs()
  const jobId = ref<string | null>(null)

  /** True when it was done, false when it was cancelled; throws what it failed of. */
  async function wait(id: string): Promise<boolean> {
    jobId.value = id
    try {
      const job = await jobs.ended(id)
      // The panel says it where it was started: not a second time at the foot of the window.
      jobs.dismiss(id)
      if (job.state === 'failed') throw new Failure(job.error ?? { code: 'unexpected', message: job.detail })
      return job.state === 'done'
    } finally {
      jobId.value = null
    }
  }

  return { jobId, wait }
}
