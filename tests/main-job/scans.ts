import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { withProgram } from '../../src/main/cli/program.ts'
import { createForkHost } from '../../src/main/imaging/host.ts'
import { writeStudy } from '../../src/main/phantom/write.ts'
import { countingVotes } from '../../src/main/services/votes/counting.ts'

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

/**
 * What lies in the database: by another program, which must find no grade in it, and the grades by the headless program with
 * the key of the lead.
 */
export async function lookInDatabase(
  data: string,
  made: MadeScans,
  lead?: { name: string; password: string },
): Promise<Stored> {
  const file = join(data, 'concord.db')
  if (!existsSync(file)) throw new Error(`there is no database at ${file}`)
  const db = new Sqlite(file, { readonly: true })
  try {
    const rows = db.prepare('select pseudonym, content_sha256 as sha from scan').all() as {
      pseudonym: string
      sha: string
    }[]
    const told = db.prepare('select count(*) from vote where grade is not null or reason is not null').pluck().get()
    if (told !== 0) throw new Error(`the database file tells ${String(told)} votes before the seal`)
    const votes = lead ? await votesInStudies(data, lead) : []
    return { scans: new Map(rows.map((row) => [row.pseudonym, made.bySha.get(row.sha)!])), votes }
  } finally {
    db.close()
  }
}

/** The counting votes of all studies, as the headless program reads them for a lead who has their keys. */
async function votesInStudies(data: string, lead: { name: string; password: string }): Promise<Stored['votes']> {
  const votes: Stored['votes'] = []
  await withProgram({ out: () => undefined, err: () => undefined }, { data }, async ({ db, services }) => {
    const caller = await services.accounts.signIn(lead)
    for (const { id } of await services.studies.list(caller)) {
      const reader = await services.sealing.forFigures(db, caller, id)
      const accounts = await db.selectFrom('account').select(['id', 'name']).execute()
      const nameOf = new Map(accounts.map((account) => [account.id, account.name]))
      for (const { accountId, pseudonym, grade } of await countingVotes(db, reader, id))
        votes.push({ reader: nameOf.get(accountId)!, pseudonym, grade })
    }
    return 0
  })
  return votes
}
