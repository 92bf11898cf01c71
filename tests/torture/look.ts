import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { checkFile } from '../../src/main/store/backup.ts'
import { startProgram, type Program } from '../fixtures/program.ts'
import { votesSaid } from '../fixtures/votes.ts'
import { phases, type Acknowledged, type Phase, type Places } from './phases.ts'

export interface TortureResult {
  rounds: number
  acknowledged: Record<Phase, number>
  /** Votes found in the database that the window never got an answer for: allowed, at most one a round. */
  unanswered: number
  lost: string[]
  doubled: string[]
  /** Leavings of work that was killed, which the next start should have put in order. */
  untidy: string[]
  chain: string | null
}

/** Starts the program once more, without a window, and looks for each thing that was acknowledged. */
export async function lookFor(
  acknowledged: Acknowledged[],
  data: string,
  places: Places,
  rounds: number,
): Promise<TortureResult> {
  const program = await startProgram(data)
  try {
    const of = (phase: Phase): Acknowledged[] => acknowledged.filter((one) => one.phase === phase)
    const votes = await lookForVotes(program, of('voting'), places)
    const lost = [
      ...votes.lost,
      ...(await lookForScans(program, of('import'), places)),
      ...(await lookForBackups(program, of('backup'))),
      ...(await lookForEpochs(program, of('training'))),
    ]
    const chain = await program.services.audit.check()
    return {
      ...{ rounds, unanswered: votes.unanswered, lost, doubled: votes.doubled, untidy: await untidy(program, data) },
      acknowledged: Object.fromEntries(phases.map((phase) => [phase, of(phase).length])) as Record<Phase, number>,
      chain: chain.broken?.why ?? null,
    }
  } finally {
    await program.close()
  }
}

async function lookForVotes(program: Program, wanted: Acknowledged[], { voting }: Places) {
  const own = await program.db.selectFrom('assignment').select('id').where('study_id', '=', voting).execute()
  const assignments = new Set(own.map(({ id }) => id))
  // Each is opened with its reader's key: a vote that cannot be opened is a lost one.
  const votes = (await votesSaid(program)).filter((v) => v.kind === 'cast' && assignments.has(v.assignment_id))
  const found = new Map<string, (number | null)[]>()
  for (const vote of votes) found.set(vote.assignment_id, [...(found.get(vote.assignment_id) ?? []), vote.grade])
  return {
    unanswered: votes.length - wanted.length,
    lost: wanted.filter((one) => !found.get(one.id)?.includes(one.value)).map((one) => `vote ${one.id}`),
    doubled: [...found].filter(([, grades]) => grades.length > 1).map(([id]) => id),
  }
}

/** Every scan that was listed is there, and every scan that is there has its pictures. */
async function lookForScans({ db, services }: Program, wanted: Acknowledged[], { draft }: Places): Promise<string[]> {
  const scans = await db.selectFrom('scan').select(['id', 'content_sha256']).where('study_id', '=', draft).execute()
  const there = new Set(scans.map(({ id }) => id))
  return [
    ...wanted.filter((one) => !there.has(one.id)).map((one) => `scan ${one.id}`),
    ...scans
      .filter(({ content_sha256 }) => !existsSync(services.scans.volumePath(content_sha256)))
      .map(({ id }) => `pictures of scan ${id}`),
  ]
}

async function lookForBackups({ folders }: Program, wanted: Acknowledged[]): Promise<string[]> {
  const lost: string[] = []
  for (const { id, value } of wanted) {
    const check = await checkFile(join(folders.backups, id), [])
    if (check.state !== 'good' || check.votes !== value) lost.push(`backup ${id}: ${check.state} ${check.why ?? ''}`)
  }
  return lost
}

async function lookForEpochs({ db }: Program, wanted: Acknowledged[]): Promise<string[]> {
  const most = new Map<string, number>()
  for (const { id, value } of wanted) most.set(id, Math.max(value, most.get(id) ?? 0))
  const lost: string[] = []
  for (const [id, epochs] of most) {
    const rows = await db.selectFrom('epoch').select('epoch').where('run_id', '=', id).execute()
    if (rows.length < epochs) lost.push(`epochs of run ${id}: ${rows.length} of ${epochs}`)
  }
  return lost
}

async function untidy({ db, folders }: Program, data: string): Promise<string[]> {
  const runs = await db.selectFrom('training_run').select('id').where('state', '=', 'running').execute()
  const jobs = await db.selectFrom('job').select('id').where('state', 'in', ['running', 'queued']).execute()
  const staging = join(data, 'staging')
  return [
    ...runs.map(({ id }) => `run ${id} is still running`),
    ...jobs.map(({ id }) => `job ${id} is still running`),
    ...readdirSync(folders.backups).filter((name) => name.includes('.part')),
    ...(existsSync(staging) ? readdirSync(staging).map((name) => `staging/${name}`) : []),
  ]
}
