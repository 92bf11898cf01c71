import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { median } from '../../src/main/domain/median.ts'
import { newId, now } from '../../src/main/store/identity.ts'
import { studyOf, type Caller } from '../../src/main/services/context.ts'
import { designOf } from '../../src/main/services/design-of.ts'
import { nextItems } from '../../src/main/services/desk.ts'
import { createStatistics } from '../../src/main/statistics/host.ts'
import { openDatabase } from '../../src/main/store/database.ts'
import type { Place } from '../../src/main/store/place.ts'
import { openServer } from '../../src/main/store/server/database.ts'
import { copyToServer } from '../../src/main/store/server/move.ts'
import { writeDepartment } from '../fixtures/department-study.ts'
import { timed } from '../fixtures/large-study.ts'
import { noServer, startServer } from '../fixtures/postgres.ts'
import { startProgram, type Program } from '../fixtures/program.ts'
import type { Line } from './line.ts'

/** CONCORD_BENCH_SHARE=0.1: a tenth of everything, to try the bench itself. */
const share = Number(process.env.CONCORD_BENCH_SHARE ?? 1)
const size = { readers: 30, scans: 100_000 * share, votes: 1_000_000 * share, waiting: 2000 * share }
const rounds = 60
/** Milliseconds: the queue's next item, and the lead's page (as in lead.ts). */
const bounds = { next: 5, open: 500 }

type Made = Awaited<ReturnType<typeof writeDepartment>>

/** 30 readers, 100,000 scans and a million votes, in a file and on a server; each figure of the one beside the other's. */
export async function bench(line: Line): Promise<void> {
  const why = noServer()
  if (why !== null) throw new Error(why)
  const root = mkdtempSync(join(tmpdir(), 'concord-bench-department-'))
  const server = await startServer({ safe: true })
  const programs: Program[] = []
  try {
    const file = join(root, 'concord.db')
    const made = await writeDepartment(file, size)
    const there = await server.database({ name: 'department' })
    await move(file, there, made, line)
    const places: { sqlite: Place; postgres: Place } = { sqlite: { file }, postgres: { server: there } }
    const open = async (name: string, place: Place): Promise<Program> => {
      const program = await startProgram(join(root, name), place)
      programs.push(program)
      return program
    }
    const both = { sqlite: await open('a', places.sqlite), postgres: await open('b', places.postgres) }
    await queues(both, made, line)
    await figures(places, made, line)
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
    line(`a file of ${made.votes} votes moves to a server, every row compared`, ms / 1000, 's', '', null)
    line('… rows', value.rows, '', '', null)
    await sql`analyze`.execute(db)
  } finally {
    await from.destroy()
    await db.destroy()
  }
}

/** Both databases in turn, another reader each time. */
async function queues(both: { sqlite: Program; postgres: Program }, { studyId, readers }: Made, line: Line) {
  const spent = { next: times(), desk: times(), cast: times() }
  for (let round = 0; round < rounds; round += 1)
    for (const name of ['sqlite', 'postgres'] as const) {
      const { db, services } = both[name]
      const accountId = readers[round % readers.length]!
      const caller: Caller = { accountId, name: 'r', displayName: 'r', roles: ['reader'] }
      const study = await studyOf(db, studyId)
      const next = await timed(() => nextItems(db, services.sealing, caller, study, designOf(study)))
      spent.next[name].push(next.ms)
      spent.desk[name].push((await timed(() => services.reading.desk(caller, studyId))).ms)
      const vote = { grade: 3, reason: null, shownAt: now(), worstSlice: null, note: null, request: newId() }
      const { assignmentId } = next.value.items[0]!.item
      spent.cast[name].push((await timed(() => services.reading.cast(caller, { ...vote, assignmentId }))).ms)
    }
  const words = {
    next: 'the queue’s next item',
    desk: 'the whole desk',
    cast: 'a vote, on the disk, with the next desk',
  }
  for (const key of ['next', 'desk', 'cast'] as const)
    for (const name of ['sqlite', 'postgres'] as const) {
      const typical = median(spent[key][name])!
      const what = `${words[key]}, ${name}, median of ${rounds}`
      if (key === 'next') line(what, typical, 'ms', `the bound of ${bounds.next} ms`, typical / bounds.next)
      else line(what, typical, 'ms', 'SQLite', typical / median(spent[key].sqlite)!)
    }
}

const times = (): { sqlite: number[]; postgres: number[] } => ({ sqlite: [], postgres: [] })

async function figures(places: { sqlite: Place; postgres: Place }, { studyId }: Made, line: Line): Promise<void> {
  const study = { id: studyId, categories: [1, 2, 3, 4, 5], rescanFrom: 4, condition: false }
  const question = { kind: 'overview', study, filter: {}, resamples: 1000, seed: 1, everything: false } as const
  const first = { sqlite: 0, postgres: 0 }
  for (const name of ['sqlite', 'postgres'] as const) {
    const statistics = createStatistics(places[name])
    first[name] = (await timed(() => statistics.ask(question))).ms
    const again = await timed(() => statistics.ask(question))
    line(`the lead’s figures, nothing read ahead, ${name}`, first[name], 'ms', 'SQLite', first[name] / first.sqlite)
    line('… once they are read', again.ms, 'ms', `the bound of ${bounds.open} ms`, again.ms / bounds.open)
    await statistics.close()
  }
}
