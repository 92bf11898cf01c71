import { z } from 'zod'
import type { Outcome, Route } from './route.ts'
import { accounts } from './accounts.ts'
import { analysis } from './analysis.ts'
import { audit } from './audit.ts'
import { backups, recovery } from './backups.ts'
import { id } from './common.ts'
import { experiments } from './experiments.ts'
import { job, jobs } from './jobs.ts'
import { keys } from './keys.ts'
import { labels } from './labels.ts'
import { motion } from './motion.ts'
import { designs } from './design.ts'
import { places } from './places.ts'
import { exports, program } from './program.ts'
import { pacsRoutes } from './pacs.ts'
import { packets } from './packets.ts'
import { reading } from './reading.ts'
import { regions } from './regions.ts'
import { reports } from './reports.ts'
import { scans } from './scans.ts'
import { seriesRoutes } from './series.ts'
import { settingsRoutes } from './settings.ts'
import { studies } from './studies.ts'
import { models } from './models.ts'
import { run, training } from './training.ts'
import { updates } from './updates.ts'

/** Everything the page can ask, by area and verb. */
export const contract = {
  accounts,
  studies,
  designs,
  scans,
  reading,
  regions,
  analysis,
  motion,
  keys,
  labels,
  training,
  series: seriesRoutes,
  models,
  experiments,
  pacs: pacsRoutes,
  packets,
  jobs,
  reports,
  exports,
  audit,
  backups,
  recovery,
  places,
  settings: settingsRoutes,
  updates,
  program,
}
export type Contract = typeof contract
export type Area = keyof Contract

/** What the main process tells the page unasked. Readers receive none of these but what concerns their own windows. */
export const events = {
  job,
  run,
  'study-changed': z.object({ studyId: id }),
  /** The department's server cannot be reached any more, or is back. */
  server: z.object({ reachable: z.boolean() }),
  /** The window was locked from outside the page, as when the system was. */
  locked: z.object({}),
  /** The password was given at the other window. */
  unlocked: z.object({}),
  /** To the first window: the second one is there or gone; as it was asked, by its own cross, by a crash, with its monitor. */
  'second-window': z.object({ open: z.boolean(), why: z.enum(['asked', 'closed', 'crashed', 'monitor-gone']) }),
  'session-ended': z.object({ reason: z.enum(['signed-out', 'idle', 'closed']) }),
}
export type EventName = keyof typeof events
export type EventOf<N extends EventName> = z.infer<(typeof events)[N]>

type Input<R> = R extends Route<infer Q, z.ZodType> ? z.input<Q> : never
type Output<R> = R extends Route<z.ZodType, infer P> ? z.infer<P> : never
export type RequestOf<A extends Area, V extends keyof Contract[A]> =
  Contract[A][V] extends Route<infer Q, z.ZodType> ? z.infer<Q> : never
export type ReplyOf<A extends Area, V extends keyof Contract[A]> = Output<Contract[A][V]>

/** The frozen object that the preload puts on the page as `window.concord`. */
export type ConcordApi = {
  readonly [A in Area]: {
    readonly [V in keyof Contract[A]]: (request: Input<Contract[A][V]>) => Promise<Outcome<Output<Contract[A][V]>>>
  }
} & {
  /** Calls back at each event of that name; returns a function that stops it. */
  readonly on: <N extends EventName>(name: N, listener: (payload: EventOf<N>) => void) => () => void
  /** Absolute path of a file or folder dropped on the page. */
  readonly pathOf: (file: unknown) => string
}

/** The ipc channel of a route: made here and nowhere else. */
export function channel(area: string, verb: string): string {
  return `${area}.${verb}`
}

/** Every route with its names, for the router, the preload and the tests. */
export function allRoutes(): { area: Area; verb: string; channel: string; route: Route }[] {
  return (Object.keys(contract) as Area[]).flatMap((area) =>
    Object.entries(contract[area] as Record<string, Route>).map(([verb, route]) => ({
      area,
      verb,
      channel: channel(area, verb),
      route,
    })),
  )
}

export const eventChannel = 'event'
