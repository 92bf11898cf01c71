import type { Steps } from '../store/reader.ts'
import type { KeyObject } from 'node:crypto'
import type { Columns } from './columns.ts'
import type { KnownPatterns } from './known-patterns.ts'
import type { Packing } from './packed.ts'
import { NONE, type OverviewAnswer } from './question.ts'

/** One reader's votes: an element a scan, in the order of the scans. */
export interface OwnVotes {
  /** Place in the declared scale, NONE or CANNOT. */
  code: Int8Array
  /** Days since 1970 (UTC) of the casting: enough until 2149. */
  day: Uint16Array
  /** Place in the reader's own queue, which is the order of casting. */
  place: Int32Array
  revision: Int32Array
  /** Codes of scans shown a second time; the first of several repeats, by its place in the queue. */
  repeats: Map<number, { code: number; place: number; revision: number }>
}

/**
 * The counting votes of one study by columns, some 30 bytes a scan and reader: figures of 300,000 votes are then a matter of
 * milliseconds. It holds no name and no picture.
 */
export interface Copy {
  scans: number
  /** Identifier of each scan, and the way back. */
  ids: string[]
  scanOf: Map<string, number>
  site: Uint8Array
  siteNames: string[]
  /** For each scan the number of its patient. */
  patient: Int32Array
  patientOf: Map<string, number>
  /** In the order of their letters. */
  readers: { accountId: string; letter: string; votes: OwnVotes; cast: number; total: number }[]
  /** Scan -> the lead's newest grade. */
  settled: Map<number, number>
  /** Scan -> the grade that is known to be true, where it is (table `scan_reference`). */
  truth: Map<number, number>
  /** Keys of readers' votes; null where the votes are in the clear. */
  keys: Map<string, KeyObject> | null
  /** It holds what is sealed in the database: to be forgotten when whoever asked leaves. */
  secret: boolean
  /** The newest vote read: identifiers sort by time. */
  lastVote: string
  /** How many packets of votes had come when all votes were last read: their votes are older than the newest one. */
  merged: number
  /** Changes with everything that changes here. */
  version: number
  /** When the readers' queues were last counted, and the version then. */
  counted: { at: number; version: number }
  /** What the database said of its changes when everything was last read; null before (store/reader.ts). */
  changes: string | null
  /** What was answered at a version, by the question: the page opens with what was computed when its lead signed in. */
  answers: { version: number; byQuestion: Map<string, OverviewAnswer> }
  /** The votes as figures are computed from them; made when they are asked for (columns.ts). */
  columns: Columns | null
  /** How votes are counted as numbers, and the patterns met so far (packed.ts); they outlive the columns. */
  patterns: { key: string; packing: Packing; known: KnownPatterns } | null
  /** For each scan its place by pseudonym, and the way back; made when a list is asked for. */
  names: { rank: Int32Array; scanAt: Int32Array } | null
  /** The reading that is under way, if any. */
  busy: Steps<void> | null
  /** The rows of a server that it waits for, if any. */
  awaited: Promise<void> | null
  /** Why the copy cannot be used any more. */
  failure: { error: unknown } | null
}

export function emptyCopy(): Copy {
  return {
    scans: 0,
    ids: [],
    scanOf: new Map(),
    site: new Uint8Array(1024),
    siteNames: [],
    patient: new Int32Array(1024),
    patientOf: new Map(),
    readers: [],
    settled: new Map(),
    truth: new Map(),
    keys: null,
    secret: false,
    lastVote: '',
    merged: 0,
    version: 0,
    counted: { at: -Infinity, version: -1 },
    changes: null,
    answers: { version: -1, byQuestion: new Map() },
    columns: null,
    patterns: null,
    names: null,
    busy: null,
    awaited: null,
    failure: null,
  }
}

export function addScan(copy: Copy, id: string, patientId: string, site: string): void {
  const index = copy.scans
  if (index === copy.site.length) grow(copy, 2 * index)
  let place = copy.siteNames.indexOf(site)
  if (place < 0) place = copy.siteNames.push(site) - 1
  let patient = copy.patientOf.get(patientId)
  if (patient === undefined) copy.patientOf.set(patientId, (patient = copy.patientOf.size))
  copy.site[index] = place
  copy.patient[index] = patient
  copy.ids.push(id)
  copy.scanOf.set(id, index)
  copy.scans += 1
  copy.version += 1
}

export function emptyVotes(size: number): OwnVotes {
  return {
    code: new Int8Array(size).fill(NONE),
    day: new Uint16Array(size),
    place: new Int32Array(size),
    revision: new Int32Array(size),
    repeats: new Map(),
  }
}

function grow(copy: Copy, size: number): void {
  copy.site = extended(copy.site, new Uint8Array(size))
  copy.patient = extended(copy.patient, new Int32Array(size))
  for (const { votes } of copy.readers) {
    votes.code = extended(votes.code, new Int8Array(size).fill(NONE))
    votes.day = extended(votes.day, new Uint16Array(size))
    votes.place = extended(votes.place, new Int32Array(size))
    votes.revision = extended(votes.revision, new Int32Array(size))
  }
}

function extended<T extends Int8Array | Int32Array | Uint8Array | Uint16Array>(from: T, to: T): T {
  to.set(from)
  return to
}
