import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeDicomSeries } from '../../../src/main/imaging/writers/dicom.ts'
import { writeIsq } from '../../../src/main/imaging/writers/isq.ts'
import type { Session } from '../../../src/preload/contract/accounts.ts'
import type { Found } from '../../../src/preload/contract/scans.ts'
import { importAll, startProgram, type Program } from '../../fixtures/program.ts'
import { niftiInt16 } from '../../fixtures/imaging/nifti.ts'

let program: Program
let lead: Session
let studyId: string
let folder: string

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'concord-import-'))
  program = await startProgram()
  lead = await program.person('lead', 'lead')
  const study = await program.get<{ id: string }>('lead', 'studies.create', {
    title: 'Import',
    template: 'hrpqct-motion',
    readersPerScan: 1,
  })
  studyId = study.id
})
afterEach(async () => {
  await program.close()
  rmSync(folder, { recursive: true, force: true })
})

const voxels = (seed: number): Int16Array => Int16Array.from({ length: 8 * 8 * 3 }, (_, i) => (i * seed) % 4000)
const dims: [number, number, number] = [8, 8, 3]
const spacing: [number, number, number] = [0.082, 0.082, 0.082]

async function look(...paths: string[]): Promise<Found[]> {
  const { previewId, ended } = await program.services.scans.preview(lead, { studyId, paths })
  await ended
  return program.services.scans.previewResult(lead, previewId).found
}
const rows = () =>
  program.db
    .selectFrom('scan')
    .innerJoin('patient', 'patient.id', 'scan.patient_id')
    .select(['scan.pseudonym as scan', 'patient.pseudonym as patient'])
    .orderBy('scan.pseudonym')
    .execute()

async function isq(name: string, patientIndex: number, seed: number): Promise<void> {
  await writeIsq(join(folder, name), {
    ...{ dims, spacing, voxels: voxels(seed), muScaling: 8192, muWater: 0.24, slope: 1600, intercept: -390 },
    ...{
      patientIndex,
      measurementIndex: seed,
      site: 'tibia',
      side: 'left',
      name: 'Erika Mustermann',
      date: new Date(0),
    },
  })
}

describe('import', () => {
  it('gives one patient one pseudonym, and keeps nothing that names them', async () => {
    await isq('mustermann-1.isq', 7, 3)
    await isq('mustermann-2.isq', 7, 5)
    await isq('other.isq', 8, 9)
    await writeDicomSeries(join(folder, 'series'), {
      ...{
        dims,
        spacing,
        voxels: voxels(11),
        slope: 1,
        intercept: 0,
        patientId: 'HH-4711',
        patientName: 'Mustermann^Erika',
      },
      ...{ studyDate: new Date(0), bodyPart: 'RADIUS', laterality: 'right', description: 'test' },
    })
    await importAll(program, lead, studyId, [folder], 'reading')
    const stored = await rows()
    expect(stored.map((r) => r.scan).sort()).toEqual(['P0001-1', 'P0001-2', 'P0002-1', 'P0003-1'])
    await program.services.jobs.stopAll()
    for (const file of ['concord.db', 'concord.db-wal']) {
      const bytes = readFileSync(join(program.folders.root, file))
      for (const identity of ['Mustermann', 'mustermann', 'Erika', 'HH-4711'])
        expect(bytes.includes(identity)).toBe(false)
    }
  })

  it('finds a scan that is there already by its content, under any name', async () => {
    await isq('a.isq', 1, 3)
    await importAll(program, lead, studyId, [folder], 'reading')
    await isq('b.isq', 2, 3)
    const found = await look(folder)
    expect(found.map((f) => [f.status, f.code])).toEqual([
      ['duplicate', 'scan-duplicate'],
      ['duplicate', 'scan-duplicate'],
    ])
    expect(found[0]!.reason).toContain('P0001-1')
  })

  it('refuses bad files beside good ones, and writes nothing before it is told to', async () => {
    await isq('good.isq', 1, 3)
    const whole = readFileSync(join(folder, 'good.isq'))
    writeFileSync(join(folder, 'cut.isq'), whole.subarray(0, whole.length - 20))
    writeFileSync(join(folder, 'empty.dcm'), '')
    const found = await look(folder)
    expect(found.filter((f) => f.status === 'new').map((f) => f.name)).toEqual(['good.isq'])
    const refused = found.filter((f) => f.status === 'refused')
    expect(refused.map((f) => f.code).sort()).toEqual(['file-empty', 'file-truncated'])
    for (const { reason } of refused) expect(reason!.length).toBeGreaterThan(20)
    expect(await rows()).toEqual([])
  })

  it('keeps the scans of one folder together where the files name no patient, if told so', async () => {
    for (const [person, seed] of [
      ['one', 3],
      ['one', 5],
      ['two', 7],
    ] as const) {
      mkdirSync(join(folder, person), { recursive: true })
      writeFileSync(join(folder, person, `scan-${seed}.nii`), niftiInt16(dims, spacing, [...voxels(seed)]))
    }
    const { previewId, ended } = await program.services.scans.preview(lead, { studyId, paths: [folder] })
    await ended
    const { found } = program.services.scans.previewResult(lead, previewId)
    expect(found.map((f) => f.namesPatient)).toEqual([false, false, false])
    const taken = await program.services.scans.import(lead, {
      ...{
        previewId,
        accept: [0, 1, 2],
        purpose: 'reading',
        defaults: { site: 'tibia', side: 'left' },
        unnamed: 'folder',
      },
    })
    await taken.ended
    expect((await rows()).map((r) => r.scan)).toEqual(['P0001-1', 'P0001-2', 'P0002-1'])
  })
})
