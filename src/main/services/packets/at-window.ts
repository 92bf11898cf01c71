import { ConcordError, messageOf } from '../../domain/error.ts'
import { storageError } from '../../domain/storage-error.ts'
import type { Jobs, JobControl } from '../../jobs/jobs.ts'
import type { Job } from '../../../preload/contract/jobs.ts'
import { studyOf, type AskWhere, type Caller } from '../context.ts'
import { ownStudy } from '../reading/desk.ts'
import { mayOpen, requireMayOpen, type PacketBase } from './acts.ts'
import type { createMaking } from './make.ts'
import type { createMerging, Merged } from './merge.ts'
import type { createOpening } from './open.ts'
import type { Work } from './work.ts'

interface Parts {
  making: ReturnType<typeof createMaking>
  merging: ReturnType<typeof createMerging>
  opening: ReturnType<typeof createOpening>
}
export interface Opening {
  state: 'running' | 'done' | 'failed' | 'cancelled'
  /** 0 to 1 */
  share: number
  error: { code: string; message: string } | null
  result: { studyId: string; study: string; reader: string; scans: number; changed: boolean } | null
}

/** Results are fetched once the job is done; a few are kept. */
const KEPT = 20

/**
 * Packets as the window handles them: a file is asked for, and what takes long is a job. Opening one is none, since there may be
 * nobody signed in yet: the page asks how far it is.
 */
export function createWindowPackets({ db, jobs, making, merging, opening }: PacketBase & Parts & { jobs: Jobs }) {
  const results = new Map<string, { accountId: string; found: Merged }>()
  let now: { seen: Opening; abort: AbortController; ended: Promise<void> } | null = null

  /** A job whose progress is a share of a hundred: how much it is of would say how long a reader's queue is. */
  async function job(
    caller: Caller,
    kind: Job['kind'],
    studyId: string,
    work: (work: Work, id: string) => Promise<void>,
  ) {
    const { job: started } = await jobs.start({ kind, studyId, accountId: caller.accountId }, (control: JobControl) =>
      work(
        { signal: control.signal, progress: (share) => control.progress(Math.floor(share * 100), 100, '') },
        control.jobId,
      ),
    )
    return { jobId: started.id }
  }

  return {
    /** Asks for a file and makes a packet for a reader. Null where no place was chosen. Errors: as `make`. */
    async make(caller: Caller, wanted: { studyId: string; readerId: string }, ask: AskWhere) {
      await making.check(caller, wanted)
      const study = await studyOf(db, wanted.studyId)
      const { name } = await db
        .selectFrom('account')
        .select('name')
        .where('id', '=', wanted.readerId)
        .executeTakeFirstOrThrow()
      const path = await ask(`${fileName(study.title)}-${fileName(name)}.concord-study`)
      if (path === null) return null
      const { jobId } = await job(caller, 'packet-make', study.id, async (work) => {
        await making.make(caller, { ...wanted, path }, work)
      })
      return { jobId, path }
    },

    /** A reader's own votes into a file that they are asked for. */
    async take(caller: Caller, { studyId }: { studyId: string }, ask: AskWhere) {
      const study = await ownStudy(db, caller, studyId)
      // Not the reader's name: whoever merges need not learn it.
      const path = await ask(`${fileName(study.title)}-${new Date().toISOString().slice(0, 10)}.concord-votes`)
      if (path === null) return null
      const { votes } = await making.votes(caller, { studyId, path })
      return { path, votes }
    },

    async preview(caller: Caller, wanted: { studyId: string; path: string }) {
      await merging.check(caller, wanted)
      return job(caller, 'packet-merge', wanted.studyId, async (work, id) =>
        put(id, caller, await merging.preview(caller, wanted, work)),
      )
    },

    async merge(caller: Caller, wanted: { studyId: string; path: string; digest: string }) {
      await merging.check(caller, wanted)
      return job(caller, 'packet-merge', wanted.studyId, async (work, id) =>
        put(id, caller, await merging.merge(caller, wanted, work)),
      )
    },

    /** What a preview or a merge found. Error: `job-unknown`. */
    result(caller: Caller, jobId: string): Merged {
      const result = results.get(jobId)
      if (result?.accountId !== caller.accountId)
        throw new ConcordError('job-unknown', 'There is no such work in this session.')
      return result.found
    },

    /** Whether whoever is there may open packets, and what is being opened. */
    async state(caller: Caller | null): Promise<{ may: boolean; now: Opening | null }> {
      const may = await mayOpen(db, caller)
      return { may, now: may && now ? { ...now.seen } : null }
    },

    /** Starts to open a packet. Errors: `packet-not-here`, `packet-opening`; others are told by `state`. */
    async open(caller: Caller | null, wanted: { path: string; digest: string }): Promise<void> {
      await requireMayOpen(db, caller)
      if (now?.seen.state === 'running')
        throw new ConcordError('packet-opening', 'A packet is being opened already. Wait until it is there.')
      const abort = new AbortController()
      const seen: Opening = { state: 'running', share: 0, error: null, result: null }
      const work = { signal: abort.signal, progress: (share: number) => void (seen.share = share) }
      const ended = opening.open(caller, wanted, work).then(
        ({ study, reader, scans, changed }) => {
          seen.result = { studyId: study.id, study: study.title, reader, scans, changed }
          seen.state = 'done'
        },
        (error: unknown) => {
          seen.state = abort.signal.aborted ? 'cancelled' : 'failed'
          const known = error instanceof ConcordError ? error : storageError(error)
          if (seen.state === 'failed')
            seen.error = { code: known?.code ?? 'unexpected', message: known?.message ?? messageOf(error) }
        },
      )
      now = { seen, abort, ended }
    },

    async stopOpening(caller: Caller | null): Promise<void> {
      await requireMayOpen(db, caller)
      now?.abort.abort()
    },

    /** Stops what is being opened, at the end of the program. */
    async close(): Promise<void> {
      now?.abort.abort()
      await now?.ended
    },
  }

  function put(id: string, { accountId }: Caller, found: Merged): void {
    results.set(id, { accountId, found })
    for (const old of [...results.keys()].slice(0, -KEPT)) results.delete(old)
  }
}

/** A title as the name of a file on any system. */
const fileName = (title: string): string =>
  title
    .replaceAll(/[^\p{L}\p{N} ._-]/gu, '')
    .trim()
    .replaceAll(/\s+/g, '-') || 'study'
