import { randomBytes } from 'node:crypto'
import type { Study } from '../../preload/contract/studies.ts'
import { planVotes, thesisSeed } from '../phantom/votes.ts'
import { digestOf, record, voteDigest } from '../store/audit.ts'
import type { Connection } from '../store/database.ts'
import { newId, nextId, now } from '../store/identity.ts'
import type { Row } from '../store/schema.ts'
import type { Accounts } from './accounts.ts'
import type { Caller, ServiceBase } from './context.ts'
import type { Rounds } from './rounds.ts'
import type { Studies } from './studies.ts'

export type Demonstration = ReturnType<typeof createDemonstration>

const SCANS = 1000
const READERS = 3
const DAY = 86_400_000
/** Over how many days the simulated readers read. */
const DAYS = 60
/** Votes written in one transaction. */
const PORTION = 25

/**
 * A study without pictures to try the pages of agreement on: 500 tibiae and 500 radii of 500 patients, graded by three
 * simulated readers whose figures are those of the thesis of 2023. It goes the way of every study, from draft to sealed; its
 * readers' accounts, whose passwords nobody knows, are closed at the end.
 */
export function createDemonstration({
  db,
  accounts,
  studies,
  rounds,
}: Pick<ServiceBase, 'db'> & { accounts: Accounts; studies: Studies; rounds: Rounds }) {
  async function readersFor(caller: Caller): Promise<string[]> {
    const { count } = await db
      .selectFrom('account')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    const ids: string[] = []
    for (let reader = 1; reader <= READERS; reader += 1) {
      const { id } = await accounts.create(caller, {
        name: `simulated.${Number(count) + reader}`,
        displayName: `Simulated reader ${reader}`,
        password: randomBytes(24).toString('hex'),
        roles: ['reader'],
      })
      ids.push(id)
    }
    return ids
  }

  return {
    async make(caller: Caller, { title }: { title: string }): Promise<Study> {
      const { id: studyId } = await studies.create(caller, {
        ...{ title, template: 'hrpqct-motion', readersPerScan: READERS },
      })
      const { scans, votes } = planVotes({
        ...{ scans: SCANS, site: 'both', grades: 'thesis', seed: thesisSeed, readers: READERS },
      })
      const scanOf = await db.transaction().execute((t) => addScans(t, caller, studyId, scans))
      const readerIds = await readersFor(caller)
      await studies.setReaders(caller, { studyId, readerIds })
      await studies.open(caller, studyId)
      const names = [...new Set(votes.map(({ reader }) => reader))].sort()
      const gradeOf = new Map(
        votes.map((v) => [`${readerIds[names.indexOf(v.reader)]}/${scanOf.get(v.scan)}`, v.grade]),
      )
      const queue = await db
        .selectFrom('assignment')
        .selectAll()
        .where('study_id', '=', studyId)
        .orderBy('position')
        .orderBy('account_id')
        .execute()
      const began = Date.now() - DAYS * DAY
      for (let at = 0; at < queue.length; at += PORTION)
        await db.transaction().execute(async (t) => {
          for (const [index, own] of queue.slice(at, at + PORTION).entries()) {
            const when = new Date(began + Math.floor((DAYS * DAY * (at + index)) / queue.length)).toISOString()
            await cast(t, own, gradeOf.get(`${own.account_id}/${own.scan_id}`)!, when)
          }
        })
      for (const id of readerIds) await accounts.close(caller, id)
      return rounds.seal(caller, { studyId, incomplete: false })
    },
  }
}

async function addScans(t: Connection, caller: Caller, studyId: string, scans: ReturnType<typeof planVotes>['scans']) {
  const patients = new Map<string, { id: string; pseudonym: string; scans: number }>()
  const ids = new Map<string, string>()
  for (const scan of scans) {
    let patient = patients.get(scan.patient)
    if (!patient) {
      patient = { id: newId(), pseudonym: `P${String(patients.size + 1).padStart(4, '0')}`, scans: 0 }
      patients.set(scan.patient, patient)
      const { id, pseudonym } = patient
      await t
        .insertInto('patient')
        .values({ id, study_id: studyId, pseudonym, source_digest: digestOf('demonstration', studyId, scan.patient) })
        .execute()
    }
    patient.scans += 1
    const row: Row<'scan'> = {
      ...{ id: newId(), study_id: studyId, patient_id: patient.id, pseudonym: `${patient.pseudonym}-${patient.scans}` },
      ...{ site: scan.site, side: scan.side, purpose: 'reading', format: 'none', dims: '[1,1,1]', spacing: null },
      ...{ unit: 'raw', warnings: '["This scan of the demonstration has no picture."]' },
      ...{
        content_sha256: digestOf('demonstration', studyId, scan.id),
        imported_by: caller.accountId,
        imported_at: now(),
      },
    }
    ids.set(scan.id, row.id)
    await t.insertInto('scan').values(row).execute()
  }
  return ids
}

/** One vote with its audit entry, dated as if it had been cast when the reader was there. */
async function cast(t: Connection, own: Row<'assignment'>, grade: number, at: string): Promise<void> {
  const vote: Row<'vote'> = {
    ...{
      id: await nextId(t, 'vote'),
      assignment_id: own.id,
      revision: 1,
      kind: 'cast',
      grade,
      reason: null,
      note: null,
    },
    ...{ worst_slice: null, shown_at: at, cast_at: at, salt: randomBytes(16).toString('hex') },
    ...{ confidence: null, stack_grades: null, looked_ms: null, request: null },
  }
  await t.insertInto('vote').values(vote).execute()
  await t.updateTable('assignment').set({ voted: 1 }).where('id', '=', own.id).execute()
  await record(t, { accountId: own.account_id, act: 'vote.cast', subject: vote.id, rowDigest: voteDigest(vote) })
}
