import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Session } from '../../../src/preload/contract/accounts.ts'
import type { Job } from '../../../src/preload/contract/jobs.ts'
import type { PacsSeries, PacsStudy } from '../../../src/preload/contract/pacs.ts'
import { writeDicomSeries } from '../../../src/main/imaging/writers/dicom.ts'
import { noOrthanc, startOrthanc, type Orthanc } from '../../fixtures/pacs/orthanc.ts'
import { readAll, startProgram, type Program } from '../../fixtures/program.ts'

/** Must be nowhere in what the program writes. */
const secrets = ['Zyxwutsr', 'Quirina', 'MRN-90210', 'Königin', '2.25.']
const people = ['Zyxwutsr^Quirina', 'Zyxwutsr^Ödön', 'Zyxwutsr^Otto']
const files = '/usr/lib/python3/dist-packages/pydicom/data/test_files'
let pacs: Orthanc
let program: Program
let lead: Session
let folder: string
let studyId: string
let pacsId: string

interface Found {
  studies: PacsStudy[]
  next: number | null
}
const search = (criteria = {}, offset = 0) => program.get<Found>('lead', 'pacs.search', { pacsId, criteria, offset })
const seriesOf = (studyUid: string) => program.get<PacsSeries[]>('lead', 'pacs.series', { pacsId, studyId, studyUid })
async function everySeries(): Promise<{ studyUid: string; uid: string; instances: number | null; label: string }[]> {
  const { studies } = await search()
  const lists = await Promise.all(studies.map(({ uid }) => seriesOf(uid)))
  return lists
    .flat()
    .sort((a, b) => a.description.localeCompare(b.description))
    .map(({ studyUid, uid, instances, description }) => ({ studyUid, uid, instances, label: description }))
}
async function ended(jobId: string): Promise<Job> {
  for (;;) {
    const jobs = await program.get<Job[]>('lead', 'jobs.list')
    const job = jobs.find(({ id }) => id === jobId)!
    if (!['queued', 'running'].includes(job.state)) return job
    await new Promise((resume) => setTimeout(resume, 5))
  }
}
const scans = () => program.db.selectFrom('scan').selectAll().orderBy('pseudonym').execute()

function filesBelow(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

describe.skipIf(noOrthanc)(`a study with a PACS${noOrthanc ? ` (skipped: ${noOrthanc})` : ''}`, () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'concord-pacs-'))
    pacs = await startOrthanc()
    for (const [index, patientName] of people.entries()) {
      const own = join(folder, `scan-${index}`)
      await writeDicomSeries(own, {
        ...{ dims: [24, 24, 6], spacing: [0.082, 0.082, 0.082], slope: 1, intercept: 0, bodyPart: 'TIBIA' },
        ...{ voxels: Int16Array.from({ length: 24 * 24 * 6 }, (_, i) => (i * (index + 3)) % 4001), patientName },
        ...{ patientId: `MRN-90210-${index}`, studyDate: new Date(2024, index, 15), laterality: 'left' },
        description: `Scan ${index}`,
      })
      await pacs.upload(readdirSync(own).map((file) => readFileSync(join(own, file))))
    }
    if (existsSync(files))
      await pacs.upload(['CT_small.dcm', 'test-SR.dcm'].map((file) => readFileSync(join(files, file))))
    program = await startProgram()
    lead = await program.person('lead', 'lead')
    await program.person('r1', 'reader')
    const made = { title: 'From the archive', template: 'hrpqct-motion', readersPerScan: 1 }
    studyId = (await program.get<{ id: string }>('lead', 'studies.create', made)).id
  })
  afterAll(async () => {
    await program?.close()
    await pacs?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('is set up by an administrator; without a keychain each person gives the credential for the session', async () => {
    const wanted = { id: null, name: 'Archive', url: pacs.url, auth: 'basic', plain: false, credential: null }
    const made = await program.get<{ id: string; credential: string }>('admin', 'pacs.save', wanted)
    pacsId = made.id
    expect(made.credential).toBe('missing')
    expect(await program.ask('admin', 'pacs.save', { ...wanted, name: 'Archive' })).toMatchObject({
      error: { code: 'name-taken' },
    })
    expect(await program.ask('admin', 'pacs.save', { ...wanted, name: 'x', url: 'http://far.example/' })).toMatchObject(
      {
        error: { code: 'pacs-plain' },
      },
    )
    expect(await program.ask('lead', 'pacs.save', wanted)).toMatchObject({ error: { code: 'not-allowed' } })
    expect(await program.ask('lead', 'pacs.test', { pacsId })).toMatchObject({
      error: { code: 'pacs-credential-missing' },
    })
    const give = (password: string) =>
      program.get('lead', 'pacs.giveCredential', { pacsId, credential: { kind: 'basic', user: pacs.user, password } })
    await give('wrong')
    expect(await program.ask('lead', 'pacs.test', { pacsId })).toMatchObject({ error: { code: 'pacs-credential' } })
    await give(pacs.password)
    expect(await program.get('lead', 'pacs.test', { pacsId })).toEqual({ studies: true })
    // The lead's is not the administrator's.
    expect(await program.ask('admin', 'pacs.test', { pacsId })).toMatchObject({
      error: { code: 'pacs-credential-missing' },
    })
  })

  it('shows the lead studies and series', async () => {
    const { studies, next } = await search({ patientName: 'zyxw' })
    expect(next).toBeNull()
    expect(studies.map(({ patientId }) => patientId).sort()).toEqual([0, 1, 2].map((i) => `MRN-90210-${i}`))
    const tibia = await search({ bodyPart: 'tibia' })
    expect(tibia.studies).toHaveLength(3)
    expect((await search({ bodyPart: 'skull' })).studies).toEqual([])
    expect((await search({ from: '2024-02-01', to: '2024-02-28' })).studies.map((s) => s.patientId)).toEqual([
      'MRN-90210-1',
    ])
    expect(await seriesOf(studies[0]!.uid)).toMatchObject([{ modality: 'CT', instances: 6, imported: null }])
  })

  it('goes on where it was when the PACS dies in the middle, and takes in through the door of a folder', async () => {
    const series = await everySeries()
    const wanted = series.filter(({ label }) => label.startsWith('Scan'))
    const first = await program.get<{ previewId: string; jobId: string }>('lead', 'pacs.retrieve', {
      ...{ pacsId, studyId, series: wanted.slice(0, 1) },
    })
    expect((await ended(first.jobId)).state).toBe('done')
    await pacs.kill()
    const { previewId } = first
    const dead = await program.get<{ jobId: string }>('lead', 'pacs.retrieve', {
      ...{ pacsId, studyId, series, previewId },
    })
    expect(await ended(dead.jobId)).toMatchObject({ state: 'failed', error: { code: 'pacs-unreachable' } })
    expect(await scans()).toEqual([])
    await pacs.startAgain()
    const again = await program.get<{ jobId: string }>('lead', 'pacs.retrieve', {
      ...{ pacsId, studyId, series, previewId },
    })
    expect((await ended(again.jobId)).state).toBe('done')
    const result = await program.get<{ ready: boolean; found: { index: number; status: string; name: string }[] }>(
      ...(['lead', 'scans.previewResult', { previewId }] as const),
    )
    expect(result.ready).toBe(true)
    const fresh = result.found.filter(({ status }) => status === 'new')
    expect(fresh.map(({ name }) => name)).toEqual(expect.arrayContaining(['Scan 0', 'Scan 1', 'Scan 2']))
    if (existsSync(files)) {
      expect(fresh).toHaveLength(4)
      expect(result.found.filter(({ status }) => status === 'refused')).toMatchObject([{ code: 'format-refused' }])
    }
    const accept = fresh.filter(({ name }) => name.startsWith('Scan')).map(({ index }) => index)
    const { jobId } = await program.get<{ jobId: string }>('lead', 'scans.import', {
      ...{ previewId, accept, purpose: 'reading', defaults: { site: 'other', side: 'unknown' }, unnamed: 'each' },
    })
    expect((await ended(jobId)).state).toBe('done')
    expect((await scans()).map(({ pseudonym, site, side }) => [pseudonym, site, side])).toEqual(
      ['P0001-1', 'P0002-1', 'P0003-1'].map((name) => [name, 'tibia', 'left']),
    )
    expect(filesBelow(join(program.folders.root, 'staging'))).toEqual([])
    expect((await seriesOf(wanted[0]!.studyUid))[0]!.imported).toBe('P0001-1')
  })

  it('fetches nothing that is in the study already', async () => {
    const series = await everySeries()
    const wanted = series.filter(({ label }) => label === 'Scan 1')
    const { previewId, jobId } = await program.get<{ previewId: string; jobId: string }>('lead', 'pacs.retrieve', {
      ...{ pacsId, studyId, series: wanted },
    })
    expect((await ended(jobId)).state).toBe('done')
    const { found } = await program.get<{ found: unknown[] }>('lead', 'scans.previewResult', { previewId })
    expect(found).toMatchObject([{ status: 'duplicate', reason: 'The same pictures as P0002-1.', dims: null }])
    await program.get('lead', 'pacs.discard', { previewId })
    expect(await program.ask('lead', 'scans.previewResult', { previewId })).toMatchObject({ ok: false })
  })

  it('is told the consensus once, under the names of its own patients, in reports that are in order', async () => {
    const readers = [
      (await program.get<{ accountId: string }>('r1', 'accounts.signIn', { name: 'r1', password })).accountId,
    ]
    await program.get('lead', 'studies.setReaders', { studyId, readerIds: readers })
    await program.get('lead', 'studies.open', { studyId })
    await readAll(program, 'r1', studyId, (pseudonym) => (pseudonym === 'P0001-1' ? 5 : 3))
    expect(await program.ask('lead', 'labels.freeze', { studyId, name: 'First', rule: 'median' })).toMatchObject({
      error: { code: 'study-not-sealed' },
    })
    await program.get('lead', 'analysis.seal', { studyId, incomplete: false })
    const set = await program.get<{ id: string }>('lead', 'labels.freeze', { studyId, name: 'First', rule: 'median' })
    const request = { pacsId, labelSetId: set.id, kinds: ['grade', 'rescan'] }
    expect(await program.get('lead', 'pacs.plan', request)).toMatchObject({
      ...{ scans: 3, reports: 6, sentBefore: 0, untraceable: 0 },
      rows: [
        { pseudonym: 'P0001-1', grade: 5, rescan: true, kinds: ['grade', 'rescan'], traceable: true },
        { pseudonym: 'P0002-1', grade: 3, rescan: false },
        { pseudonym: 'P0003-1', grade: 3, rescan: false },
      ],
    })
    const before = await pacs.instances()
    const { jobId } = await program.get<{ jobId: string }>('lead', 'pacs.send', request)
    expect(await ended(jobId)).toMatchObject({ state: 'done', error: null })
    expect(await program.get('lead', 'pacs.sent', { jobId })).toMatchObject({ sent: 6, failed: 0 })
    const after = await pacs.instances()
    const reports = after.filter(({ id }) => before.every((one) => one.id !== id))
    expect(reports).toHaveLength(6)
    expect(reports.map(({ patientId }) => patientId).sort()).toEqual(
      [0, 0, 1, 1, 2, 2].map((index) => `MRN-90210-${index}`),
    )
    for (const { file } of reports) {
      const path = join(folder, 'report.dcm')
      writeFileSync(path, file)
      const run = (name: string, ...args: string[]) => {
        const { stdout, stderr, error } = spawnSync(name, [...args, path], { encoding: 'utf8' })
        return error ? null : `${stdout}${stderr}`
      }
      expect(run('dciodvfy')?.match(/^Error.*/m) ?? null).toBeNull()
      expect(run('dsrdump', '+U8') ?? 'Imaging Measurement Report').toContain('Imaging Measurement Report')
      // Neither the pseudonym nor a reader goes where the patient's name stands.
      for (const word of ['P000', 'Dr r1', 'From the archive', set.id]) expect(file.includes(word)).toBe(false)
    }
    const grades = reports.filter(({ file }) => file.includes('Concord consensus grade'))
    expect(
      grades.map(({ patientId, file }) => [patientId, /motion-\d/.exec(file.toString('latin1'))![0]]).sort(),
    ).toEqual([
      ['MRN-90210-0', 'motion-5'],
      ['MRN-90210-1', 'motion-3'],
      ['MRN-90210-2', 'motion-3'],
    ])
    // Filed with the examination: no study is new.
    expect((await search({ patientName: 'zyxw' })).studies).toHaveLength(3)

    expect(await program.ask('lead', 'pacs.send', request)).toMatchObject({ error: { code: 'nothing-to-report' } })
    expect(await program.get('lead', 'pacs.plan', request)).toMatchObject({ reports: 0, sentBefore: 6 })
    // As if the program had died before it could note what the PACS had confirmed.
    await sql`drop trigger report_sent_no_delete`.execute(program.db)
    await sql`delete from report_sent`.execute(program.db)
    const second = await program.get<{ jobId: string }>('lead', 'pacs.send', request)
    expect((await ended(second.jobId)).state).toBe('done')
    expect((await pacs.instances()).map(({ id }) => id)).toEqual(after.map(({ id }) => id))
  })

  it('says of each scan why no report went out, and sends the others', async () => {
    const set = await program.get<{ id: string }>('lead', 'labels.freeze', {
      studyId,
      name: 'Second',
      rule: 'rounded-mean',
    })
    await sql`drop trigger scan_origin_no_update`.execute(program.db)
    const [first, second] = await scans()
    const set_ = (scanId: string) => program.db.updateTable('scan_origin').where('scan_id', '=', scanId)
    await set_(first!.id).set({ series_digest: 'of another' }).execute()
    await program.db.updateTable('patient').set({ source_digest: 'x' }).where('id', '=', second!.patient_id).execute()
    const request = { pacsId, labelSetId: set.id, kinds: ['grade'] }
    const { jobId } = await program.get<{ jobId: string }>('lead', 'pacs.send', request)
    expect((await ended(jobId)).state).toBe('done')
    expect(await program.get('lead', 'pacs.sent', { jobId })).toMatchObject({
      ...{ sent: 1, failed: 2 },
      rows: [{ code: 'pacs-not-found-again' }, { code: 'pacs-patient-changed' }, { code: null, sent: ['grade'] }],
    })
    expect(await program.get('lead', 'pacs.plan', request)).toMatchObject({ reports: 2, sentBefore: 1 })
  })

  it('records who set up, searched and sent, and names no patient in anything it wrote', async () => {
    const acts = await program.db
      .selectFrom('audit')
      .select(['act', 'account_id'])
      .where('act', 'like', 'pacs.%')
      .execute()
    expect(new Set(acts.map(({ act }) => act))).toEqual(new Set(['pacs.set', 'pacs.searched', 'pacs.report-sent']))
    expect(acts.filter(({ act }) => act === 'pacs.report-sent').every((a) => a.account_id === lead.accountId)).toBe(
      true,
    )
    await program.get('admin', 'backups.make')
    await sql`vacuum`.execute(program.db)
    const written = filesBelow(program.folders.root)
    expect(written.some((file) => file.endsWith('concord.db'))).toBe(true)
    for (const file of written) {
      const bytes = readFileSync(file)
      for (const secret of secrets) expect(bytes.includes(secret), `${secret} in ${file}`).toBe(false)
    }
    for (const line of [...program.log, ...program.events.map(({ payload }) => JSON.stringify(payload))])
      for (const secret of secrets) expect(line).not.toContain(secret)
  })
})
const password = 'correct horse battery'
