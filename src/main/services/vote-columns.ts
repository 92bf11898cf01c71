import { setImmediate as nextTurn } from 'node:timers/promises'
import { CANNOT, NONE, type VoteColumns } from '../statistics/question.ts'
import type { Connection } from '../store/database.ts'
import type { Row } from '../store/schema.ts'
import { scaleOf } from './context.ts'

/** Rows read at a time: a few milliseconds, so that a vote never waits long. */
const CHUNK = 500
const DAY = 86_400_000

interface Reader {
  code: Int8Array
  day: Int32Array
}
interface Kept {
  /** Names sort by time and votes are never changed: what came after the last one read is what is new. */
  lastScan: string
  lastVote: string
  scanOf: Map<string, number>
  patientOf: Map<string, number>
  siteNames: string[]
  site: Uint8Array
  patient: Int32Array
  readers: Map<string, Reader>
  busy: Promise<void>
}

export type VoteStore = ReturnType<typeof createVoteStore>

/**
 * The counting votes of studies as columns, kept between questions: the first question reads a study's votes in small
 * portions, each later one only what has been cast since.
 */
export function createVoteStore(db: Connection) {
  const studies = new Map<string, Kept>()

  return {
    async columns(study: Row<'study'>): Promise<VoteColumns> {
      const kept = studies.get(study.id) ?? empty()
      studies.set(study.id, kept)
      // One reader of new rows at a time; a failure is that question's own.
      const turn = kept.busy.then(() => catchUp(db, study, kept))
      kept.busy = turn.catch(() => undefined)
      await turn
      const letters = await db
        .selectFrom('study_reader')
        .select(['account_id', 'letter'])
        .where('study_id', '=', study.id)
        .orderBy('letter')
        .execute()
      const scans = kept.scanOf.size
      return {
        scans,
        siteNames: [...kept.siteNames],
        site: kept.site.slice(0, scans),
        patient: kept.patient.slice(0, scans),
        readers: letters.map(({ account_id, letter }) => {
          const own = kept.readers.get(account_id)
          return {
            letter,
            code: own ? own.code.slice(0, scans) : new Int8Array(scans).fill(NONE),
            day: own ? own.day.slice(0, scans) : new Int32Array(scans),
          }
        }),
      }
    },
  }
}

async function catchUp(db: Connection, study: Row<'study'>, kept: Kept): Promise<void> {
  const codeOf = new Map(scaleOf(study).grades.map((grade, code) => [grade.value, code]))
  for (let full = true; full; await nextTurn()) {
    const rows = await db
      .selectFrom('scan')
      .select(['id', 'patient_id', 'site'])
      .where('study_id', '=', study.id)
      .where('id', '>', kept.lastScan)
      .orderBy('id')
      .limit(CHUNK)
      .execute()
    for (const row of rows) addScan(kept, row)
    full = rows.length === CHUNK
  }
  for (let full = true; full; await nextTurn()) {
    const rows = await db
      .selectFrom('vote')
      .innerJoin('assignment', 'assignment.id', 'vote.assignment_id')
      .select(['vote.id', 'vote.kind', 'vote.grade', 'vote.cast_at', 'assignment.scan_id', 'assignment.account_id'])
      .where('vote.id', '>', kept.lastVote)
      .where('assignment.study_id', '=', study.id)
      .where('assignment.kind', '=', 'primary')
      .orderBy('vote.id')
      .limit(CHUNK)
      .execute()
    for (const row of rows) {
      kept.lastVote = row.id
      const scan = kept.scanOf.get(row.scan_id)
      if (scan === undefined) continue
      const reader = readerOf(kept, row.account_id)
      reader.code[scan] = row.kind === 'withdrawn' ? NONE : row.grade === null ? CANNOT : codeOf.get(row.grade)!
      reader.day[scan] = Math.floor(Date.parse(row.cast_at) / DAY)
    }
    full = rows.length === CHUNK
  }
}

function addScan(kept: Kept, { id, patient_id, site }: { id: string; patient_id: string; site: string }): void {
  const index = kept.scanOf.size
  if (index === kept.site.length) grow(kept)
  if (!kept.siteNames.includes(site)) kept.siteNames.push(site)
  kept.site[index] = kept.siteNames.indexOf(site)
  const patient = kept.patientOf.get(patient_id) ?? kept.patientOf.size
  kept.patientOf.set(patient_id, patient)
  kept.patient[index] = patient
  kept.scanOf.set(id, index)
  kept.lastScan = id
}

function readerOf(kept: Kept, accountId: string): Reader {
  let reader = kept.readers.get(accountId)
  if (!reader) {
    reader = { code: new Int8Array(kept.site.length).fill(NONE), day: new Int32Array(kept.site.length) }
    kept.readers.set(accountId, reader)
  }
  return reader
}

function grow(kept: Kept): void {
  const size = kept.site.length * 2
  const copied = <T extends Int8Array | Int32Array | Uint8Array>(to: T, from: T): T => {
    to.set(from)
    return to
  }
  kept.site = copied(new Uint8Array(size), kept.site)
  kept.patient = copied(new Int32Array(size), kept.patient)
  for (const reader of kept.readers.values()) {
    reader.code = copied(new Int8Array(size).fill(NONE), reader.code)
    reader.day = copied(new Int32Array(size), reader.day)
  }
}

function empty(): Kept {
  return {
    ...{ lastScan: '', lastVote: '', scanOf: new Map(), patientOf: new Map(), siteNames: [], readers: new Map() },
    ...{ site: new Uint8Array(1024), patient: new Int32Array(1024), busy: Promise.resolve() },
  }
}
