import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { createForkHost } from '../../src/main/imaging/host.ts'
import { writeStudy } from '../../src/main/phantom/write.ts'

export interface MadeScans {
  readingFolder: string
  unreadFolder: string
  /** By the digest of the voxels' values, which is all that the program keeps of a scan's origin. */
  bySha: Map<string, MadeScan>
  scans: number
}
export interface MadeScan {
  id: string
  patient: string
  trueGrade: number
  /** The simulated readers' grades, in the order of the readers; null for a scan kept for the network. */
  grades: number[] | null
}

export interface ScanPlan {
  forReaders: number
  forNetwork: number
  size: number
  slices: number
  seed: number
}

/**
 * Makes scans with the motion phantom, two a patient, and lays those for the readers and those of other patients, which
 * nobody will grade, in two folders.
 */
export async function makeScans(folder: string, plan: ScanPlan, tell: (line: string) => void): Promise<MadeScans> {
  const { forReaders, forNetwork, size, slices, seed } = plan
  const total = forReaders + forNetwork
  const study = {
    patients: Math.ceil(total / 2),
    scansPerPatient: 2,
    scans: total,
    site: 'both',
    size,
    slices,
    seed,
  } as const
  let last = 0
  const made = await writeStudy(
    folder,
    { ...study, grades: 'balanced' },
    {
      onProgress: ({ done, total }) => {
        if (done - last < 10 && done < total) return
        last = done
        tell(`${done} of ${total} scans made`)
      },
    },
  )
  const unreadFolder = join(folder, 'unread')
  mkdirSync(unreadFolder)
  const bySha = new Map<string, MadeScan>()
  const host = createForkHost()
  for (const [index, scan] of made.scans.entries()) {
    const { sources } = await host.discover([join(folder, scan.file)])
    const { sha256 } = await host.inspect(sources[0]!, { digest: true })
    const read = index < forReaders
    const votes = made.votes.filter((vote) => vote.scan === scan.id).sort((a, b) => a.reader.localeCompare(b.reader))
    bySha.set(sha256!, {
      id: scan.id,
      patient: scan.patient,
      trueGrade: scan.trueGrade,
      grades: read ? votes.map((vote) => vote.grade) : null,
    })
    if (!read) renameSync(join(folder, scan.file), join(unreadFolder, scan.file.split('/').at(-1)!))
  }
  await host.close()
  return { readingFolder: join(folder, 'scans'), unreadFolder, bySha, scans: total }
}

/** What the program's own file holds, read beside the running program. */
export interface Stored {
  /** Pseudonym of each scan, to what it was made as. */
  scans: Map<string, MadeScan>
  votes: { reader: string; pseudonym: string; grade: number | null }[]
}

export function lookInDatabase(data: string, made: MadeScans): Stored {
  const file = join(data, 'concord.db')
  if (!existsSync(file)) throw new Error(`there is no database at ${file}`)
  const db = new Sqlite(file, { readonly: true })
  try {
    const rows = db.prepare('select pseudonym, content_sha256 as sha from scan').all() as {
      pseudonym: string
      sha: string
    }[]
    const votes = db
      .prepare(
        `select a.name as reader, s.pseudonym, v.grade from vote v
         join assignment q on q.id = v.assignment_id join scan s on s.id = q.scan_id join account a on a.id = q.account_id
         where v.kind = 'cast' and v.revision = (select max(revision) from vote where assignment_id = q.id)`,
      )
      .all() as Stored['votes']
    return { scans: new Map(rows.map((row) => [row.pseudonym, made.bySha.get(row.sha)!])), votes }
  } finally {
    db.close()
  }
}
