import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Desk } from '../../../src/preload/contract/reading.ts'
import { plainDesign } from '../../../src/preload/contract/design.ts'
import type { Study } from '../../../src/preload/contract/studies.ts'
import { recordScan } from '../../../src/main/store/witness/record.ts'
import { addScans, password, startProgram, type Program } from '../../fixtures/program.ts'
import { votesSaid } from '../../fixtures/votes.ts'
import { rowOfActs, type Act } from '../acts.ts'
import { signIn, type Deed, type Known } from '../deed.ts'

const scans = 4
const readers = ['r1', 'r2']
const region = { ask: 'own' as const, required: true, placers: [] }

/** A study of radiographs from its design to its last word, by every single act of those who lead it and read in it. */
const acts: Act[] = [
  {
    name: 'account',
    do: ({ get }) => get('admin', 'accounts.create', { name: 'r9', displayName: 'Dr r9', password, roles: ['reader'] }),
    // With the keys that votes are read with.
    there: async ({ ask }) => (await ask('r9', 'accounts.signIn', { name: 'r9', password })).ok,
  },
  {
    name: 'design',
    do: ({ get }, { studyId }) =>
      get('lead', 'designs.set', { studyId, design: { ...plainDesign, confidence: true, region } }),
    there: async (program, known) => (await designOf(program, known)).design.confidence,
  },
  {
    name: 'known case',
    do: ({ get }, { studyId, unread }) =>
      get('lead', 'designs.addCase', { studyId, scanId: unread, use: 'calibration', grade: 3, why: null }),
    there: async (program, known) => (await designOf(program, known)).cases.length === 1,
  },
  {
    name: 'readers',
    async do({ db, get }, { studyId }) {
      const rows = await db.selectFrom('account').select('id').where('name', 'in', readers).execute()
      await get('lead', 'studies.setReaders', { studyId, readerIds: rows.map(({ id }) => id) })
    },
    there: async (program, known) => (await studyOf(program, known)).readers.length === readers.length,
  },
  {
    name: 'open',
    do: ({ get }, { studyId }) => get('lead', 'studies.open', { studyId }),
    async there(program, known) {
      if ((await studyOf(program, known)).state === 'draft') return false
      const queued = await program.db.selectFrom('assignment').select('id').execute()
      // Both have all scans and the known case.
      return queued.length === readers.length * (scans + 1)
    },
  },
  { name: 'region', do: place, there: async (program) => (await countOf(program, 'roi_placement')) >= 1 },
  { name: 'region moved', do: place, there: async (program) => (await countOf(program, 'roi_placement')) >= 2 },
  { name: 'vote on the known case', do: (program, known) => cast(program, 'r1', known), there: hasVotes(['cast']) },
  { name: 'vote', do: (program, known) => placeAndCast(program, 'r1', known), there: hasVotes(['cast', 'cast']) },
  {
    name: 'taken back',
    do: ({ get }, { studyId }) => get('r1', 'reading.undo', { studyId }),
    there: hasVotes(['cast', 'cast', 'withdrawn']),
  },
  {
    name: 'vote again',
    do: (program, known) => cast(program, 'r1', known),
    there: hasVotes(['cast', 'cast', 'withdrawn', 'cast']),
  },
  {
    name: 'queues',
    async do(program, known) {
      for (const reader of readers)
        while (await isLeft(program, reader, known)) await placeAndCast(program, reader, known)
    },
    async there(program, known) {
      for (const reader of readers) if (await isLeft(program, reader, known)) return false
      return (await countOf(program, 'vote')) === readers.length * (scans + 1) + 2
    },
  },
  {
    name: 'seal',
    do: ({ get }, { studyId }) => get('lead', 'analysis.seal', { studyId, incomplete: false }),
    there: async (program, known) => !['draft', 'open'].includes((await studyOf(program, known)).state),
  },
  { name: 'decision', do: (program, known) => decide(program, known, 0), there: hasDecisions(1) },
  { name: 'decision again', do: (program, known) => decide(program, known, 0), there: hasDecisions(2) },
  { name: 'other decision', do: (program, known) => decide(program, known, 1), there: hasDecisions(3) },
  {
    name: 'unblind',
    do: ({ get }, { studyId }) => get('lead', 'analysis.unblind', { studyId }),
    there: async (program, known) => (await studyOf(program, known)).unblinded,
  },
  {
    name: 'comparison allowed',
    do: ({ get }, { studyId }) => get('lead', 'studies.setReadersSeeAfterwards', { studyId, allowed: true }),
    there: async (program, known) => (await studyOf(program, known)).readersSeeAfterwards,
  },
  {
    name: 'truth',
    async do(program, { studyId, truth }) {
      const lead = await signIn(program, 'lead')
      await program.services.references.importFile(lead, { studyId: String(studyId), path: String(truth) })
    },
    there: async (program) => (await countOf(program, 'scan_reference')) === scans,
  },
  {
    name: 'words of the report',
    do: ({ get }, { studyId }) =>
      get('lead', 'reports.saveNotes', { studyId, notes: { device: 'XCT', raters: 'Two' } }),
    there: async (program) => (await countOf(program, 'report_note')) === 2,
  },
]

export const leading: Deed = {
  ...rowOfActs(['admin', 'lead', ...readers], acts),
  async prepare(root) {
    const program = await startProgram(join(root, 'data'))
    const { db } = program
    const lead = await program.person('lead', 'lead')
    for (const reader of readers) await program.person(reader, 'reader')
    const made = { title: 'Radiographs', template: 'hrpqct-motion', readersPerScan: readers.length }
    const { id: studyId } = await program.get<{ id: string }>('lead', 'studies.create', made)
    const ids = await addScans(db, studyId, lead.accountId, scans + 1)
    const unread = ids.at(-1)!
    await db.updateTable('scan').set({ dims: '[400,400,1]', spacing: '[0.1,0.1,0.1]' }).execute()
    await db.updateTable('scan').set({ purpose: 'unread' }).where('id', '=', unread).execute()
    await db.transaction().execute(async (t) => {
      for (const id of ids) await recordScan(t, { accountId: lead.accountId, act: 'scan.imported' }, id)
    })
    const named = await db.selectFrom('scan').select('pseudonym').where('purpose', '=', 'reading').execute()
    const truth = join(root, 'truth.csv')
    writeFileSync(truth, `subject,grade\n${named.map(({ pseudonym }) => `${pseudonym},2`).join('\n')}\n`)
    await program.close()
    return { studyId, unread, truth }
  },
}

const studyOf = ({ get }: Program, { studyId }: Known) => get<Study>('lead', 'studies.get', { studyId })
const designOf = ({ get }: Program, { studyId }: Known) =>
  get<{ design: typeof plainDesign; cases: unknown[] }>('lead', 'designs.get', { studyId })
const deskOf = ({ get }: Program, reader: string, { studyId }: Known) => get<Desk>(reader, 'reading.desk', { studyId })
/** Also while the study is not open. */
async function isLeft({ ask }: Program, reader: string, { studyId }: Known): Promise<boolean> {
  const desk = await ask(reader, 'reading.desk', { studyId })
  return !desk.ok || (desk.value as Desk).current !== null
}

async function countOf({ db }: Program, table: 'roi_placement' | 'vote' | 'scan_reference' | 'report_note') {
  const { count } = await db
    .selectFrom(table)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** The readers' first rows of votes are of these kinds; all of them can be opened by their reader. */
function hasVotes(kinds: readonly ('cast' | 'withdrawn')[]) {
  return async (program: Program): Promise<boolean> => {
    const votes = await votesSaid(program)
    return kinds.every((kind, n) => votes[n]?.kind === kind)
  }
}

function hasDecisions(count: number) {
  return async ({ db }: Program): Promise<boolean> =>
    (await db.selectFrom('adjudication').select('id').execute()).length >= count
}

async function place(program: Program, known: Known): Promise<void> {
  const moved = 10 * (await countOf(program, 'roi_placement'))
  await placeFor(program, 'r1', known, moved)
}

async function placeFor(program: Program, reader: string, known: Known, moved = 0): Promise<void> {
  const { current } = await deskOf(program, reader, known)
  const at = { x: 150 + moved, y: 200, spacing: null, inverted: false }
  await program.get(reader, 'regions.placeOwn', { assignmentId: current!.assignmentId, place: at })
}

/** All scans are disputed: the two readers are far apart. */
async function cast(program: Program, reader: string, known: Known): Promise<void> {
  const { current } = await deskOf(program, reader, known)
  await program.get(reader, 'reading.cast', {
    ...{
      assignmentId: current!.assignmentId,
      grade: reader === 'r1' ? 1 : 5,
      reason: null,
      worstSlice: null,
      note: null,
    },
    ...{ shownAt: new Date().toISOString(), confidence: 2 },
  })
}

async function placeAndCast(program: Program, reader: string, known: Known): Promise<void> {
  await placeFor(program, reader, known)
  await cast(program, reader, known)
}

async function decide({ db, get }: Program, { studyId }: Known, n: number): Promise<void> {
  const ids = await db.selectFrom('scan').select('id').where('purpose', '=', 'reading').orderBy('pseudonym').execute()
  await get('lead', 'analysis.adjudicate', {
    ...{ studyId, scanId: ids[n]!.id, grade: 3, cause: 'majority', reason: 'Streaks' },
  })
}
