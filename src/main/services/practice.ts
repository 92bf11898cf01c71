import { join } from 'node:path'
import type { Jobs } from '../jobs/jobs.ts'
import { writeStudy } from '../phantom/write.ts'
import { newId } from '../store/identity.ts'
import type { Caller } from './context.ts'

export type Practice = ReturnType<typeof createPractice>

/** Practice scans: the motion phantom's, written as files of the scanner's formats, to be imported like any others. */
export function createPractice({ jobs, folders }: { jobs: Jobs; folders: { practice: string } }) {
  return {
    /** Both sites, two scans a patient, all grades equally often. `path` is the folder to import when the job is done. */
    async make(caller: Caller, request: { scans: number; size: number; slices: number; seed: number }) {
      const folder = join(folders.practice, newId())
      const path = join(folder, 'scans')
      const { scans, size, slices, seed } = request
      const { job } = await jobs.start(
        { kind: 'practice', studyId: null, accountId: caller.accountId },
        async (control) => {
          const study = {
            patients: Math.ceil(scans / 2),
            scansPerPatient: 2,
            scans,
            site: 'both',
            size,
            slices,
            seed,
          } as const
          await writeStudy(
            folder,
            { ...study, grades: 'balanced' },
            {
              signal: control.signal,
              onProgress: ({ done, total }) => control.progress(done, total, path),
            },
          )
        },
      )
      return { jobId: job.id, path }
    },
  }
}
