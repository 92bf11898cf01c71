import { z } from 'zod'
import { done, nothing, route } from './route.ts'
import { id, time } from './common.ts'

/** Long work: one shape for import, practice scans, training and inference. */
export const job = z.object({
  id,
  kind: z.enum([
    ...['preview', 'import', 'practice', 'training', 'inference', 'report', 'retrieve', 'send', 'experiment'],
    ...['packet-make', 'packet-merge', 'labels'],
  ] as const),
  studyId: id.nullable(),
  state: z.enum(['queued', 'running', 'done', 'failed', 'cancelled', 'interrupted']),
  /** Units done of the total; total 0 while it is not known. */
  done: z.number(),
  total: z.number(),
  secondsLeft: z.number().nullable(),
  /** What is being done now, e.g. a file's own name or "epoch 3 of 20". */
  detail: z.string(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  startedAt: time,
  endedAt: time.nullable(),
})
export type Job = z.infer<typeof job>

export const jobs = {
  /** The caller's own jobs and, for leads and trainers, those of their studies: running ones and the last twenty ended. */
  list: route(['administrator', 'lead', 'trainer'], nothing, z.array(job)),
  cancel: route(['administrator', 'lead', 'trainer'], z.strictObject({ jobId: id }), done),
}
