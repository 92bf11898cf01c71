import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Job } from '../../../src/preload/contract/jobs.ts'
import type { PacketFound, PacketMerged, PacketOpening, PacketOverview } from '../../../src/preload/contract/packets.ts'
import type { Session } from '../../../src/preload/contract/accounts.ts'
import { everything, homeAndAway, signIn, type Away } from '../../fixtures/packets.ts'
import { addScans, readAll, type Program } from '../../fixtures/program.ts'

// Packets as the window asks for them: by routes, with jobs, at both workstations.

let at: Away
let studyId: string
let both: Session
beforeAll(async () => {
  at = await homeAndAway(4, true)
  ;({ studyId } = at.study)
  both = await at.home.person('both', 'lead', 'reader')
})
afterAll(async () => {
  await at.home.close()
  await at.away.close()
})

const codeOf = async (program: Program, who: string, channel: string, request: object = {}): Promise<string> => {
  const outcome = await program.ask(who, channel, request)
  return outcome.ok ? 'ok' : outcome.error.code
}
/** Waits for a job's end; its error's code where it failed. */
async function ended(who: string, jobId: string): Promise<string> {
  for (;;) {
    const job = (await at.home.get<Job[]>(who, 'jobs.list')).find((one) => one.id === jobId)
    if (job && job.state !== 'running') return job.error?.code ?? job.state
    await new Promise((soon) => setTimeout(soon, 10))
  }
}
async function opened(who: string): Promise<PacketOpening> {
  for (;;) {
    const { now } = await at.away.get<{ now: PacketOpening | null }>(who, 'packets.state')
    if (now && now.state !== 'running') return now
    await new Promise((soon) => setTimeout(soon, 10))
  }
}
const overview = (who = 'lead') => at.home.get<PacketOverview>(who, 'packets.overview', { studyId })
let out: string
let back: string

it('makes a packet as a job, says who may be taken along, and never how long a queue is', async () => {
  expect(await overview()).toMatchObject({
    ...{ open: true, away: false, paired: false, named: false, packets: [] },
    readers: [{ displayName: 'Dr r1', ready: true }, { ready: true }, { ready: true }],
  })
  const readerId = at.study.readers[0]!.accountId
  const made = await at.home.get<{ jobId: string; path: string }>('lead', 'packets.make', { studyId, readerId })
  expect(await ended('lead', made.jobId)).toBe('done')
  out = made.path
  expect(out).toBe(join(at.home.folders.root, 'Motion-r1.concord-study'))
  const told = at.home.events.filter(({ name }) => name === 'job').map(({ payload }) => payload as Job)
  expect(new Set(told.map(({ total }) => total))).toEqual(new Set([0, 100]))
  const { packets } = await overview()
  expect(packets).toMatchObject([{ act: 'made', reader: 'Dr r1', by: 'Dr lead', votes: null }])
  expect(await codeOf(at.home, 'lead', 'packets.make', { studyId, readerId: both.accountId })).toBe(
    'packet-reader-unknown',
  )
})

it('is opened before anybody can sign in, where nobody answers for the workstation', async () => {
  const nobody = 'empty desk'
  expect(await at.away.get(nobody, 'packets.state')).toEqual({ may: true, now: null })
  expect(await codeOf(at.away, nobody, 'packets.inspect', { path: join(at.stick, 'none') })).toBe('packet-missing')
  expect(await codeOf(at.away, nobody, 'packets.inspect', { path: at.stick })).toBe('packet-foreign')
  const whole = readFileSync(out)
  writeFileSync(join(at.stick, 'cut'), whole.subarray(0, whole.length - 600))
  // Cut off is seen at once, without reading gigabytes.
  expect(await codeOf(at.away, nobody, 'packets.inspect', { path: join(at.stick, 'cut') })).toBe('packet-truncated')
  const signer = (await overview()).packets[0]!.signer
  const found = await at.away.get<PacketFound>(nobody, 'packets.inspect', { path: out })
  expect(found).toMatchObject({ study: 'Motion', reader: 'r1', pictures: 4, here: 'new', sameSigner: false, signer })
  expect(found.bytes).toBeGreaterThan(2000)
  // What was looked at and what lies there now are held against each other.
  await at.away.get(nobody, 'packets.open', { path: out, digest: 'f'.repeat(64) })
  expect(await opened(nobody)).toMatchObject({ state: 'failed', error: { code: 'packet-changed' }, result: null })
  expect(readdirSync(at.away.folders.volumes)).toEqual([])
  // Damage in the middle is found when it is read.
  const bad = Buffer.from(whole)
  bad[bad.length - 1600]! ^= 1
  writeFileSync(join(at.stick, 'bad'), bad)
  await at.away.get(nobody, 'packets.open', { path: join(at.stick, 'bad'), digest: found.digest })
  expect(await opened(nobody)).toMatchObject({ state: 'failed', error: { code: 'packet-altered' } })
  expect(await at.away.get(nobody, 'accounts.state')).toMatchObject({ needsAdministrator: true })

  await at.away.get(nobody, 'packets.open', { path: out, digest: found.digest })
  expect(await opened(nobody)).toMatchObject({ state: 'done', share: 1, result: { reader: 'r1', changed: true } })
  expect(await at.away.get(nobody, 'accounts.state')).toMatchObject({ needsAdministrator: false })
  expect(await at.away.get(nobody, 'packets.inspect', { path: out })).toMatchObject({ here: 'known', sameSigner: true })

  // At home it takes somebody who answers for it, and the study is there already.
  expect(await codeOf(at.home, nobody, 'packets.inspect', { path: out })).toBe('packet-not-here')
  expect(await codeOf(at.home, 'r1', 'packets.open', { path: out, digest: found.digest })).toBe('packet-not-here')
  expect(await at.home.get('r1', 'packets.state')).toEqual({ may: false, now: null })
  expect(await codeOf(at.home, 'lead', 'packets.inspect', { path: out })).toBe('packet-study-here')
  await at.home.get('lead', 'accounts.lock')
  expect(await codeOf(at.home, 'lead', 'packets.inspect', { path: out })).toBe('locked')
  await signIn(at.home, 'lead')
})

it('tells a reader what of theirs was taken along, and nobody else’s', async () => {
  await signIn(at.away, 'r1')
  await readAll(at.home, 'r2', studyId, () => 5)
  expect(await at.home.get('r1', 'packets.own', { studyId })).toEqual({ away: false, last: null, since: 0 })
  expect(await at.away.get('r1', 'packets.own', { studyId })).toEqual({ away: true, last: null, since: 0 })
  await readAll(at.away, 'r1', studyId, () => 4)
  expect(await at.away.get('r1', 'packets.own', { studyId })).toMatchObject({ last: null, since: 4 })
  const taken = await at.away.get<{ path: string; votes: number }>('r1', 'packets.take', { studyId })
  expect(taken.votes).toBe(4)
  back = taken.path
  // The file's name does not say whose it is.
  expect(back).toMatch(/Motion-\d{4}-\d\d-\d\d\.concord-votes$/)
  expect(await at.away.get('r1', 'packets.own', { studyId })).toMatchObject({ last: { votes: 4 }, since: 0 })
  await at.away.get('r1', 'reading.undo', { studyId })
  expect(await at.away.get('r1', 'packets.own', { studyId })).toMatchObject({ last: { votes: 4 }, since: 1 })
})

it('shows what merging would do and changes nothing; then does it, and names no reader beside a count', async () => {
  const look = async (who: string, path = back) => {
    const { jobId } = await at.home.get<{ jobId: string }>(who, 'packets.preview', { studyId, path })
    const end = await ended(who, jobId)
    return { end, found: await at.home.get<PacketMerged>(who, 'packets.result', { jobId }).catch(() => null) }
  }
  const before = await everything(at.home)
  const { found } = await look('lead')
  expect(found).toMatchObject({
    study: 'Motion',
    reader: null,
    closed: null,
    votes: 4,
    known: 0,
    late: 0,
    conflicts: [],
  })
  // An administrator, who sees no figures by letters, is told whose it is.
  expect((await look('admin')).found).toMatchObject({ reader: 'Dr r1', closed: false, votes: 4 })
  expect(await everything(at.home)).toBe(before)
  expect(await codeOf(at.home, 'admin', 'packets.result', { jobId: both.accountId })).toBe('job-unknown')

  const merge = (digest: string) =>
    at.home.get<{ jobId: string }>('lead', 'packets.merge', { studyId, path: back, digest })
  expect(await ended('lead', (await merge('0'.repeat(64))).jobId)).toBe('packet-changed')
  const { jobId } = await merge(found!.digest)
  expect(await ended('lead', jobId)).toBe('done')
  expect(await at.home.get('lead', 'packets.result', { jobId })).toMatchObject({ votes: 4, reader: null })
  const { packets } = await overview()
  expect(packets[0]).toMatchObject({ act: 'merged', reader: null, by: 'Dr lead', votes: 4 })
  expect((await overview('admin')).packets[0]).toMatchObject({ act: 'merged', reader: 'Dr r1', votes: 4 })
  expect((await look('lead')).found).toMatchObject({ votes: 0, known: 4 })
  const cast = await at.home.get<{ votes: { cast: number } }>('lead', 'analysis.overview', { studyId })
  expect(cast.votes.cast).toBe(8)
})

it('refuses at once what is not a packet of votes for this study', async () => {
  const preview = (path: string, who = 'lead', of = studyId) =>
    codeOf(at.home, who, 'packets.preview', { studyId: of, path })
  const bad = (name: string, bytes: Buffer): string => {
    writeFileSync(join(at.stick, name), bytes)
    return join(at.stick, name)
  }
  const whole = readFileSync(back)
  expect(await preview(out)).toBe('packet-other-kind')
  expect(await preview(bad('foreign', Buffer.from('no packet at all')))).toBe('packet-foreign')
  expect(await preview(bad('short', whole.subarray(0, whole.length - 700)))).toBe('packet-truncated')
  const altered = Buffer.from(whole)
  altered.write('Motiom', altered.indexOf('Motion'))
  expect(await preview(bad('altered', altered))).toBe('packet-altered')
  const { id: other } = await at.home.get<{ id: string }>('lead', 'studies.create', {
    ...{ title: 'Other', template: 'hrpqct-motion', readersPerScan: 1 },
  })
  expect(await preview(back, 'lead', other)).toBe('packet-other-study')
  expect(await preview(back, 'r2')).toBe('not-allowed')
})

it('is nothing for a lead who reads in the study: neither the list nor another’s votes', async () => {
  const { id: second } = await at.home.get<{ id: string }>('lead', 'studies.create', {
    ...{ title: 'Second', template: 'hrpqct-motion', readersPerScan: 2 },
  })
  await addScans(at.home.db, second, at.study.lead.accountId, 2)
  const readerIds = [both.accountId, at.study.readers[0]!.accountId]
  await at.home.get('lead', 'studies.setReaders', { studyId: second, readerIds })
  await at.home.get('lead', 'studies.open', { studyId: second })
  expect(await codeOf(at.home, 'both', 'packets.overview', { studyId: second })).toBe('blinded')
  expect(await codeOf(at.home, 'both', 'packets.make', { studyId: second, readerId: readerIds[1] })).toBe('blinded')
  const path = join(at.stick, 'second')
  await at.home.services.packets.votes(at.study.readers[0]!, { studyId: second, path })
  expect(await codeOf(at.home, 'both', 'packets.preview', { studyId: second, path })).toBe('blinded')
  // Scans without pictures: nothing is left of the packet, and it says why.
  const { jobId } = await at.home.get<{ jobId: string }>('lead', 'packets.make', {
    ...{ studyId: second, readerId: readerIds[1] },
  })
  expect(await ended('lead', jobId)).toBe('volume-missing')
  expect(existsSync(join(at.home.folders.root, 'Second-r1.concord-study'))).toBe(false)
})

it('stops where it is told to and leaves nothing behind; an older packet is known as one', async () => {
  const { packets } = at.home.services
  const stop = new AbortController()
  const making = packets.make(
    at.study.lead,
    { studyId, readerId: at.study.readers[0]!.accountId, path: join(at.stick, 'stopped') },
    { signal: stop.signal, progress: (share) => share > 0.6 && stop.abort() },
  )
  await expect(making).rejects.toMatchObject({ name: 'AbortError' })
  expect(readdirSync(at.stick).filter((name) => name.startsWith('stopped'))).toEqual([])

  const later = join(at.stick, 'later.concord-study')
  await packets.make(at.study.lead, { studyId, readerId: at.study.readers[0]!.accountId, path: later })
  const before = await everything(at.away)
  const halt = new AbortController()
  await expect(
    at.away.services.packets.open(null, { path: later }, { signal: halt.signal, progress: () => halt.abort() }),
  ).rejects.toMatchObject({ name: 'AbortError' })
  expect(await everything(at.away)).toBe(before)
  expect(readdirSync(at.away.folders.volumes).filter((name) => name.endsWith('.part'))).toEqual([])
  const inspect = (path: string) => at.away.get<PacketFound>('r1', 'packets.inspect', { path })
  expect(await inspect(later)).toMatchObject({ here: 'more', sameSigner: true })
  const older = join(at.stick, 'older.concord-study')
  await packets.make(at.study.lead, { studyId, readerId: at.study.readers[0]!.accountId, path: older })
  const latest = join(at.stick, 'latest.concord-study')
  await packets.make(at.study.lead, { studyId, readerId: at.study.readers[0]!.accountId, path: latest })
  await at.away.get('r1', 'packets.open', { path: latest, digest: (await inspect(latest)).digest })
  expect(await opened('r1')).toMatchObject({ state: 'done', result: { changed: true } })
  expect(await inspect(older)).toMatchObject({ here: 'older' })
  // The votes taken back there are there still: what is older adds nothing.
  expect(await at.away.get('r1', 'reading.desk', { studyId })).toMatchObject({ done: 3 })
})
