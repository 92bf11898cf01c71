import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Session } from '../../../src/preload/contract/accounts.ts'
import { importAll, startProgram, type Program } from '../../fixtures/program.ts'
import { niftiInt16 } from '../../fixtures/imaging/nifti.ts'

let program: Program
let lead: Session
let studyId: string
let folder: string

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'concord-resume-'))
  program = await startProgram()
  lead = await program.person('lead', 'lead')
  const request = { title: 'Import', template: 'hrpqct-motion', readersPerScan: 1 }
  studyId = (await program.get<{ id: string }>('lead', 'studies.create', request)).id
})
afterEach(async () => {
  await program.close()
  rmSync(folder, { recursive: true, force: true })
})

function write(from: number, to: number): void {
  for (let n = from; n < to; n++) {
    const values = Array.from({ length: 4 * 4 * 2 }, (_, i) => i * n)
    writeFileSync(join(folder, `scan-${n}.nii`), niftiInt16([4, 4, 2], [1, 1, 1], values))
  }
}
const options = { purpose: 'reading', defaults: { site: 'tibia', side: 'unknown' }, unnamed: 'each' } as const
async function look() {
  const { previewId, ended } = await program.services.scans.preview(lead, { studyId, paths: [folder] })
  await ended
  return { previewId, found: program.services.scans.previewResult(lead, previewId).found }
}
const names = async () =>
  (await program.db.selectFrom('scan').select('pseudonym').orderBy('pseudonym').execute()).map((row) => row.pseudonym)
const expected = (count: number) => Array.from({ length: count }, (_, i) => `P${String(i + 1).padStart(4, '0')}-1`)

describe('an import that was stopped', () => {
  it('keeps what was taken in, and goes on with the same preview: nothing is missing, nothing is there twice', async () => {
    write(1, 241)
    const { previewId, found } = await look()
    const accept = found.map((row) => row.index)
    const first = await program.services.scans.import(lead, { previewId, accept, ...options })
    // Between two transactions, wherever that is.
    while ((await names()).length === 0) await new Promise((resume) => setTimeout(resume, 1))
    program.services.jobs.cancel(first.jobId)
    await first.ended
    const taken = (await names()).length
    expect(taken).toBeLessThan(240)
    const again = await program.services.scans.import(lead, { previewId, accept, ...options })
    await again.ended
    expect(await names()).toEqual(expected(240))
  })

  it('is found again by a new look, which does not decode what it knows', async () => {
    write(1, 4)
    await importAll(program, lead, studyId, [folder], 'reading')
    write(4, 5)
    const changed = join(folder, 'scan-2.nii')
    utimesSync(changed, new Date(0), new Date(0))
    const { found } = await look()
    const of = (n: number) => found.find((row) => row.name === `scan-${n}.nii`)!
    // Known by place, size and time: its size in voxels was not looked at.
    expect(of(1)).toMatchObject({ status: 'duplicate', code: 'scan-duplicate', dims: null })
    expect(of(1).reason).toBe('The same pictures as P0001-1.')
    expect(of(2)).toMatchObject({ status: 'duplicate', dims: [4, 4, 2] })
    expect(of(4)).toMatchObject({ status: 'new', dims: [4, 4, 2] })
    // What is kept for it names no file.
    const kept = join(program.folders.root, 'sources')
    const text = readdirSync(kept)
      .map((name) => readFileSync(join(kept, name), 'utf8'))
      .join('')
    expect(text).toMatch(/^([0-9a-f]{64} [0-9a-f]{64}\n){3}$/)
  })

  it('leaves the originals as they were, to the byte and the time', async () => {
    write(1, 4)
    const state = () =>
      readdirSync(folder).map((name) => {
        const path = join(folder, name)
        return [name, createHash('sha256').update(readFileSync(path)).digest('hex'), statSync(path).mtimeMs]
      })
    const before = state()
    await importAll(program, lead, studyId, [folder], 'reading')
    expect(await names()).toHaveLength(3)
    expect(state()).toEqual(before)
  })
})
