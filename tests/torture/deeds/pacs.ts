import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pictureProblems } from '../pictures.ts'
import type { Found } from '../../../src/preload/contract/scans.ts'
import type { PacsSeries, PacsStudy } from '../../../src/preload/contract/pacs.ts'
import { writeDicomSeries } from '../../../src/main/imaging/writers/dicom.ts'
import { startOrthanc } from '../../fixtures/pacs/orthanc.ts'
import { startProgram, type Program } from '../../fixtures/program.ts'
import { signIn, type Deed, type Known, type Said, type Say } from '../deed.ts'

export const scans = 3
const dims: [number, number, number] = [24, 24, 6]

/** Series are fetched from a picture archive (a real Orthanc) and imported; after the kill once more. */
export const pacs: Deed = {
  once: true,
  acts: Infinity,
  async prepare(root, after) {
    const { program, known } = await archiveAndStudy(root, after)
    await program.close()
    return known
  },
  async work(program, known, say) {
    await fetchAndImport(program, known, say)
  },
  look: lookAtScans,
}

/** An archive with series, and a study into which none of them was imported. */
export async function archiveAndStudy(root: string, after: Parameters<Deed['prepare']>[1]) {
  const archive = await startOrthanc()
  after(() => archive.close())
  for (let n = 0; n < scans; n++) {
    const own = join(root, `scan-${n}`)
    await writeDicomSeries(own, {
      ...{ dims, spacing: [0.082, 0.082, 0.082], slope: 1, intercept: 0, bodyPart: 'TIBIA', laterality: 'left' },
      ...{ voxels: Int16Array.from({ length: dims[0] * dims[1] * dims[2] }, (_, i) => (i * (n + 3)) % 4001) },
      ...{
        patientId: `P-${n}`,
        patientName: `Name^${n}`,
        studyDate: new Date(2024, n, 15),
        description: `Scan ${n}`,
      },
    })
    await archive.upload(readdirSync(own).map((file) => readFileSync(join(own, file))))
  }
  const program = await startProgram(join(root, 'data'))
  await program.person('lead', 'lead')
  const made = { title: 'From the archive', template: 'hrpqct-motion', readersPerScan: 1 }
  const { id: studyId } = await program.get<{ id: string }>('lead', 'studies.create', made)
  const wanted = { id: null, name: 'Archive', url: archive.url, auth: 'basic', plain: false, credential: null }
  const { id: pacsId } = await program.get<{ id: string }>('admin', 'pacs.save', wanted)
  const { rest, user, password } = archive
  return { program, studyId, known: { studyId, pacsId, rest, user, password } }
}

async function lookAtScans(program: Program, known: Known, said: readonly Said[]): Promise<string[]> {
  const problems: string[] = []
  const listed = said.filter(({ kind, what }) => kind === 'done' && what === 'scan').map(({ value }) => value)
  const rows = () => program.db.selectFrom('scan').select(['id', 'content_sha256']).execute()
  const before = await rows()
  for (const id of listed) if (!before.some((row) => row.id === id)) problems.push(`the scan ${id} is missing`)
  const staging = join(program.folders.root, 'staging')
  if (existsSync(staging) && readdirSync(staging).length > 0) problems.push('staging is not empty')
  const running = await program.db.selectFrom('job').select('id').where('state', 'in', ['running', 'queued']).execute()
  if (running.length > 0) problems.push('a job is still running')
  await fetchAndImport(program, known, () => undefined)
  const all = await rows()
  if (all.length !== scans || new Set(all.map((row) => row.content_sha256)).size !== scans)
    problems.push(`${all.length} scans after importing again`)
  for (const row of before) if (!all.some(({ id }) => id === row.id)) problems.push(`the scan ${row.id} went`)
  for (const { content_sha256 } of all) problems.push(...(await pictureProblems(program, content_sha256)))
  const volumes = readdirSync(program.folders.volumes)
  if (volumes.length !== scans) problems.push(`volumes: ${volumes.join(' ')}`)
  return problems
}

/** As the page does: search, list the series, fetch them, import what is new. */
export async function fetchAndImport(program: Program, known: Known, say: Say): Promise<void> {
  const { studyId, pacsId, user, password } = known as Record<string, string> & { studyId: string; pacsId: string }
  const lead = await signIn(program, 'lead')
  await program.get('lead', 'pacs.giveCredential', { pacsId, credential: { kind: 'basic', user, password } })
  say('asked', 'fetch', scans)
  const { studies } = await program.get<{ studies: PacsStudy[] }>('lead', 'pacs.search', {
    ...{ pacsId, criteria: {}, offset: 0 },
  })
  const lists = await Promise.all(
    studies.map(({ uid }) => program.get<PacsSeries[]>('lead', 'pacs.series', { pacsId, studyId, studyUid: uid })),
  )
  const series = lists.flat().map(({ studyUid, uid, instances, description }) => ({
    ...{ studyUid, uid, instances, label: description },
  }))
  const fetched = await program.services.pacs.retrieve(lead, { pacsId, studyId, series, previewId: null })
  await fetched.ended
  say('done', 'fetch', scans)
  const { previewId } = fetched
  const { found } = await program.get<{ found: Found[] }>('lead', 'scans.previewResult', { previewId })
  const accept = found.filter(({ status }) => status === 'new').map(({ index }) => index)
  if (found.length !== scans || found.some(({ status }) => status === 'refused'))
    throw new Error(`found: ${JSON.stringify(found)}`)
  if (accept.length === 0) return
  say('asked', 'import', accept.length)
  const taken = await program.services.scans.import(lead, {
    ...{ previewId, accept, purpose: 'reading', unnamed: 'each', defaults: { site: 'other', side: 'unknown' } },
  })
  await taken.ended
  for (const { id } of await program.get<{ id: string }[]>('lead', 'scans.list', { studyId })) say('done', 'scan', id)
  say('done', 'import', accept.length)
}
