import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Session } from '../../../src/preload/contract/accounts.ts'
import type { Scan } from '../../../src/preload/contract/scans.ts'
import { ctSlice, dicomFile } from '../../fixtures/imaging/dicom.ts'
import { niftiFile } from '../../fixtures/imaging/nifti.ts'
import { startProgram, type Program } from '../../fixtures/program.ts'

let program: Program
let lead: Session
let folder: string

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'concord-doubtful-'))
  program = await startProgram()
  lead = await program.person('lead', 'lead')
})
afterEach(async () => {
  await program.close()
  rmSync(folder, { recursive: true, force: true })
})

function series(name: string, positions: readonly (readonly [y: number, z: number])[]): void {
  mkdirSync(join(folder, name))
  positions.forEach(([y, z], i) => {
    const pixels = new Uint8Array(Int16Array.from({ length: 20 }, (_, k) => k * (i + 1) + name.length).buffer)
    const attributes = {
      ...ctSlice(4, 5, z),
      ...{ ImagePositionPatient: ['-10', String(y), String(z)], SeriesInstanceUID: `2.25.${name.length}` },
    }
    writeFileSync(join(folder, name, `${i}.dcm`), dicomFile({ attributes, pixels }))
  })
}
function nifti(name: string, first: number): void {
  const bytes = new Uint8Array(Float32Array.from({ length: 18 }, (_, i) => (i === 0 ? first : i)).buffer)
  writeFileSync(join(folder, name), niftiFile({ dims: [3, 3, 2], spacing: [1, 1, 1], type: 16, bits: 32, bytes }))
}

it('asks before it takes in what may not be what it looks like, and the warning stays with the scan', async () => {
  series(
    'whole',
    [0, 0.5, 1].map((z) => [-20, z]),
  )
  series(
    'missing-one',
    [0, 0.5, 1.5, 2, 2.5].map((z) => [-20, z]),
  )
  series(
    'uneven-step',
    [0, 0.5, 1.1, 1.6].map((z) => [-20, z]),
  )
  series(
    'tilted-slices',
    [0, 0.5, 1].map((z) => [-20 + z * 0.2, z]),
  )
  nifti('numbers.nii', 7)
  nifti('not-numbers.nii', NaN)
  const request = { title: 'Import', template: 'hrpqct-motion', readersPerScan: 1 }
  const { id: studyId } = await program.get<{ id: string }>('lead', 'studies.create', request)
  const { previewId, ended } = await program.services.scans.preview(lead, { studyId, paths: [folder] })
  await ended
  const { found } = program.services.scans.previewResult(lead, previewId)
  const doubtful = Object.fromEntries(found.map((one) => [one.name, one.doubtful]))
  expect(doubtful).toEqual({
    ...{ whole: false, 'numbers.nii': false },
    ...{ 'missing-one': true, 'uneven-step': true, 'tilted-slices': true, 'not-numbers.nii': true },
  })
  const taken = await program.services.scans.import(lead, {
    ...{ previewId, accept: found.map((one) => one.index), purpose: 'reading', unnamed: 'each' },
    defaults: { site: 'tibia', side: 'left' },
  })
  await taken.ended
  const scans = await program.get<Scan[]>('lead', 'scans.list', { studyId })
  const kept = scans.flatMap((scan) => scan.warnings)
  for (const warning of ['1 slice is missing (after slice 2)', 'uneven', 'tilted by 11.3 degrees', 'not numbers'])
    expect(kept.filter((one) => one.includes(warning))).toHaveLength(1)
})
