import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Kysely, SqliteDialect } from 'kysely'
import { record } from '../../../src/main/store/audit.ts'
import type { Database } from '../../../src/main/store/database.ts'
import { newId, now } from '../../../src/main/store/identity.ts'
import type { Row, Tables } from '../../../src/main/store/schema.ts'
import { verifyChain } from '../../../src/main/store/verify.ts'
import * as digests from '../../../src/main/store/witness/digests.ts'
import { unwitnessed, unwitnessedColumns, witnesses } from '../../../src/main/store/witness/index.ts'
import { recordModel, recordQueues, recordScan, recordStudy } from '../../../src/main/store/witness/record.ts'
import { predictionSubject } from '../../../src/main/store/witness/results.ts'
import { disputedOf } from '../../fixtures/disputed.ts'
import { openStudy, readAll, startProgram } from '../../fixtures/program.ts'

let folder: string
let sqlite: Sqlite.Database
let db: Database

/** A study that was read, sealed, settled and frozen, and a row in each other table, written and recorded as services do. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'concord-witnesses-'))
  const program = await startProgram(folder)
  const { studyId, scanIds, lead, readers } = await openStudy(program, 4)
  for (const [index, reader] of ['r1', 'r2', 'r3'].entries())
    await readAll(program, reader, studyId, (pseudonym) => 1 + ((Number(pseudonym.at(-1)) + index) % 5))
  await program.get('lead', 'keys.recoveryKept', { studyId })
  await program.get('lead', 'analysis.seal', { studyId, incomplete: false })
  const [first] = await disputedOf(program, studyId)
  await program.get('lead', 'analysis.adjudicate', { studyId, scanId: first!.scanId, grade: 4, reason: 'Streaks.' })
  await program.get('lead', 'labels.freeze', { studyId, name: 'Frozen', rule: 'rounded-mean' })
  await writeTheRest(program.db, { studyId, scanIds, lead: lead.accountId, reader: readers[0]!.accountId })
  await program.close()
  // Another program at the file.
  sqlite = new Sqlite(join(folder, 'concord.db'))
  sqlite.pragma('foreign_keys = OFF')
  sqlite.pragma('ignore_check_constraints = ON')
  const triggers = sqlite.prepare("select name from sqlite_schema where type = 'trigger'").pluck().all() as string[]
  for (const name of triggers) sqlite.exec(`drop trigger "${name}"`)
  db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: sqlite }) })
})
afterAll(async () => {
  await db.destroy()
  rmSync(folder, { recursive: true, force: true })
})

interface Known {
  studyId: string
  scanIds: string[]
  lead: string
  reader: string
}

async function writeTheRest(db: Database, { studyId, scanIds, lead, reader }: Known): Promise<void> {
  const [scan, other] = [scanIds[0]!, scanIds[1]!]
  const study_id = studyId
  const at = now()
  const labelSet = await db.selectFrom('label_set').selectAll().executeTakeFirstOrThrow()
  await db.transaction().execute(async (t) => {
    const put = async <T extends keyof Tables>(table: T, row: Row<T>): Promise<Row<T>> => {
      await t
        .insertInto(table as 'job')
        .values(row as unknown as Row<'job'>)
        .execute()
      return row
    }
    const entry = (act: string, subject: string, rowDigest: string) =>
      record(t, { accountId: lead, act, subject, rowDigest })
    const own = { accountId: lead }

    await put('scan_day', { scan_id: scan, day: '2020-02-03' })
    await put('scan_origin', { scan_id: scan, study_digest: 'a', series_digest: 'b' })
    await recordScan(t, { ...own, act: 'scan.imported' }, scan)
    const motion = await put('motion_estimate', {
      ...{ scan_id: scan, qme_ncc: 0.5, qme_ssd: 0.25, reason: null, centre: 12.5, centre_by: 'silhouette' },
      ...{ format: 'isq', computed_at: at },
    })
    await entry('scan.motion-estimated', scan, digests.motionDigest(motion))
    const truth = await put('scan_reference', { id: newId(), study_id, scan_id: scan, grade: 2, account_id: lead, at })
    await entry('scan.truth-set', truth.id, digests.referenceDigest(truth))
    const roi = await put('roi_placement', {
      ...{ id: newId(), study_id, scan_id: scan, assignment_id: null, account_id: lead, revision: 1, x: 1.5, y: 2 },
      ...{ edge_mm: 12, rotation: 0, spacing: 0.1, spacing_from: 'file', inverted: 0, placed_at: at },
    })
    await entry('roi.placed', roi.id, digests.roiDigest(roi))
    const note = await put('report_note', { id: newId(), study_id, item: 'why', text: 'words', account_id: lead, at })
    await entry('report.note-written', note.id, digests.reportNoteDigest(note))
    const pacs = await put('pacs', {
      ...{ id: newId(), name: 'Archive', url: 'https://pacs.example/', auth: 'basic', ca: null, plain: 0 },
      ...{ created_by: lead, created_at: at, removed_at: null },
    })
    await entry('pacs.set', pacs.id, digests.pacsDigest(pacs))
    const sent = await put('report_sent', {
      ...{ id: newId(), label_set_id: labelSet.id, scan_id: scan, pacs_id: pacs.id, kind: 'grade' },
      ...{ account_id: lead, sent_at: at },
    })
    await entry('pacs.report-sent', sent.id, digests.reportSentDigest(sent))
    const packet = await put('packet', {
      ...{ digest: 'd', act: 'merged', study_id, account_id: reader, signing_key: 'k', at },
      ...{ done_by: lead, votes: 1, made_at: at, first_round: null },
    })
    await entry('study.packet-noted', packet.digest, digests.packetDigest(packet))

    const series = await put('training_series', {
      ...{ id: newId(), study_id, label_set_id: labelSet.id, plan: '{}', state: 'done', error: null },
      ...{ started_by: lead, started_at: at, interrupted_at: null, workstation: null },
    })
    await entry('series.started', series.id, digests.seriesDigest(series))
    const run = await put('training_run', {
      ...{ id: newId(), study_id, label_set_id: labelSet.id, recipe: '{}', folds: '{}', state: 'done', best_epoch: 3 },
      ...{ device: 'cpu', versions: '{}', figures: '{}', error: null, started_by: lead, started_at: at, seconds: 1 },
      ...{ based_on: null, interrupted_at: null, workstation: null },
    })
    const step = await put('training_series_run', { run_id: run.id, series_id: series.id, step: 'a/1' })
    await entry('training.started', run.id, digests.runDigest(run, step))
    await entry('training.ended', run.id, digests.runResultDigest(run))
    const model = await put('model', {
      ...{ id: newId(), study_id, run_id: run.id, name: 'Net', sha256: 's', parameters: 9, origin: 'run' },
      created_at: at,
    })
    await put('held_out', { model_id: model.id, scan_id: scan, part: 'test', grade: 3, probabilities: '[1]' })
    await recordModel(t, { ...own, act: 'model.registered' }, model)
    const both = await put('model', {
      ...{ id: newId(), study_id, run_id: null, name: 'Both', sha256: 't', parameters: 9, origin: 'ensemble' },
      created_at: at,
    })
    await put('model_member', { ensemble_id: both.id, model_id: model.id, place: 0 })
    await recordModel(t, { ...own, act: 'model.combined' }, both)
    const retired = await put('model_retired', { model_id: both.id, reason: 'old', account_id: lead, at })
    await entry('model.retired', both.id, digests.modelRetiredDigest(retired))
    const said = await put('prediction', {
      ...{ model_id: model.id, scan_id: other, grade: 3, expected_grade: 2.75, uncertainty: 0.3, rule: 'mean', tie: 0 },
      ...{ slice_disagreement: null, member_disagreement: null, probabilities: '[1]', slices: '[]', members: null, at },
    })
    await entry('prediction.made', predictionSubject(model.id, other), digests.predictionDigest(said))

    await put('known_case', {
      ...{ id: newId(), study_id, scan_id: scan, use: 'exemplar', grade: 1, why: null, motion_mm: null },
      ...{ origin: 'named', added_by: lead, added_at: at },
    })
    await put('reading_again', { id: newId(), study_id, model_id: model.id, first_round: 2, account_id: lead, at })
    await recordQueues(t, lead, studyId)
    await recordStudy(t, { ...own, act: 'study.opened-again' }, studyId)
  })
}

const why = async (): Promise<string | undefined> => (await verifyChain(db)).broken?.why

/** What another program does, looked at and taken back. */
async function after(act: () => void): Promise<string | undefined> {
  return db
    .transaction()
    .execute(async (t) => {
      act()
      throw Object.assign(new Error('taken back'), { found: (await verifyChain(t)).broken?.why })
    })
    .catch((error: Error & { found?: string }) => {
      if (error.message !== 'taken back') throw error
      return error.found
    })
}

interface Column {
  name: string
  type: string
  pk: number
}
const columnsOf = (table: string): Column[] => sqlite.pragma(`table_info("${table}")`) as Column[]
const covered = (): (keyof Tables)[] => [...new Set(witnesses.flatMap(({ tables }) => tables))]
const first = (table: string): number =>
  sqlite.prepare(`select rowid from "${table}" order by rowid limit 1`).pluck().get() as number

describe('the rows of each table', () => {
  it('are attested by the trail, or there is a reason why not', () => {
    const tables = sqlite
      .prepare("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'")
      .pluck()
      .all() as (keyof Tables)[]
    const known = [...covered(), ...Object.keys(unwitnessed)]
    expect(tables.filter((table) => !known.includes(table))).toEqual([])
    expect(known.filter((table) => !tables.includes(table as keyof Tables))).toEqual([])
    expect(covered().filter((table) => table in unwitnessed)).toEqual([])
    const columns = tables.flatMap((table) => columnsOf(table).map(({ name }) => `${table}.${name}`))
    expect(Object.keys(unwitnessedColumns).filter((column) => !columns.includes(column))).toEqual([])
  })

  it('hold as the program wrote them, and there are some of each', async () => {
    expect(await why()).toBeUndefined()
    expect(covered().filter((table) => first(table) === undefined)).toEqual([])
  })

  it('cannot be altered unseen, in any column but those that follow from others or pass', async () => {
    const unseen: string[] = []
    for (const table of covered())
      for (const { name, type } of columnsOf(table)) {
        const found = await after(() =>
          sqlite.exec(
            `update "${table}" set "${name}" = ${type.toLowerCase() === 'text' ? `coalesce("${name}", '') || 'x'` : `coalesce("${name}", 0) + 1000`}
             where rowid = ${first(table)}`,
          ),
        )
        if (found === undefined) unseen.push(`${table}.${name}`)
      }
    expect(unseen.sort()).toEqual(Object.keys(unwitnessedColumns).sort())
  })

  it('cannot be removed unseen', async () => {
    for (const table of covered()) {
      const found = await after(() => sqlite.exec(`delete from "${table}" where rowid = ${first(table)}`))
      expect(found, table).toBeDefined()
    }
  })

  it('cannot be put in unseen', async () => {
    for (const table of covered()) {
      // A patient without scans stands for nobody, a step without its run and a box without its key for nothing.
      if (['patient', 'training_series_run', 'study_recovery', 'study_key_opened'].includes(table)) continue
      const another = Object.keys(elsewhere).includes(table) ? elsewhere[table]! : {}
      const columns = columnsOf(table)
      const values = columns.map(({ name, pk, type }) =>
        another[name] !== undefined
          ? another[name]
          : (pk > 0 && Object.keys(another).length === 0) || unique.has(`${table}.${name}`)
            ? type.toLowerCase() === 'text'
              ? `"${name}" || 'x'`
              : `"${name}" + 1000`
            : `"${name}"`,
      )
      const list = columns.map(({ name }) => `"${name}"`).join(', ')
      const found = await after(() =>
        sqlite.exec(
          `insert into "${table}" (${list}) select ${values.join(', ')} from "${table}" where rowid = ${first(table)}`,
        ),
      )
      expect(found, table).toBeDefined()
    }
  })

  it('cannot change places unseen', async () => {
    const ofOne = 'where account_id = (select min(account_id) from assignment)'
    const pairs: [string, string, string, string?][] = [
      ['study_reader', 'letter', 'account_id'],
      ['assignment', 'scan_id', 'id', ofOne],
      ['patient', 'pseudonym', 'id'],
      ['label', 'distribution', 'scan_id'],
      ['scan', 'content_sha256', 'id'],
      ['reader_key', 'box', 'id'],
    ]
    for (const [table, column, key, which = ''] of pairs) {
      const rows = sqlite
        .prepare(`select "${key}" as k, "${column}" as v from "${table}" ${which} order by 2`)
        .all() as {
        k: string
        v: string
      }[]
      const [a, b] = [rows[0]!, rows.at(-1)!]
      const put = (k: string, v: string) =>
        sqlite.prepare(`update "${table}" set "${column}" = ? where "${key}" = ?`).run(v, k)
      const found = await after(() => {
        put(a.k, 'for a moment')
        put(b.k, a.v)
        put(a.k, b.v)
      })
      expect(found, table).toBeDefined()
    }
  })
})

/** Columns that must be unique beside the key. */
const unique = new Set([
  ...['account.name', 'study.title', 'patient.pseudonym', 'patient.source_digest', 'scan.pseudonym'],
  ...['scan.content_sha256', 'assignment.position', 'assignment.round', 'label_set.name', 'study_reader.letter'],
  ...['vote.revision', 'vote.request', 'study_key.generation', 'known_case.scan_id', 'training_series_run.step'],
  ...['report_sent.kind', 'roi_placement.revision', 'model.sha256'],
])
/** Where a row belongs to another one it is put beside a second of these. */
const scanWithout = (table: string): string =>
  `(select max(id) from scan where id not in (select scan_id from ${table}))`
const elsewhere: Record<string, Record<string, string>> = {
  label: { scan_id: `scan_id || 'x'` },
  scan_day: { scan_id: scanWithout('scan_day') },
  scan_origin: { scan_id: scanWithout('scan_origin') },
  held_out: { scan_id: scanWithout('held_out') },
  prediction: { scan_id: scanWithout('prediction') },
  study_reader: { account_id: '(select max(id) from account where id not in (select account_id from study_reader))' },
  model_member: { model_id: 'ensemble_id' },
  study_key_share: {
    account_key_id: '(select max(id) from account_key where id not in (select account_key_id from study_key_share))',
  },
}
