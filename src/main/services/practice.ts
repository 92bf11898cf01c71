import { join } from 'node:path'
import type { Jobs } from '../jobs/jobs.ts'
import type { Caller } from './context.ts'
import { newId } from '../store/identity.ts'

export type Practice = ReturnType<typeof createPractice>

/** Practice scans: the motion phantom's, written as files of the scanner's formats, to be imported like any others. */
export function createPractice({ jobs, folders }: { jobs: Jobs; folders: { practice: string } }) {
  return {
    async make(caller: Caller, request: { scans: number; size: number; slices: number; seed: number }) {
      const path = join(folders.practice, newId())
      const { job } = await jobs.start(
        { kind: 'practice', studyId: null, accountId: caller.accountId },
        async (control) => {
          const { writePracticeScans } = await import('../phantom/write.ts')
          await writePracticeScans(path, request, {
            signal: control.signal,
            onProgress: (done: number, total: number) => control.progress(done, total, path),
          })
        },
      )
      return { jobId: job.id, path }
    },
  }
}
