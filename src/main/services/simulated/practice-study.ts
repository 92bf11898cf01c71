import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ConcordError } from '../../domain/error.ts'
import type { DecoderHost } from '../../imaging/host.ts'
import type { JobControl, Jobs } from '../../jobs/jobs.ts'
import type { StudyRequest, WrittenScan } from '../../phantom/write.ts'
import type { Database } from '../../store/database.ts'
import { recordStudy } from '../../store/witness/record.ts'
import { newId, now } from '../../store/identity.ts'
import { studyOf, type Caller, type ServiceBase } from '../context.ts'
import { simulateInto } from './simulation.ts'
import type { Studies } from '../studies/index.ts'
import { takeScan } from '../scans/take-scan.ts'

export interface Wanted {
  title: string
  readerIds: string[]
  scans: number
  size: number
  slices: number
  seed: number
}

/**
 * The tutorial: a study of phantom scans whose motion, and so whose grade, is known. Of each site one scan a grade is an
 * exemplar; every other is a calibration case in each reader's queue, its grade shown after the own vote.
 */
export function createPracticeStudies({
  db,
  announce,
  jobs,
  decoder,
  studies,
  folders,
}: ServiceBase & {
  jobs: Jobs
  decoder: DecoderHost
  studies: Studies
  folders: { root: string; practice: string; volumes: string }
}) {
  async function build(caller: Caller, wanted: Wanted, folder: string, control: JobControl): Promise<void> {
    const { title, readerIds, scans, size, slices, seed } = wanted
    const request: StudyRequest = {
      ...{ patients: Math.ceil(scans / 2), scansPerPatient: 2, scans, size, slices, seed },
      ...{ site: 'both', grades: 'balanced', formats: ['isq'] },
    }
    const made = await simulateInto(folder, request, {
      signal: control.signal,
      onProgress: ({ done, total }) => control.progress(done, total, ''),
    })
    const { id } = await studies.create(caller, {
      title,
      template: 'hrpqct-motion',
      readersPerScan: readerIds.length,
      encrypted: false,
    })
    await studies.setReaders(caller, { studyId: id, readerIds })
    const study = await studyOf(db, id)
    const staging = join(folders.root, 'staging', newId())
    await mkdir(staging, { recursive: true })
    const shown = new Set<string>()
    for (const scan of made.scans) {
      const { id: scanId } = await takeScan({ db, decoder, volumes: folders.volumes }, caller, study, staging, {
        ...{ path: join(folder, scan.file), patientKey: `practice:${scan.patient}` },
        ...{ site: scan.site, side: scan.side, purpose: 'unread' },
      })
      const first = `${scan.site} ${scan.trueGrade}`
      await addKnown(db, caller, study.id, scanId, scan, shown.has(first) ? 'calibration' : 'exemplar')
      shown.add(first)
    }
    await rm(staging, { recursive: true, force: true })
    await studies.open(caller, id)
    announce.studyChanged(id)
  }

  return {
    async make(caller: Caller, wanted: Wanted) {
      if (await db.selectFrom('study').select('id').where('title', '=', wanted.title).executeTakeFirst())
        throw new ConcordError('title-taken', `There is a study called "${wanted.title}" already.`, 'title')
      const folder = join(folders.practice, newId())
      const { job, ended } = await jobs.start(
        { kind: 'practice', studyId: null, accountId: caller.accountId },
        async (control) => {
          try {
            await build(caller, wanted, folder, control)
          } finally {
            // The study has its own copy of the pictures.
            await rm(folder, { recursive: true, force: true })
          }
        },
      )
      return { jobId: job.id, ended }
    },
  }
}

async function addKnown(
  db: Database,
  caller: Caller,
  studyId: string,
  scanId: string,
  { trueGrade, measure }: WrittenScan,
  use: 'exemplar' | 'calibration',
): Promise<void> {
  await db.transaction().execute(async (t) => {
    await t
      .insertInto('known_case')
      .values({
        ...{ id: newId(), study_id: studyId, scan_id: scanId, use, grade: trueGrade, why: null },
        ...{ motion_mm: measure, origin: 'phantom', added_by: caller.accountId, added_at: now() },
      })
      .execute()
    await recordStudy(t, { accountId: caller.accountId, act: 'study.case-added' }, studyId)
  })
}
