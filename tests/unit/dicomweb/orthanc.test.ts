import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient, type Client } from '../../../src/main/dicomweb/client.ts'
import { searchStudies, seriesOf, type Criteria } from '../../../src/main/dicomweb/query.ts'
import { retrieveSeries } from '../../../src/main/dicomweb/retrieve.ts'
import { writeDicomSeries } from '../../../src/main/imaging/writers/dicom.ts'
import { noOrthanc, startOrthanc, type Orthanc } from '../../fixtures/pacs/orthanc.ts'

const any: Criteria = { patientId: '', patientName: '', from: null, to: null, modality: '', description: '' }
let pacs: Orthanc
let client: Client
let folder: string

describe.skipIf(noOrthanc)(`a real PACS${noOrthanc ? ` (skipped: ${noOrthanc})` : ''}`, () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'concord-dicomweb-'))
    pacs = await startOrthanc()
    for (const [index, name] of ['Müller^Anna', 'Zyx^Quirin', 'Weiß^Bo'].entries()) {
      const own = join(folder, `up-${index}`)
      await writeDicomSeries(own, {
        ...{
          dims: [16, 16, 5],
          spacing: [0.082, 0.082, 0.082],
          slope: 1,
          intercept: 0,
          bodyPart: index ? 'TIBIA' : 'RADIUS',
        },
        ...{ voxels: Int16Array.from({ length: 1280 }, (_, i) => i * (index + 1)), description: `Scan ${index}` },
        ...{ patientId: `MRN-${index}`, patientName: name, studyDate: new Date(Date.UTC(2024, index, 15)) },
      })
      await pacs.upload(readdirSync(own).map((file) => readFileSync(join(own, file))))
    }
    const { url, user, password } = pacs
    client = createClient({ url, ca: null, plain: false }, { kind: 'basic', user, password })
  })
  afterAll(async () => {
    client?.close()
    await pacs?.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const found = async (some: Partial<Criteria>, page = { offset: 0, limit: 10 }) =>
    (await searchStudies(client, { ...any, ...some }, page)).map((study) => study.patientId).sort()

  it('finds studies by number, name, date, modality; page by page', async () => {
    expect(await found({})).toEqual(['MRN-0', 'MRN-1', 'MRN-2'])
    expect(await found({ patientId: 'MRN-1' })).toEqual(['MRN-1'])
    expect(await found({ patientName: 'anna' })).toEqual(['MRN-0'])
    expect(await found({ patientName: 'Wei*' })).toEqual(['MRN-2'])
    expect(await found({ from: '2024-02-01', to: '2024-02-29' })).toEqual(['MRN-1'])
    expect(await found({ from: '2024-02-01' })).toEqual(['MRN-1', 'MRN-2'])
    expect(await found({ to: '2024-01-15' })).toEqual(['MRN-0'])
    expect(await found({ modality: 'ct' })).toEqual(['MRN-0', 'MRN-1', 'MRN-2'])
    expect(await found({ modality: 'MR' })).toEqual([])
    const pages = [0, 1, 2, 3].map((offset) => searchStudies(client, any, { offset, limit: 1 }))
    const seen = (await Promise.all(pages)).map((page) => page.map((study) => study.patientId))
    expect(seen.flat().sort()).toEqual(['MRN-0', 'MRN-1', 'MRN-2'])
    expect(seen[3]).toEqual([])
  })

  it('says what the studies and their series are', async () => {
    const [study] = await searchStudies(client, { ...any, patientId: 'MRN-0' }, { offset: 0, limit: 10 })
    expect(study).toMatchObject({
      patientName: 'Müller Anna',
      date: '2024-01-15',
      modalities: ['CT'],
      series: 1,
      instances: 5,
    })
    const [series] = await seriesOf(client, study!.uid, '')
    expect(series).toMatchObject({ modality: 'CT', description: 'Scan 0', bodyPart: 'RADIUS', instances: 5 })
    expect(await seriesOf(client, study!.uid, 'radius')).toHaveLength(1)
    expect(await seriesOf(client, study!.uid, 'SKULL')).toEqual([])
  })

  it('gives a series as it was stored, byte for byte, and only what is missing the second time', async () => {
    const [study] = await searchStudies(client, { ...any, patientId: 'MRN-2' }, { offset: 0, limit: 10 })
    const [series] = await seriesOf(client, study!.uid, '')
    const into = join(folder, 'down')
    const wanted = { studyUid: study!.uid, seriesUid: series!.uid, instances: series!.instances }
    expect(await retrieveSeries(client, wanted, into, {})).toBe(5)
    const bytes = (from: string) =>
      readdirSync(from)
        .map((file) => readFileSync(join(from, file)).toString('base64'))
        .sort()
    expect(bytes(into)).toEqual(bytes(join(folder, 'up-2')))
    const [first] = readdirSync(into)
    rmSync(join(into, first!))
    const seen: number[] = []
    await retrieveSeries(client, wanted, into, { onProgress: (done) => seen.push(done) })
    expect(seen).toEqual([4, 5])
    expect(bytes(into)).toEqual(bytes(join(folder, 'up-2')))
  })

  it('refuses a wrong password', async () => {
    const wrong = createClient(
      { url: pacs.url, ca: null, plain: false },
      { kind: 'basic', user: pacs.user, password: 'not it' },
    )
    await expect(searchStudies(wrong, any, { offset: 0, limit: 1 })).rejects.toMatchObject({ code: 'pacs-credential' })
    wrong.close()
  })
})
