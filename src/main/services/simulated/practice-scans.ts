import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { PracticeSet } from '../../../preload/contract/scans.ts'
import type { Jobs } from '../../jobs/jobs.ts'
import { readPlan } from '../../phantom/plan-file.ts'
import { unfinished } from '../../phantom/write.ts'
import type { StudyRequest } from '../../phantom/write.ts'
import { newId } from '../../store/identity.ts'
import type { Caller } from '../context.ts'
import { simulateInto } from './simulation.ts'

/** Practice scans: the motion phantom's, written as files of the scanner's formats, to be imported like any others. */
export function createPractice({ jobs, folders }: { jobs: Jobs; folders: { practice: string } }) {
  const busy = new Set<string>()

  /** The folder of the same request that a cancelled or interrupted job left half filled, or a new one. */
  async function folderFor(request: StudyRequest): Promise<string> {
    for (const name of await readdir(folders.practice).catch(() => [])) {
      const folder = join(folders.practice, name)
      if (!busy.has(folder) && (await unfinished(folder, request))) return folder
    }
    return join(folders.practice, newId())
  }

  return {
    /**
     * Both sites, two scans a patient, all grades equally often. `path` is the folder to import when the job is done. The
     * same request again goes on where a job stopped.
     */
    async make(caller: Caller, asked: { scans: number; size: number; slices: number; seed: number }) {
      const { scans, size, slices, seed } = asked
      const patients = Math.ceil(scans / 2)
      const request: StudyRequest = {
        ...{ patients, scansPerPatient: 2, scans, size, slices, seed, site: 'both', grades: 'balanced' },
      }
      const folder = await folderFor(request)
      const path = join(folder, 'scans')
      busy.add(folder)
      const { job } = await jobs.start(
        { kind: 'practice', studyId: null, accountId: caller.accountId },
        async (control) => {
          try {
            await simulateInto(folder, request, {
              signal: control.signal,
              onProgress: ({ done, total }) => control.progress(done, total, path),
            })
          } finally {
            busy.delete(folder)
          }
        },
      )
      return { jobId: job.id, path }
    },

    /** Sets that are not being made now, newest first; `made` scans of each lie there whole. */
    async sets(): Promise<PracticeSet[]> {
      const found: PracticeSet[] = []
      for (const name of await readdir(folders.practice).catch(() => [])) {
        const folder = join(folders.practice, name)
        if (busy.has(folder)) continue
        // Of another version of the phantom, or damaged: nothing that could be gone on with.
        const request = await readPlan<StudyRequest>(folder).catch(() => undefined)
        const path = join(folder, 'scans')
        const made = (await readdir(path).catch(() => [])).length
        if (!request?.scans) continue
        const { scans, size, slices, seed } = request
        found.push({ scans, size, slices, seed: Number(seed), made, path })
      }
      // Folders are named by identifiers that sort by time.
      return found.sort((a, b) => (a.path < b.path ? 1 : -1))
    },
  }
}
