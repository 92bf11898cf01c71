import { sql, type SqlBool } from 'kysely'
import type { Job } from '../../preload/contract/jobs.ts'
import { ConcordError, messageOf } from '../domain/error.ts'
import type { Database } from '../store/database.ts'
import { newId, now } from '../store/identity.ts'
import type { Row } from '../store/schema.ts'

/** What a piece of long work is given: a signal that tells it to stop, and a place to report to. */
export interface JobControl {
  jobId: string
  signal: AbortSignal
  /** @param total 0 while unknown. Cheap: at most five reports a second go further. */
  progress(done: number, total: number, detail: string): void
}

export interface JobSpec {
  kind: Job['kind']
  studyId: string | null
  accountId: string
}

export type Jobs = ReturnType<typeof createJobs>

const reportEvery = 200

/**
 * All long work of the program: one shape for progress, cancel and result. A job that was running when the program
 * ended is found as "interrupted" at the next start, or by the other workstations (presence.ts).
 */
export function createJobs({
  db,
  workstation,
  emit,
  begin = () => Promise.resolve(),
}: {
  db: Database
  workstation: string
  emit(job: Job): void
  /** Before the first work: lets the other workstations know that this one is there. */
  begin?: () => Promise<void>
}) {
  const running = new Map<string, { job: Job; accountId: string; abort: AbortController; ended: Promise<void> }>()

  const keep = (job: Job, accountId: string): Promise<unknown> =>
    db
      .insertInto('job')
      .values({ ...rowOf(job), account_id: accountId, workstation })
      .onConflict((c) => c.column('id').doUpdateSet(rowOf(job)))
      .execute()

  return {
    /** Starts the work at once and returns its job; `ended` resolves when it is over, however it ended. */
    async start(
      spec: JobSpec,
      work: (control: JobControl) => Promise<void>,
    ): Promise<{ job: Job; ended: Promise<void> }> {
      const job: Job = {
        id: newId(),
        kind: spec.kind,
        studyId: spec.studyId,
        state: 'running',
        done: 0,
        total: 0,
        secondsLeft: null,
        detail: '',
        error: null,
        startedAt: now(),
        endedAt: null,
      }
      await begin()
      await keep(job, spec.accountId)
      const abort = new AbortController()
      const began = performance.now()
      let reported = 0
      const control: JobControl = {
        jobId: job.id,
        signal: abort.signal,
        progress(done, total, detail) {
          const elapsed = (performance.now() - began) / 1000
          Object.assign(job, { done, total, detail })
          job.secondsLeft = done > 0 && total > 0 ? Math.max(0, (elapsed / done) * (total - done)) : null
          if (performance.now() - reported < reportEvery && done < total) return
          reported = performance.now()
          emit({ ...job })
        },
      }
      const ended = (async () => {
        try {
          await work(control)
          job.state = abort.signal.aborted ? 'cancelled' : 'done'
        } catch (error) {
          job.state = abort.signal.aborted ? 'cancelled' : 'failed'
          if (job.state === 'failed')
            job.error = {
              code: error instanceof ConcordError ? error.code : 'unexpected',
              message: messageOf(error),
            }
        }
        job.secondsLeft = null
        job.endedAt = now()
        await keep(job, spec.accountId).catch(() => undefined)
        running.delete(job.id)
        emit({ ...job })
      })()
      running.set(job.id, { job, accountId: spec.accountId, abort, ended })
      emit({ ...job })
      return { job: { ...job }, ended }
    },

    /** Running ones first, then the last twenty that ended, of this account. */
    async list(accountId: string): Promise<Job[]> {
      const rows = await db
        .selectFrom('job')
        .selectAll()
        .where('account_id', '=', accountId)
        .where('ended_at', 'is not', null)
        .orderBy('ended_at', 'desc')
        .limit(20)
        .execute()
      const live = [...running.values()].filter((r) => r.accountId === accountId).map((r) => ({ ...r.job }))
      return [...live, ...rows.map(jobOf)]
    },

    ownerOf: (jobId: string): string | null => running.get(jobId)?.accountId ?? null,

    /** Asks a running job to stop; one that has ended is left as it is. */
    cancel(jobId: string): void {
      running.get(jobId)?.abort.abort()
    },

    /** Work that goes on here, and that others gave up while this workstation could not be reached, goes on. */
    async claim(): Promise<void> {
      if (running.size === 0) return
      await db
        .updateTable('job')
        .set({ state: 'running', ended_at: null })
        .where('id', 'in', [...running.keys()])
        .where('state', '=', 'interrupted')
        .execute()
    },

    /** At start: what was running when the program ended did not finish. Other workstations' work goes on. */
    async markInterrupted(): Promise<void> {
      await db
        .updateTable('job')
        .set({ state: 'interrupted', ended_at: now() })
        .where('state', 'in', ['running', 'queued'])
        .where(isOf(workstation))
        .execute()
    },

    /** At the end of the program: stops everything and waits for it. */
    async stopAll(): Promise<void> {
      const all = [...running.values()]
      for (const { abort } of all) abort.abort()
      await Promise.all(all.map((r) => r.ended))
    },
  }
}

/** Of a query over work: it is this workstation's, as is what comes from before there were several. */
export const isOf = (workstation: string) => sql<SqlBool>`(workstation = ${workstation} or workstation is null)`

const rowOf = (job: Job): Omit<Row<'job'>, 'account_id' | 'workstation'> => ({
  id: job.id,
  kind: job.kind,
  study_id: job.studyId,
  state: job.state,
  done: job.done,
  total: job.total,
  detail: job.detail,
  error: job.error && JSON.stringify(job.error),
  started_at: job.startedAt,
  ended_at: job.endedAt,
})

const jobOf = (row: Row<'job'>): Job => ({
  id: row.id,
  kind: row.kind as Job['kind'],
  studyId: row.study_id,
  state: row.state,
  done: row.done,
  total: row.total,
  secondsLeft: null,
  detail: row.detail,
  error: row.error ? (JSON.parse(row.error) as Job['error']) : null,
  startedAt: row.started_at,
  endedAt: row.ended_at,
})
