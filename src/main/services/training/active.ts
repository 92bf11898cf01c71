import type { Run } from '../../../preload/contract/training.ts'
import { ConcordError } from '../../domain/error.ts'
import type { Progress } from '../../learning/types.ts'

/** A run that goes on here, the job it goes on as (empty until that has begun), and how far it is. */
export interface ActiveRun {
  runId: string
  jobId: string
  live: Progress | null
}

export type Active = ReturnType<typeof createActive>

/** The one place for a run that goes on: there is one TensorFlow, and one run at a time has it. */
export function createActive() {
  let run: ActiveRun | null = null
  let beginning = false

  return {
    now: (): ActiveRun | null => run,
    /** The run that goes on, if it is this one. */
    of: (runId: string): ActiveRun | null => (run?.runId === runId ? run : null),
    hold(runId: string, jobId = ''): void {
      run = { runId, jobId, live: null }
    },
    clear(): void {
      run = null
    },

    /** The place is taken before anything is asked of the database. Error: `run-in-progress`. */
    async alone(begin: () => Promise<Run>): Promise<Run> {
      if (run || beginning)
        throw new ConcordError('run-in-progress', 'A network is being trained. Wait for it, or cancel it first.')
      beginning = true
      try {
        return await begin()
      } finally {
        beginning = false
      }
    },
  }
}
