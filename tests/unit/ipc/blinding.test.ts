import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allRoutes } from '../../../src/preload/contract/index.ts'
import type { Session } from '../../../src/preload/contract/accounts.ts'
import { firstDisputed } from '../../fixtures/disputed.ts'
import { requestsFor } from '../../fixtures/requests.ts'
import { addScans, openStudy, readAll, startProgram, type Program, type ReadyStudy } from '../../fixtures/program.ts'

let program: Program
let study: ReadyStudy
/** Leads and trains in the department, and reads in the second study beside r2. */
let both: Session
let second: string

beforeAll(async () => {
  program = await startProgram()
  study = await openStudy(program, 8)
  both = await program.person('both', 'administrator', 'lead', 'reader', 'trainer')
  const made = await program.get<{ id: string }>('lead', 'studies.create', {
    ...{ title: 'Second', template: 'hrpqct-motion', readersPerScan: 2 },
  })
  second = made.id
  await addScans(program.db, second, study.lead.accountId, 4)
  const readerIds = [both.accountId, study.readers[1]!.accountId]
  await program.get('lead', 'studies.setReaders', { studyId: second, readerIds })
  await program.get('lead', 'studies.open', { studyId: second })
  // A server is backed up where it runs: there it refuses.
  await program.ask('admin', 'backups.make')
})
afterAll(() => program.close())

/** Every identifier in the database: whatever a curious reader could have found somewhere. */
async function identifiers(): Promise<Record<string, string[]>> {
  const ids = async (table: 'study' | 'scan' | 'account' | 'assignment' | 'job' | 'patient' | 'vote') =>
    (await program.db.selectFrom(table).select('id').execute()).map((r) => r.id)
  const own = await program.db
    .selectFrom('assignment')
    .select('id')
    .where('account_id', 'in', [study.readers[0]!.accountId, both.accountId])
    .execute()
  const mine = new Set(own.map(({ id }) => id))
  return {
    studyId: await ids('study'),
    scanId: await ids('scan'),
    accountId: await ids('account'),
    // Not the own ones: with these a vote would be cast.
    assignmentId: (await ids('assignment')).filter((id) => !mine.has(id)),
    jobId: await ids('job'),
    patientId: await ids('patient'),
    runId: [],
    modelId: [],
    labelSetId: [],
    previewId: [],
    name: ['concord-20260101T000000Z.db'],
  }
}

/** What ends or changes the session that asks, or the program that the test needs. */
const apart = new Set([
  ...[
    'accounts.signOut',
    'accounts.signIn',
    'accounts.lock',
    'accounts.changePassword',
    'accounts.createAdministrator',
  ],
  ...['accounts.resetPassword', 'accounts.close', 'accounts.create', 'studies.create', 'studies.open'],
  ...['analysis.seal', 'backups.restore', 'settings.set', 'scans.makePractice', 'designs.makePractice'],
  // Keeps when it was done; what the file tells, packets-leak.test.ts looks for.
  'packets.take',
])
/** Acts of leads that change a study; the comparison is of what is told. */
const changes = /\.(set|add|remove|keep|open|make|bring|export|import|preview|start|predict|adjudicate|freeze|save)/

/** All that somebody can get out of the program: every route with every identifier, alone and combined; scans; the log. */
async function everythingFor(reader: string, known: Record<string, string[]>): Promise<string[]> {
  const told: string[] = []
  const lines = program.log.length
  for (const { channel, route } of allRoutes()) {
    if (apart.has(channel) || (reader === 'both' && changes.test(channel))) continue
    for (const request of requestsFor(route, known))
      told.push(`${channel} ${JSON.stringify(request)} ${JSON.stringify(await program.ask(reader, channel, request))}`)
  }
  const caller = reader === 'both' ? both : study.readers[0]!
  for (const scanId of known.scanId!)
    told.push(
      await program.services.scans
        .volumeFor(caller, scanId)
        .then(() => 'served')
        .catch((error: Error) => error.message),
    )
  return [...told, ...program.log.slice(lines)]
}

describe('before the seal', () => {
  it("tells a reader the same in every field whatever the others' votes are", async () => {
    const known = await identifiers()
    // Once to begin with: what the reader keeps for themself, such as keys, is then as it stays.
    await everythingFor('r1', known)
    const before = await everythingFor('r1', known)
    expect(before.filter((line) => line.includes('"ok":true')).length).toBeGreaterThan(8)
    await readAll(program, 'r2', study.studyId, () => 5)
    expect(await everythingFor('r1', known)).toEqual(before)
    await readAll(program, 'r3', study.studyId, (pseudonym) => (pseudonym.endsWith('1') ? 1 : 4))
    expect(await everythingFor('r1', known)).toEqual(before)
    const forLead = await program.get<{ votes: { cast: number } }>('lead', 'analysis.overview', {
      studyId: study.studyId,
    })
    expect(forLead.votes.cast).toBe(16)
  })

  it('tells somebody with every role the same, who reads in the study', async () => {
    const known = { ...(await identifiers()), studyId: [second] }
    const before = await everythingFor('both', known)
    expect(before.filter((line) => line.includes('"ok":true')).length).toBeGreaterThan(8)
    program.events.length = 0
    await readAll(program, 'r2', second, () => 2)
    expect(await everythingFor('both', known)).toEqual(before)
    expect(program.events.filter((event) => event.to === 'both')).toEqual([])
    expect(program.events.filter((event) => event.to === 'lead').length).toBeGreaterThan(0)
  })

  it('sends a reader no event at all about the votes of others', () => {
    expect(program.events.filter((event) => /^(r\d|both)$/.test(event.to))).toEqual([])
    expect(program.events.some((event) => event.to === 'lead')).toBe(true)
  })

  it('tells a reader neither who else reads nor how many scans there are beyond the own queue', async () => {
    const [own] = await program.get<{ readers: unknown[]; scans: unknown }[]>('r1', 'studies.list')
    expect(own).toMatchObject({ readers: [], scans: null })
  })

  it('keeps a lead who also reads in the study from its results until the seal', async () => {
    const studyId = second
    const requests = ['analysis.overview', 'labels.list', 'training.runs', 'models.list'].map((of) => [of, { studyId }])
    for (const [channel, request] of [...requests, ['analysis.disputedPage', firstDisputed(studyId)]] as [
      string,
      object,
    ][])
      expect(await program.ask('both', channel, request)).toMatchObject({ ok: false, error: { code: 'blinded' } })
    for (const channel of ['exports.votes', 'exports.agreement', 'exports.report'])
      expect(await program.ask('both', channel, { studyId })).toMatchObject({ ok: false, error: { code: 'blinded' } })
    await program.get('lead', 'analysis.seal', { studyId, incomplete: true })
    expect(await program.ask('both', 'analysis.overview', { studyId })).toMatchObject({ ok: true })
  })
})

describe('after the seal', () => {
  it('names the readers to the lead only after unblinding', async () => {
    await readAll(program, 'r1', study.studyId, () => 2)
    await program.get('lead', 'analysis.seal', { studyId: study.studyId, incomplete: false })
    const overview = async () =>
      program.get<{ readers: { displayName: string | null }[] }>('lead', 'analysis.overview', {
        studyId: study.studyId,
      })
    expect((await overview()).readers.map((r) => r.displayName)).toEqual([null, null, null])
    await program.get('lead', 'analysis.unblind', { studyId: study.studyId })
    expect((await overview()).readers.map((r) => r.displayName).sort()).toEqual(['Dr r1', 'Dr r2', 'Dr r3'])
  })

  it('still tells a reader nothing of the others', async () => {
    for (const channel of ['analysis.overview', 'analysis.disputedPage', 'exports.votes'])
      expect(await program.ask('r1', channel, { studyId: study.studyId })).toMatchObject({
        error: { code: 'not-allowed' },
      })
  })
})
