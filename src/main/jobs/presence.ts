import { sql } from 'kysely'
import type { Connection, Database } from '../store/database.ts'

interface Options {
  db: Database
  workstation: string
  /** Work of this workstation is looked at after each beat: others may have given it up, or gone on with it. */
  mine(): Promise<void>
  /** A study some of whose work was found to go on no more. */
  studyChanged(studyId: string): void
  /** Milliseconds between two beats, and without one until others take a workstation for gone. */
  every?: number
  patience?: number
}

/** The server's clock alone, in seconds since 1970: those of the workstations may be hours apart. */
const clock = sql<number>`extract(epoch from clock_timestamp())::float8`

/**
 * Several workstations at one server say every few seconds that they are there. Work of one that says nothing any more, as after
 * a crash or a power cut, is found "interrupted" by the others, since when it was there last; whoever may resume it can do so
 * anywhere. One that was only cut off takes its work back if nobody has gone on with it (`mine`).
 */
export function createPresence({ db, workstation, mine, studyChanged, every = 5000, patience = 30_000 }: Options) {
  let timer: NodeJS.Timeout | undefined
  let begun: Promise<void> | null = null
  let watching = false
  let stopped = false

  async function beat(): Promise<void> {
    await db
      .insertInto('workstation')
      .values({ id: workstation, seen: clock })
      .onConflict((c) => c.column('id').doUpdateSet({ seen: clock }))
      .execute()
    await mine()
  }

  /** Gives up the work of workstations that are gone. Public for whoever cannot wait for the next beat. */
  async function sweep(): Promise<void> {
    const found = await db.transaction().execute(async (t) => {
      const gone = await goneFrom(t, workstation, patience / 1000)
      const studies = new Set<string>()
      for (const { id, seen } of gone)
        for (const study of await interrupt(t, id, new Date(seen * 1000).toISOString())) studies.add(study)
      return studies
    })
    for (const study of found) studyChanged(study)
  }

  async function turn(): Promise<void> {
    // A server that cannot be reached now is asked again at the next turn.
    await beat()
      .then(() => (watching ? sweep() : undefined))
      .catch(() => undefined)
    if (!stopped) timer = setTimeout(() => void turn(), every).unref()
  }

  return {
    /** From the first work on: nobody shall take it for a dead workstation's. */
    begin(): Promise<void> {
      timer ??= setTimeout(() => void turn(), every).unref()
      begun ??= beat().catch((error: unknown) => {
        begun = null
        throw error
      })
      return begun
    },
    /** Looks after the others' work too, as long as the program runs. */
    async watch(): Promise<void> {
      watching = true
      await this.begin()
      await sweep()
    },
    sweep,
    stop(): void {
      stopped = true
      clearTimeout(timer)
    },
  }
}

/** Workstations with unfinished work that were not there for so long, or never since there is a record of it. */
async function goneFrom(t: Connection, own: string, seconds: number): Promise<{ id: string; seen: number }[]> {
  const { rows } = await sql<{ id: string; seen: number }>`
    select work.workstation as id, coalesce(workstation.seen, ${clock}) as seen
    from (
      select workstation from job where state in ('running', 'queued')
      union select workstation from training_run where state in ('running', 'paused')
      union select workstation from training_series where state = 'running'
    ) as work left join workstation on workstation.id = work.workstation
    where work.workstation <> ${own} and (workstation.seen is null or workstation.seen < ${clock} - ${seconds}::float8)
    order by 1`.execute(t)
  return rows
}

/** The studies that it is about. */
async function interrupt(t: Connection, workstation: string, at: string): Promise<string[]> {
  const jobs = await t
    .updateTable('job')
    .set({ state: 'interrupted', ended_at: at })
    .where('state', 'in', ['running', 'queued'])
    .where('workstation', '=', workstation)
    .returning('study_id')
    .execute()
  const runs = await t
    .updateTable('training_run')
    .set({ state: 'interrupted', interrupted_at: at })
    .where('state', 'in', ['running', 'paused'])
    .where('workstation', '=', workstation)
    .returning('study_id')
    .execute()
  const series = await t
    .updateTable('training_series')
    .set({ state: 'interrupted', interrupted_at: at })
    .where('state', '=', 'running')
    .where('workstation', '=', workstation)
    .returning('study_id')
    .execute()
  return [...jobs, ...runs, ...series].flatMap(({ study_id }) => study_id ?? [])
}
