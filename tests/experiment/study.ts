import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import type { LabelSet } from '../../src/preload/contract/labels.ts'
import { createForkHost } from '../../src/main/imaging/host.ts'
import { writeStudy } from '../../src/main/phantom/write.ts'
import { createStudyWith, readAll, type Program } from '../fixtures/program.ts'
import { scans as plan } from './plan.ts'

export interface KnownScan {
  trueGrade: number
  patient: string
  /** The simulated readers' grades; of scans for testing too, where the program does not learn them. */
  grades: number[]
  forTesting: boolean
}

/** Makes the scans, or goes on with those half made. By the digest of their values. */
export async function makeScans(folder: string, tell: (line: string) => void): Promise<Map<string, KnownScan>> {
  const { forReaders, forTesting, ...rest } = plan
  const total = forReaders + forTesting
  const unread = join(folder, '../unread')
  // A study that is complete has its second part moved away.
  if (existsSync(unread)) back(folder, unread)
  let told = 0
  const made = await writeStudy(
    folder,
    { ...rest, patients: total / 2, scansPerPatient: 2, scans: total },
    {
      onProgress({ done }) {
        if (done - told < 20 && done < total) return
        told = done
        tell(`${done} of ${total} scans made`)
      },
    },
  )
  mkdirSync(unread, { recursive: true })
  const host = createForkHost()
  const known = new Map<string, KnownScan>()
  for (const [index, scan] of made.scans.entries()) {
    const { sources } = await host.discover([join(folder, scan.file)])
    const { sha256 } = await host.inspect(sources[0]!, { digest: true })
    const votes = made.votes.filter((vote) => vote.scan === scan.id).sort((a, b) => a.reader.localeCompare(b.reader))
    known.set(sha256!, {
      ...{ trueGrade: scan.trueGrade, patient: scan.patient, grades: votes.map(({ grade }) => grade) },
      forTesting: index >= forReaders,
    })
    if (index >= forReaders) renameSync(join(folder, scan.file), join(unread, scan.file.split('/').at(-1)!))
  }
  await host.close()
  return known
}

function back(folder: string, unread: string): void {
  for (const name of readdirSync(unread)) renameSync(join(unread, name), join(folder, 'scans', name))
}

/** The study as the program keeps it: read by the simulated readers, sealed, its labels frozen by majority. */
export async function readStudy(
  program: Program,
  folder: string,
  known: Map<string, KnownScan>,
): Promise<{ studyId: string; labels: LabelSet }> {
  const { studyId } = await createStudyWith(program, [
    { folder: join(folder, 'scans'), purpose: 'reading' },
    { folder: join(folder, '../unread'), purpose: 'unread' },
  ])
  const scans = await program.db.selectFrom('scan').select(['pseudonym', 'content_sha256']).execute()
  const shaOf = new Map(scans.map((scan) => [scan.pseudonym, scan.content_sha256]))
  for (const [reader, name] of ['r1', 'r2', 'r3'].entries())
    await readAll(program, name, studyId, (pseudonym) => known.get(shaOf.get(pseudonym)!)!.grades[reader]!)
  await program.get('lead', 'analysis.seal', { studyId, incomplete: false })
  const labels = await program.get<LabelSet>('lead', 'labels.freeze', { studyId, name: 'Majority', rule: 'majority' })
  await program.person('theo', 'trainer')
  return { studyId, labels }
}
