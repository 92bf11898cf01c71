import type { Study } from '../../../preload/contract/studies.ts'
import { planVotes, thesisSeed } from '../../phantom/votes.ts'
import { digestOf } from '../../store/audit.ts'
import type { Connection } from '../../store/database.ts'
import { newId, now } from '../../store/identity.ts'
import type { Row } from '../../store/schema.ts'
import { recordScan } from '../../store/witness/record.ts'
import type { Accounts } from '../accounts/index.ts'
import type { Caller, ServiceBase } from '../context.ts'
import type { Rounds } from '../settling/rounds.ts'
import { castSimulated, simulatedReaders } from './readers.ts'
import type { Studies } from '../studies/index.ts'

const SCANS = 1000
const READERS = 3

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
  return {
    async make(caller: Caller, { title }: { title: string }): Promise<Study> {
      const { id: studyId } = await studies.create(caller, {
        ...{ title, template: 'hrpqct-motion', readersPerScan: READERS },
        // Nobody signs in as a simulated reader, and the reading is sealed at once.
        encrypted: false,
      })
      const { scans, votes } = planVotes({
        ...{ scans: SCANS, site: 'both', grades: 'thesis', seed: thesisSeed, readers: READERS },
      })
      const scanOf = await db.transaction().execute((t) => addScans(t, caller, studyId, scans))
      const readerIds = await simulatedReaders(db, accounts, caller, READERS)
      await studies.setReaders(caller, { studyId, readerIds })
      await studies.open(caller, studyId)
      const names = [...new Set(votes.map(({ reader }) => reader))].sort()
      const gradeOf = new Map(
        votes.map((v) => [`${readerIds[names.indexOf(v.reader)]}/${scanOf.get(v.scan)}`, v.grade]),
      )
      await castSimulated(db, accounts, caller, {
        ...{ studyId, readerIds },
        gradeOf: (readerId, scanId) => gradeOf.get(`${readerId}/${scanId}`)!,
      })
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
    await recordScan(t, { accountId: caller.accountId, act: 'scan.imported' }, row.id)
  }
  return ids
}
