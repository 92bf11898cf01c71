import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { clearDrafts } from '../../files/drafts.ts'
import { isOf, type Jobs } from '../../jobs/jobs.ts'
import { now } from '../../store/identity.ts'
import type { ServiceBase } from '../context.ts'
import type { Active } from './active.ts'
import { decideAlone, isHeldElsewhere } from './holder.ts'

/** Runs whose program ended, or whose workstation could not be reached for a time. */
export function createInterrupted(parts: ServiceBase & { jobs: Jobs; folders: { runs: string }; active: Active }) {
  const { db, workstation, jobs, folders, active } = parts
  return {
    /**
     * After others may have taken this workstation for gone: the run goes on if nobody else has gone on with it, and is stopped
     * here if somebody has.
     */
    async claim(): Promise<void> {
      const run = active.now()
      if (!run) return
      const row = await db
        .selectFrom('training_run')
        .select(['state', 'workstation'])
        .where('id', '=', run.runId)
        .executeTakeFirst()
      if (row?.workstation !== workstation) return jobs.cancel(run.jobId)
      if (row.state !== 'interrupted') return
      await db
        .updateTable('training_run')
        .set({ state: 'running', interrupted_at: null })
        .where('id', '=', run.runId)
        .where('state', '=', 'interrupted')
        .where(isOf(workstation))
        .execute()
    },

    /**
     * At start: a run that was going when the program ended can be resumed; what it prepared is made anew then. One that another
     * program of this computer carries out, as the command beside the window, is left to it.
     */
    async markInterrupted(): Promise<void> {
      const going = await db
        .selectFrom('training_run')
        .select('id')
        .where('state', 'in', ['running', 'paused'])
        .where(isOf(workstation))
        .execute()
      for (const { id } of going)
        await decideAlone(db, 'training_run', id, async (t) => {
          if (await isHeldElsewhere(join(folders.runs, id))) return
          await t
            .updateTable('training_run')
            .set({ state: 'interrupted', interrupted_at: now() })
            .where('id', '=', id)
            .where('state', 'in', ['running', 'paused'])
            .where(isOf(workstation))
            .execute()
        })
      const elsewhere = await db
        .selectFrom('training_run')
        .select('id')
        .where('state', 'in', ['running', 'paused'])
        .execute()
      for (const run of await readdir(folders.runs).catch(() => [])) {
        const folder = join(folders.runs, run)
        await clearDrafts(folder)
        if (!elsewhere.some(({ id }) => id === run) && !(await isHeldElsewhere(folder)))
          await rm(join(folder, 'slices.f32'), { force: true }).catch(() => undefined)
      }
    },
  }
}
