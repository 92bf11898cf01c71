import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import { sql } from 'kysely'
import { display } from '../../scripts/lib/display.mjs'
import { dataFolders } from '../../src/main/app/paths.ts'
import { median } from '../../src/main/domain/median.ts'
import { newId, now } from '../../src/main/store/identity.ts'
import { studyOf, type Caller } from '../../src/main/services/context.ts'
import { designOf } from '../../src/main/services/design-of.ts'
import { nextItems } from '../../src/main/services/reading/queue.ts'
import { hashPassword } from '../../src/main/services/accounts/passwords.ts'
import { createStatistics } from '../../src/main/statistics/host.ts'
import { openDatabase } from '../../src/main/store/database.ts'
import type { Place } from '../../src/main/store/place.ts'
import { openServer } from '../../src/main/store/server/database.ts'
import { copyToServer } from '../../src/main/store/server/move.ts'
import { writeDepartment } from '../fixtures/department-study.ts'
import { timed } from '../fixtures/large-study.ts'
import { noServer, startServer } from '../fixtures/postgres.ts'
import { password, startProgram, type Program } from '../fixtures/program.ts'
import { bounds as page, leadPages } from './lead-window.ts'
import type { Line } from './line.ts'

/** CONCORD_BENCH_SHARE=0.1: a tenth of everything, to try the bench itself. */
const share = Number(process.env.CONCORD_BENCH_SHARE ?? 1)
const size = { readers: 30, scans: 100_000 * share, votes: 1_000_000 * share, waiting: 2000 * share }
const rounds = 60
/** Milliseconds: the queue's next item, and the lead's page (as in lead.ts). */
const bounds = { ...page, next: 5 }

type Made = Awaited<ReturnType<typeof writeDepartment>>
type Places = Record<'sqlite' | 'postgres', Place>
type Programs = Record<'sqlite' | 'postgres', Program>
const both = ['sqlite', 'postgres'] as const

/** 30 readers, 100,000 scans and a million votes, in a file and on a server; each figure of the one beside the other's. */
export async function bench(line: Line): Promise<void> {
  const why = noServer()
  if (why !== null) throw new Error(why)
  const root = mkdtempSync(join(tmpdir(), 'concord-bench-department-'))
  const server = await startServer({ safe: true })
  const programs: Program[] = []
  try {
    const data = join(root, 'a')
    const file = dataFolders(data).database
    const written = await timed(async () =>
      writeDepartment(file, { ...size, passwordHash: await hashPassword(password) }),
    )
    const made = written.value
    line(
      `a file of ${made.votes} votes, each with its entry in the audit trail, is made`,
      written.ms / 1000,
      's',
      '',
      null,
    )
    const there = await server.database({ name: 'department' })
    await move(file, there, made, line)
    const places: Places = { sqlite: { file }, postgres: { server: there } }
    const open = async (folder: string, place: Place): Promise<Program> => {
      const program = await startProgram(folder, place)
      programs.push(program)
      return program
    }
    const at: Programs = {
      sqlite: await open(data, places.sqlite),
      postgres: await open(join(root, 'b'), places.postgres),
    }
    await queues(at, made, line)
    await figures(at, places, made, line)
    await whole(at, made, line)
    for (const program of programs.splice(0)) await program.close()
    await inTheWindow(data, made, line)
    // The window's reader needed an open study.
    const again = { sqlite: await open(data, places.sqlite), postgres: await open(join(root, 'b'), places.postgres) }
    await labels(again, made, line)
  } finally {
    for (const program of programs) await program.close()
    await server.stop()
    rmSync(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }
}

async function move(file: string, there: Parameters<typeof openServer>[0], made: Made, line: Line): Promise<void> {
  const from = await openDatabase(file)
  const { db } = await openServer(there)
  try {
    const { ms, value } = await timed(() =>
      copyToServer(from, db, { by: made.lead, anchors: [], tell: () => undefined }),
    )
    line('it moves to a server, every row compared', ms / 1000, 's', '', null)
    line('… rows', value.rows, '', '', null)
    await sql`analyze`.execute(db)
  } finally {
    await from.destroy()
    await db.destroy()
  }
}

/** Both databases in turn, another reader each time. */
async function queues(at: Programs, { studyId, readers }: Made, line: Line): Promise<void> {
  const spent = { trip: times(), next: times(), desk: times(), cast: times() }
  for (let round = 0; round < rounds; round += 1)
    for (const name of both) {
      const { db, services } = at[name]
      const caller = person(readers[round % readers.length]!, 'reader')
      const study = await studyOf(db, studyId)
      spent.trip[name].push((await timed(() => sql`select 1`.execute(db))).ms)
      const next = await timed(() => nextItems(db, services.sealing, caller, study, designOf(study)))
      spent.next[name].push(next.ms)
      spent.desk[name].push((await timed(() => services.reading.desk(caller, studyId))).ms)
      const vote = { grade: 3, reason: null, shownAt: now(), worstSlice: null, note: null, request: newId() }
      const { assignmentId } = next.value.items[0]!.item
      spent.cast[name].push((await timed(() => services.reading.cast(caller, { ...vote, assignmentId }))).ms)
    }
  const words = {
    trip: 'asking the database for nothing',
    next: 'the queue’s next item',
    desk: 'the whole desk',
    cast: 'a vote, on the disk, with the next desk',
  }
  for (const key of ['trip', 'next', 'desk', 'cast'] as const)
    for (const name of both) {
      const typical = median(spent[key][name])!
      const what = `${words[key]}, ${name}, median of ${rounds}`
      if (key === 'next') line(what, typical, 'ms', ...bound(bounds.next, typical))
      else line(what, typical, 'ms', 'asking for nothing', typical / median(spent.trip[name])!)
    }
}

/** The lead's figures, in their own thread; then with one vote more than was read. */
async function figures(at: Programs, places: Places, { studyId, readers }: Made, line: Line): Promise<void> {
  const study = { id: studyId, categories: [1, 2, 3, 4, 5], rescanFrom: 4, condition: false }
  const question = { kind: 'overview-parts', study, filter: {}, resamples: 1000, seed: 1, everything: false } as const
  // As the page asks: of a site, without a reader, from a day, until a day, and some of these together.
  const others = readers.map((_, index) => letterOf(index)).filter((letter) => letter !== 'AB')
  const [early, late] = [dayBefore(300), dayBefore(100)]
  const filters = [
    ...[{ site: 'tibia' }, { readers: others }, { from: early }, { to: late }, { site: 'radius', from: early }],
    ...[
      { from: early, to: late },
      { site: 'radius', readers: others },
      { from: late, readers: others },
    ],
  ]
  let first = 0
  for (const [turn, name] of both.entries()) {
    const statistics = createStatistics(places[name])
    const cold = await timed(() => statistics.ask(question))
    first ||= cold.ms
    line(`the lead’s figures, nothing read ahead, ${name}`, cold.ms, 'ms', 'SQLite', cold.ms / first)
    const later: number[] = []
    const held = loopDelay()
    for (let vote = 0; vote < 5; vote += 1) {
      await castNext(at[name], studyId, readers[10 * turn + vote]!)
      later.push((await timed(() => statistics.ask(question))).ms)
    }
    line('… with one vote more, median of 5', median(later)!, 'ms', ...bound(bounds.open, median(later)!))
    // The program does so when its lead signs in.
    await statistics.ask({ kind: 'warm', study, resamples: question.resamples, seed: question.seed })
    const follows: number[] = []
    for (const filter of filters) follows.push((await timed(() => statistics.ask({ ...question, filter }))).ms)
    line(
      `… through a filter, median of ${filters.length}`,
      median(follows)!,
      'ms',
      ...bound(bounds.filter, median(follows)!),
    )
    const slowest = Math.max(...follows)
    line('… through a filter, slowest', slowest, 'ms', ...bound(bounds.filter, slowest))
    const again = await timed(() => statistics.ask(question))
    line('… as they were answered before', again.ms, 'ms', ...bound(bounds.filter, again.ms))
    const everything = await timed(() => statistics.ask({ ...question, everything: true }))
    line(
      '… with all intervals, and Dawid and Skene’s labels',
      everything.ms / 1000,
      's',
      'with one vote more',
      everything.ms / median(later)!,
    )
    const list = await timed(() =>
      statistics.ask({
        ...{ kind: 'disputed', study, filter: {}, only: { acrossCut: false, unsettled: false, conflict: false } },
        ...{ order: { by: 'dispute', down: true }, offset: 0, limit: 200 },
      }),
    )
    line('the first 200 disputed scans, in order', list.ms, 'ms', ...bound(bounds.open, list.ms))
    line('… this thread meanwhile, p99 of its event loop', ...(await held()))
    await statistics.close()
  }
}

/** What goes over all of the study: its thread must not be held by it. */
async function whole(at: Programs, { studyId, lead, readers }: Made, line: Line): Promise<void> {
  const leader = person(lead, 'lead')
  for (const name of both) {
    const { services } = at[name]
    const act = async (what: string, work: () => Promise<unknown>): Promise<void> => {
      const held = loopDelay()
      const { ms } = await timed(work)
      line(`${what}, ${name}`, ms / 1000, 's', '', null)
      line('… this thread meanwhile, p99 of its event loop', ...(await held()))
    }
    await act('a reader’s own progress', () => services.reading.progress(person(readers[0]!, 'reader'), studyId))
    await act('how far each reader agrees with themselves', () => services.quality.of(leader, studyId))
    await act('the list of all scans', () => services.scans.list(leader, studyId))
    await act('an act of the first day in the audit trail', () => services.audit.list(leader, { act: 'study.created' }))
    await act('the export of the votes', () =>
      services.exports.votes(leader, studyId, async (suggested) => join(at[name].folders.root, suggested)),
    )
    await act('the audit trail recomputed and every row held against it', async () => {
      const { broken } = await services.audit.check()
      if (broken) throw new Error(`${broken.subject}: ${broken.why}`)
    })
  }
}

/** The reading is sealed, and labels are frozen. */
async function labels(at: Programs, { studyId, lead }: Made, line: Line): Promise<void> {
  const leader = person(lead, 'lead')
  for (const name of both) {
    const { services } = at[name]
    const held = loopDelay()
    const { ms } = await timed(() => services.rounds.seal(leader, { studyId, incomplete: true }))
    line(`the reading is sealed, ${name}`, ms, 'ms', '', null)
    line('… this thread meanwhile, p99 of its event loop', ...(await held()))
    for (const rule of ['majority', 'dawid-skene'] as const) {
      const held = loopDelay()
      const { ms, value } = await timed(() => services.labels.freeze(leader, { studyId, name: rule, rule }))
      line(`the labels of ${value.labels} scans are frozen by ${rule}, ${name}`, ms / 1000, 's', '', null)
      line('… this thread meanwhile, p99 of its event loop', ...(await held()))
    }
  }
}

async function inTheWindow(data: string, { studyId }: Made, line: Line): Promise<void> {
  const screen = await display({ always: true })
  try {
    await leadPages({ data, env: screen.env, studyId, votes: 'a million', reader: 'AB', ahead: 30_000 }, line)
  } finally {
    screen.stop()
  }
}

async function castNext({ services }: Program, studyId: string, reader: string): Promise<void> {
  const caller = person(reader, 'reader')
  const { current } = await services.reading.desk(caller, studyId)
  await services.reading.cast(caller, {
    ...{ assignmentId: current!.assignmentId, grade: 2, reason: null, shownAt: now(), worstSlice: null, note: null },
    request: newId(),
  })
}

/** As in department-study.ts. */
const letterOf = (index: number): string => String.fromCharCode(65 + Math.floor(index / 26), 65 + (index % 26))
const dayBefore = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)

const person = (accountId: string, role: 'lead' | 'reader'): Caller => ({
  ...{ accountId, name: role, displayName: role, roles: [role] },
})
const times = (): { sqlite: number[]; postgres: number[] } => ({ sqlite: [], postgres: [] })
const bound = (ms: number, value: number): [string, number] => [`the bound of ${ms} ms`, value / ms]

/** Begins to watch this thread's event loop; what it answers ends it. */
function loopDelay(): () => Promise<[number, string, string, number]> {
  const histogram = monitorEventLoopDelay({ resolution: 10 })
  histogram.enable()
  return async () => {
    // Work that never let the loop turn is seen by the timer that comes after it.
    await setTimeout(50)
    histogram.disable()
    // The timer's own 10 ms are no delay.
    const p99 = Math.max(0, histogram.percentile(99) / 1e6 - 10)
    return [p99, 'ms', ...bound(bounds.loop, p99)]
  }
}
