import type { Job } from '../../../src/preload/contract/jobs.ts'
import { readAll, type Program } from '../../fixtures/program.ts'
import { isDone, signIn, type Deed, type Known } from '../deed.ts'
import { archiveAndStudy, fetchAndImport, scans } from './pacs.ts'

const kinds = ['grade', 'rescan'] as const

/** The consensus goes back to a picture archive (a real Orthanc) as structured reports, one a scan and kind. */
export const reporting: Deed = {
  once: true,
  acts: Infinity,
  async prepare(root, after) {
    const { program, studyId, known } = await archiveAndStudy(root, after)
    await fetchAndImport(program, known, () => undefined)
    const { accountId } = await program.person('r1', 'reader')
    await program.get('lead', 'studies.setReaders', { studyId, readerIds: [accountId] })
    await program.get('lead', 'studies.open', { studyId })
    await readAll(program, 'r1', studyId, () => 4)
    await program.get('lead', 'analysis.seal', { studyId, incomplete: false })
    const frozen = { studyId, name: 'All', rule: 'median' }
    const { id: labelSetId } = await program.get<{ id: string }>('lead', 'labels.freeze', frozen)
    await program.close()
    return { ...known, labelSetId }
  },
  async before(known) {
    for (const id of await reportsIn(known)) await ask(known, `/instances/${id}`, 'DELETE')
  },
  async work(program, known, say) {
    say('asked', 'send', 1)
    await send(program, known)
    say('done', 'send', 1)
  },
  async look(program, known, said) {
    const problems: string[] = []
    const { db } = program
    const all = scans * kinds.length
    const noted = () => db.selectFrom('report_sent').select(['scan_id', 'kind']).execute()
    const [before, there] = [await noted(), await reportsIn(known)]
    // A report is noted once the archive has confirmed it: one more may be there, whose confirmation the kill cut off.
    if (there.length < before.length || there.length > before.length + 1)
      problems.push(`${there.length} reports in the archive, ${before.length} noted`)
    if (isDone(said, 'send') && before.length !== all) problems.push(`${before.length} of ${all} acknowledged reports`)
    const running = await db.selectFrom('job').select('id').where('state', 'in', ['running', 'queued']).execute()
    if (running.length > 0) problems.push('a job is still running')
    if (before.length < all) await send(program, known)
    const after = await noted()
    if (after.length !== all || new Set(after.map((row) => `${row.scan_id} ${row.kind}`)).size !== all)
      problems.push(`${after.length} of ${all} reports are noted after sending again`)
    const count = (await reportsIn(known)).length
    if (count !== all) problems.push(`${count} reports in the archive after sending again, not ${all}`)
    return problems
  },
}

async function send(program: Program, known: Known): Promise<void> {
  const { pacsId, labelSetId, user, password } = known as Record<string, string> &
    Record<'pacsId' | 'labelSetId', string>
  const lead = await signIn(program, 'lead')
  await program.get('lead', 'pacs.giveCredential', { pacsId, credential: { kind: 'basic', user, password } })
  const { jobId, ended } = await program.services.pacs.send(lead, { pacsId, labelSetId, kinds: [...kinds] })
  await ended
  const jobs = await program.get<Job[]>('lead', 'jobs.list')
  const job = jobs.find(({ id }) => id === jobId)
  if (job?.state !== 'done') throw new Error(`sending: ${job?.state} ${job?.error?.message ?? ''}`)
}

/** Orthanc's own names of the structured reports that it holds. */
async function reportsIn(known: Known): Promise<string[]> {
  const found: string[] = []
  for (const id of (await (await ask(known, '/instances')).json()) as string[]) {
    const tags = (await (await ask(known, `/instances/${id}/simplified-tags`)).json()) as { Modality?: string }
    if (tags.Modality === 'SR') found.push(id)
  }
  return found
}

async function ask({ rest, user, password }: Known, path: string, method = 'GET'): Promise<Response> {
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  const reply = await fetch(`${rest}${path}`, { method, headers: { authorization } })
  if (!reply.ok) throw new Error(`Orthanc ${path}: ${reply.status}`)
  return reply
}
