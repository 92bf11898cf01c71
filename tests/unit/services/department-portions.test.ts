import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Quality } from '../../../src/preload/contract/analysis.ts'
import type { Comparison } from '../../../src/preload/contract/comparison.ts'
import type { GradePair } from '../../../src/main/domain/agreement/match.ts'
import { matchOf } from '../../../src/main/domain/agreement/match.ts'
import { randomFrom } from '../../../src/main/domain/random.ts'
import { csvText } from '../../../src/main/domain/csv.ts'
import { tableOf } from '../../../src/main/domain/csv-table.ts'
import { labelColumns } from '../../../src/main/services/export/columns/labels.ts'
import { readersOf } from '../../../src/main/services/models/judged.ts'
import { showings } from '../../../src/main/services/votes/counting.ts'
import { showingParts } from '../../../src/main/services/votes/showings.ts'
import { headOf, headText } from '../../../src/main/store/audit.ts'
import type { Connection } from '../../../src/main/store/database.ts'
import { newId, now } from '../../../src/main/store/identity.ts'
import { addLargeStudy } from '../../fixtures/large-study.ts'
import { startProgram, type Program } from '../../fixtures/program.ts'

// What is read of a reader's queue in portions, against the same from all rows at once: queues of several portions.

const SCANS = 560
const scale = { categories: [1, 2, 3, 4, 5], rescanFrom: 4 }
const studyScale = { grades: scale.categories.map((value) => ({ value, word: '', description: '' })), rescanFrom: 4 }
const random = randomFrom('portions')
let program: Program
let studyId: string
let r1: string

interface Vote {
  account_id: string
  letter: string
  scan_id: string
  kind: string
  round: number
  position: number
  cast_at: string
  shown_at: string | null
  grade: number | null
  note: string | null
}
/** The newest revision of each place that counts. */
let votes: Vote[]
let revisions = 0

beforeAll(async () => {
  program = await startProgram()
  const { db } = program
  const leadId = (await program.person('lead', 'lead')).accountId
  const readerIds: string[] = []
  for (const name of ['r1', 'r2', 'r3']) readerIds.push((await program.person(name, 'reader')).accountId)
  r1 = readerIds[0]!
  studyId = (await addLargeStudy(db, { scans: SCANS, readerIds, leadId })).studyId
  // Scans of another study have the pseudonyms of this one's.
  const other = await addLargeStudy(db, { scans: 2 * SCANS, readerIds: [], leadId })
  const more = await db.selectFrom('scan').select('id').where('study_id', '=', other.studyId).orderBy('id').execute()
  const elsewhere = [1, 49, 50, 300, SCANS, 2 * SCANS - 1].map((at) => more[at]!.id)
  await db.transaction().execute(async (t) => readAgain(t, leadId, elsewhere))
  await db
    .updateTable('study')
    .set({ state: 'sealed', unblinded_at: now(), readers_see_afterwards: 1 })
    .set({ design: JSON.stringify({ rounds: 2, repeats: 8 }) })
    .where('id', '=', studyId)
    .execute()
  const rows = await db
    .selectFrom('vote')
    .innerJoin('assignment', 'assignment.id', 'vote.assignment_id')
    .innerJoin('study_reader', 'study_reader.account_id', 'assignment.account_id')
    .selectAll('vote')
    .select(['assignment.account_id', 'assignment.scan_id', 'assignment.kind as shown', 'assignment.round'])
    .select(['assignment.position', 'assignment.voted', 'study_reader.letter'])
    .orderBy('vote.revision')
    .execute()
  revisions = rows.filter((row) => row.account_id === r1).length
  const newest = new Map(rows.map((row) => [row.assignment_id, row]))
  votes = [...newest.values()].filter(({ voted }) => voted === 1).map((row) => ({ ...row, kind: row.shown }))
})
afterAll(() => program.close())

/** Votes that were changed or taken back, scans shown once more, and some of a known grade. */
async function readAgain(t: Connection, leadId: string, elsewhere: readonly string[]): Promise<void> {
  const first = await t.selectFrom('assignment').selectAll().where('study_id', '=', studyId).orderBy('id').execute()
  const cast = async (assignment_id: string, revision: number, grade: number | null) => {
    const at = new Date(Date.now() - random.integer(1e9)).toISOString()
    const kind = grade === null ? ('withdrawn' as const) : ('cast' as const)
    await t
      .insertInto('vote')
      .values({
        ...{ id: newId(), assignment_id, revision, kind, grade, reason: null, note: grade === 2 ? 'seen' : null },
        ...{ worst_slice: null, shown_at: at, cast_at: at, salt: '0'.repeat(32), confidence: null },
        ...{ stack_grades: null, looked_ms: null, request: null, reader_key_id: null, sealed: null },
        cast_revision: null,
      })
      .execute()
  }
  const hidden = first.slice(0, 3).map(({ scan_id }) => scan_id)
  for (const scan_id of new Set(hidden))
    await t
      .insertInto('known_case')
      .values({
        ...{ id: newId(), study_id: studyId, scan_id, use: 'hidden', grade: 3, why: null, motion_mm: null },
        ...{ origin: 'named', added_by: leadId, added_at: now() },
      } as never)
      .execute()
  for (const place of first) {
    const what = random.uniform()
    // A vote that was changed, and one that was taken back.
    if (what < 0.05) await cast(place.id, 2, 1 + random.integer(5))
    else if (what < 0.1) {
      await cast(place.id, 2, null)
      await t.updateTable('assignment').set({ voted: 0 }).where('id', '=', place.id).execute()
    }
    const again = hidden.includes(place.scan_id) ? 'hidden' : random.uniform() < 0.08 ? 'repeat' : null
    if (again === null) continue
    const round = again === 'repeat' && random.uniform() < 0.3 ? 2 : 1
    const id = newId()
    const row = { ...place, id, kind: again, round, position: place.position + SCANS } as const
    await t.insertInto('assignment').values(row).execute()
    await cast(id, 1, 1 + random.integer(5))
  }
  for (const [at, scan_id] of elsewhere.entries()) {
    await t
      .insertInto('known_case')
      .values({
        ...{ id: newId(), study_id: studyId, scan_id, use: 'calibration', grade: 2, why: null, motion_mm: null },
        ...{ origin: 'named', added_by: leadId, added_at: now() },
      } as never)
      .execute()
    const id = newId()
    const row = { ...first[at]!, id, scan_id, kind: 'calibration', position: 3 * SCANS + at } as const
    await t.insertInto('assignment').values(row).execute()
    await cast(id, 1, 1 + random.integer(5))
  }
}

const own = (account = r1): Vote[] =>
  votes.filter(({ account_id }) => account_id === account).sort((a, b) => a.position - b.position)

test('what each reader said again, and of known scans', async () => {
  const { readers } = await program.get<Quality>('lead', 'analysis.quality', { studyId })
  expect(readers).toHaveLength(3)
  const cases = await program.db.selectFrom('known_case').selectAll().execute()
  const known = new Map(cases.map(({ scan_id, grade }) => [scan_id, grade]))
  for (const { letter, repeats, rounds, hidden } of readers) {
    const said = own(votes.find((one) => one.letter === letter)!.account_id)
    const first = new Map(said.filter(({ kind }) => kind === 'primary').map((one) => [one.scan_id, one.grade]))
    const inRound = (round: number): GradePair[] =>
      said
        .filter((one) => one.kind === 'repeat' && one.round === round && first.has(one.scan_id))
        .map((one) => [first.get(one.scan_id)!, one.grade])
    expect(repeats.n).toBeGreaterThan(20)
    expect(repeats).toEqual(matchOf(inRound(1), scale))
    expect(rounds).toEqual([{ round: 2, ...matchOf(inRound(2), scale) }])
    const cases = said.filter(({ kind }) => kind === 'hidden')
    expect(cases.length).toBeGreaterThan(0)
    expect(hidden).toEqual(
      matchOf(
        cases.map((one): GradePair => [one.grade, known.get(one.scan_id)!]),
        scale,
      ),
    )
  }
})

test('a reader’s own grades against the majority, and against frozen labels', async () => {
  const of = (scan: string) => votes.filter(({ kind, scan_id }) => kind === 'primary' && scan_id === scan)
  const majority = new Map<string, number>()
  for (const { scan_id } of own()) {
    const grades = of(scan_id).map(({ grade }) => grade)
    for (const grade of grades)
      if (2 * grades.filter((g) => g === grade).length > grades.length && grades.length > 1)
        majority.set(scan_id, grade!)
  }
  const compare = async (consensus: ReadonlyMap<string, number>): Promise<Comparison> => {
    const primary = own().filter(({ kind }) => kind === 'primary')
    const held = primary.filter(({ scan_id }) => consensus.has(scan_id))
    const told = await program.get<Comparison>('r1', 'reading.comparison', { studyId })
    expect(told).toMatchObject({ n: held.length, left: primary.length - held.length })
    const differs = held.filter(({ scan_id, grade }) => consensus.get(scan_id) !== grade)
    expect(differs.length).toBeGreaterThan(30)
    const plain = ({ scan_id, grade, note }: Vote) => ({
      scanId: scan_id,
      own: grade,
      note,
      consensus: consensus.get(scan_id),
    })
    const byScan = (a: { scanId: string }, b: { scanId: string }): number => (a.scanId < b.scanId ? -1 : 1)
    expect(
      told.scans.map(({ scanId, own, note, consensus }) => ({ scanId, own, note, consensus })).sort(byScan),
    ).toEqual(differs.map(plain).sort(byScan))
    const rank = ({ own, consensus }: Comparison['scans'][number]) =>
      Number(own >= 4 !== consensus >= 4) * 10 + Math.abs(own - consensus)
    const order = [...told.scans].sort((a, b) => rank(b) - rank(a) || a.pseudonym.localeCompare(b.pseudonym))
    expect(told.scans).toEqual(order)
    return told
  }
  expect((await compare(majority)).reference.labelSet).toBeNull()
  await program.get('lead', 'labels.freeze', { studyId, name: 'mean', rule: 'rounded-mean' })
  const labels = await program.db.selectFrom('label').selectAll().execute()
  const frozen = new Map(labels.map(({ scan_id, grade }) => [scan_id, grade]))
  expect((await compare(frozen)).reference.labelSet).toBe('mean')
})

test('the folder’s tables of labels and of all showings', async () => {
  const { db, services } = program
  const lead = { ...(await db.selectFrom('account').select('id').where('name', '=', 'lead').executeTakeFirstOrThrow()) }
  const caller = { accountId: lead.id, name: 'lead', displayName: 'lead', roles: ['lead' as const] }
  const [set] = await services.labels.list(caller, studyId)
  const { set: row, labels } = await services.labels.rows(caller, set!.id)
  const columns = labelColumns(studyScale, headText(await headOf(db)))
  const rows = labels.map((label) => ({ ...label, set: row }))
  const expected = csvText(
    columns.map(({ name }) => name),
    tableOf(columns, rows).slice(1),
  )
  const folder = join(program.folders.root, 'out')
  await services.exports.folderAt(caller, { studyId, named: false }, folder)
  expect(readFileSync(join(folder, 'labels.csv'), 'utf8')).toBe(expected)
  expect(readFileSync(join(folder, 'README.md'), 'utf8')).toContain(`${labels.length} rows.`)

  const reader = await services.sealing.published(db, studyId)
  const all = await showings(db, studyId).orderBy('assignment.position').execute()
  const parts: unknown[] = []
  for await (const part of showingParts(db, reader, studyId))
    for (const { pseudonym, letter, castAt, grade } of part) parts.push({ pseudonym, letter, castAt, grade })
  expect(all.length).toBe(votes.length)
  expect(parts).toEqual(
    all.map(({ pseudonym, letter, castAt, voteGrade }) => ({ pseudonym, letter, castAt, grade: voteGrade })),
  )
  expect(readFileSync(join(folder, 'showings.csv'), 'utf8').split('\n')).toHaveLength(votes.length + 2)
})

test('the list of scans, and those that may be known cases of another study', async () => {
  const scans = await program.db
    .selectFrom('scan')
    .selectAll()
    .where('study_id', '=', studyId)
    .orderBy('pseudonym')
    .execute()
  expect(await program.get('lead', 'scans.list', { studyId })).toEqual(
    scans.map(({ id, pseudonym, site, side, purpose, format, unit, ...row }) => ({
      ...{ id, pseudonym, site, side, purpose, format, unit, importedAt: row.imported_at },
      ...{ dims: JSON.parse(row.dims), spacing: JSON.parse(row.spacing!), warnings: JSON.parse(row.warnings) },
    })),
  )
  const draft = { title: 'Draft', template: 'hrpqct-motion', readersPerScan: 2 }
  const { id } = await program.get<{ id: string }>('lead', 'studies.create', draft)
  const { scale } = await program.db
    .selectFrom('study')
    .select('scale')
    .where('id', '=', studyId)
    .executeTakeFirstOrThrow()
  await program.db.updateTable('study').set({ scale }).where('id', '=', id).execute()
  const primary = Map.groupBy(
    votes.filter(({ kind }) => kind === 'primary'),
    (vote) => vote.scan_id,
  )
  const unanimous = scans.flatMap((scan) => {
    const grades = (primary.get(scan.id) ?? []).map(({ grade }) => grade)
    return grades.length > 1 && new Set(grades).size === 1 ? [{ scanId: scan.id, grade: grades[0]! }] : []
  })
  expect(unanimous.length).toBeGreaterThan(50)
  const found = await program.get<{ scanId: string; grade: number }[]>('lead', 'designs.candidates', { studyId: id })
  expect(found.map(({ scanId, grade }) => ({ scanId, grade }))).toEqual(unanimous)
})

test('a reader’s progress, and what a packet would take along', async () => {
  const progress = await program.get<{ byDay: { count: number }[]; timed: number }>('r1', 'reading.progress', {
    studyId,
  })
  expect(progress.timed).toBe(own().length)
  expect(progress.byDay.reduce((sum, { count }) => sum + count, 0)).toBe(own().length)
  expect(await program.get('r1', 'packets.own', { studyId })).toMatchObject({
    away: false,
    last: null,
    since: revisions,
  })
})

test('the readers’ grades of the scans that a model is held against', async () => {
  const scans = [...new Set(votes.map(({ scan_id }) => scan_id))].filter(() => random.uniform() < 0.3)
  const reader = await program.services.sealing.published(program.db, studyId)
  const found = await readersOf(
    program.db,
    reader,
    studyId,
    scans.map((scan) => ({ scan }) as never),
  )
  const primary = votes.filter(({ kind }) => kind === 'primary')
  const letters = [...new Set(votes.map(({ letter }) => letter))].sort()
  const expected = letters.map((letter) => {
    const said = new Map(primary.filter((one) => one.letter === letter).map((one) => [one.scan_id, one.grade]))
    return { letter, grades: scans.map((scan) => said.get(scan) ?? null) }
  })
  expect(found).toEqual(expected)
})
