import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Session } from '../../../src/preload/contract/accounts.ts'
import { readPart } from '../../../src/main/imaging/cache.ts'
import { writeDiscs } from '../../fixtures/discs.ts'
import { startProgram, type Program } from '../../fixtures/program.ts'

let program: Program
let lead: Session
let other: Session
let studyId: string
const folder = mkdtempSync(join(tmpdir(), 'concord-quick-look-'))
const data = mkdtempSync(join(tmpdir(), 'concord-quick-look-data-'))

beforeAll(async () => {
  await writeDiscs(folder, 2)
  program = await startProgram(data)
  lead = await program.person('lead', 'lead')
  other = await program.person('other', 'lead')
  const study = { title: 'Motion', template: 'hrpqct-motion', readersPerScan: 1 }
  studyId = (await program.get<{ id: string }>('lead', 'studies.create', study)).id
})
afterAll(async () => {
  await program.close()
  for (const one of [folder, data]) rmSync(one, { recursive: true, force: true })
})

async function look(): Promise<string> {
  const { previewId, ended } = await program.services.scans.preview(lead, { studyId, paths: [folder] })
  await ended
  return previewId
}
const staged = (previewId: string) => join(data, 'staging', previewId)

describe('what a preview found', () => {
  it('can be looked at by who made it, and by nobody else', async () => {
    const previewId = await look()
    const path = await program.services.scans.volumeFor(lead, `${previewId}~0`)
    expect((await readPart(path, 'middle')).length).toBeGreaterThan(64 * 64)
    await expect(program.services.scans.volumeFor(other, `${previewId}~0`)).rejects.toMatchObject({
      code: 'preview-unknown',
    })
    for (const name of [`${previewId}~7`, `${previewId}~`, `${previewId}~-1`, `${previewId}~../x`])
      await expect(program.services.scans.volumeFor(lead, name)).rejects.toMatchObject({ code: 'scan-unknown' })
    await expect(program.services.scans.volumeFor(lead, `~0`)).rejects.toMatchObject({ code: 'preview-unknown' })
    await expect(program.services.scans.discard(other, previewId)).rejects.toMatchObject({ code: 'preview-unknown' })
  })

  it('is gone from the disk when it is discarded', async () => {
    const previewId = await look()
    expect(readdirSync(staged(previewId)).length).toBeGreaterThan(0)
    await program.get('lead', 'scans.discard', { previewId })
    expect(existsSync(staged(previewId))).toBe(false)
    expect(readdirSync(join(data, 'volumes'))).toEqual([])
    await expect(program.services.scans.volumeFor(lead, `${previewId}~0`)).rejects.toMatchObject({
      code: 'preview-unknown',
    })
    expect(await program.ask('lead', 'scans.discard', { previewId })).toMatchObject({
      error: { code: 'preview-unknown' },
    })
  })

  it('is let go while it is read, and kept while it is imported', async () => {
    const reading = await program.services.scans.preview(lead, { studyId, paths: [folder] })
    await program.services.scans.discard(lead, reading.previewId)
    await reading.ended
    await expect(program.services.scans.volumeFor(lead, `${reading.previewId}~0`)).rejects.toMatchObject({
      code: 'preview-unknown',
    })
    const previewId = await look()
    const importing = await program.services.scans.import(lead, {
      ...{ previewId, accept: [0, 1], purpose: 'unread', unnamed: 'each', defaults: { site: 'tibia', side: 'left' } },
    })
    const refused = await program.services.scans.discard(lead, previewId).then(
      () => null,
      (error: unknown) => error,
    )
    expect(refused).toMatchObject({ code: 'preview-busy' })
    await importing.ended
    expect(readdirSync(join(data, 'volumes'))).toHaveLength(2)
  })
})
