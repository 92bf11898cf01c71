import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allRoutes } from '../../../src/preload/contract/index.ts'
import { openStudy, readAll, startProgram, type Program, type ReadyStudy } from '../../fixtures/program.ts'

let program: Program
let study: ReadyStudy

beforeAll(async () => {
  program = await startProgram()
  study = await openStudy(program, 8)
})
afterAll(() => program.close())

/** Every identifier in the database: whatever a curious reader could have found somewhere. */
async function identifiers(): Promise<Record<string, string[]>> {
  const ids = async (table: 'study' | 'scan' | 'account' | 'assignment' | 'job') =>
    (await program.db.selectFrom(table).select('id').execute()).map((r) => r.id)
  return {
    studyId: await ids('study'),
    scanId: await ids('scan'),
    accountId: await ids('account'),
    assignmentId: await ids('assignment'),
    jobId: await ids('job'),
    runId: [],
    modelId: [],
    labelSetId: [],
    previewId: [],
  }
}

/** All that a reader can get out of the program: every route with every identifier, except casting and undoing. */
async function everythingFor(reader: string): Promise<string> {
  const known = await identifiers()
  const replies: unknown[] = []
  for (const { channel } of allRoutes()) {
    if (
      ['reading.cast', 'reading.undo', 'accounts.signOut', 'accounts.lock', 'accounts.changePassword'].includes(channel)
    )
      continue
    replies.push(await program.ask(reader, channel, {}))
    for (const [field, values] of Object.entries(known))
      for (const value of values) replies.push(await program.ask(reader, channel, { [field]: value }))
  }
  for (const scanId of known.scanId!)
    replies.push(
      await program.services.scans
        .volumeFor(study.readers[0]!, scanId)
        .then(() => 'served')
        .catch((error: Error) => error.message),
    )
  return JSON.stringify(replies)
}

describe('before the seal', () => {
  it("gives a reader the same replies whatever the others' votes are", async () => {
    const before = await everythingFor('r1')
    await readAll(program, 'r2', study.studyId, () => 5)
    const others = await everythingFor('r1')
    expect(others).toBe(before)
    await readAll(program, 'r3', study.studyId, (pseudonym) => (pseudonym.endsWith('1') ? 1 : 4))
    expect(await everythingFor('r1')).toBe(before)
  })

  it('sends a reader no event at all about the votes of others', () => {
    expect(program.events.filter((event) => /^r\d$/.test(event.to))).toEqual([])
    expect(program.events.some((event) => event.to === 'lead')).toBe(true)
  })

  it('tells a reader neither who else reads nor how many scans there are beyond the own queue', async () => {
    const [own] = await program.get<{ readers: unknown[]; scans: unknown }[]>('r1', 'studies.list')
    expect(own).toMatchObject({ readers: [], scans: null })
  })

  it('keeps a lead who also reads in the study from its results until the seal', async () => {
    const both = await program.person('both', 'lead', 'reader', 'trainer')
    const { id: studyId } = await program.get<{ id: string }>('lead', 'studies.create', {
      title: 'Second',
      template: 'hrpqct-motion',
      readersPerScan: 1,
    })
    const { addScans } = await import('../../fixtures/program.ts')
    await addScans(program.db, studyId, study.lead.accountId, 2)
    await program.get('lead', 'studies.setReaders', { studyId, readerIds: [both.accountId] })
    await program.get('lead', 'studies.open', { studyId })
    for (const channel of ['analysis.overview', 'analysis.disputed', 'labels.list', 'training.runs', 'models.list'])
      expect(await program.ask('both', channel, { studyId })).toMatchObject({ ok: false, error: { code: 'blinded' } })
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
    for (const channel of ['analysis.overview', 'analysis.disputed', 'exports.votes'])
      expect(await program.ask('r1', channel, { studyId: study.studyId })).toMatchObject({
        error: { code: 'not-allowed' },
      })
  })
})
