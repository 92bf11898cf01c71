import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { pacsCommand } from '../../../src/main/cli/pacs.ts'
import { writeDicomSeries } from '../../../src/main/imaging/writers/dicom.ts'
import { noOrthanc, startOrthanc, type Orthanc } from '../../fixtures/pacs/orthanc.ts'
import { startProgram } from '../../fixtures/program.ts'

let folder: string
let pacs: Orthanc

async function run(...args: string[]): Promise<{ code: number; lines: Record<string, unknown>[]; told: string }> {
  const lines: Record<string, unknown>[] = []
  let told = ''
  const io = {
    out: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>),
    err: (line: string) => void (told += `${line}\n`),
  }
  const code = await pacsCommand([...args, '--data', join(folder, 'data')], io)
  return { code, lines, told }
}

describe.skipIf(noOrthanc)(`concord pacs${noOrthanc ? ` (skipped: ${noOrthanc})` : ''}`, () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'concord-pacs-cli-'))
    pacs = await startOrthanc()
    for (const index of [0, 1]) {
      const own = join(folder, `scan-${index}`)
      await writeDicomSeries(own, {
        ...{ dims: [16, 16, 3], spacing: [0.1, 0.1, 0.1], slope: 1, intercept: 0, bodyPart: 'RADIUS' },
        ...{ voxels: Int16Array.from({ length: 768 }, (_, i) => i * (index + 1)), patientName: `Name${index}` },
        ...{ patientId: `ID-${index}`, studyDate: new Date(2024, index, 15), description: `Scan ${index}` },
      })
      await pacs.upload(readdirSync(own).map((file) => readFileSync(join(own, file))))
    }
    const program = await startProgram(join(folder, 'data'))
    await program.person('lead', 'lead')
    await program.get('lead', 'studies.create', { title: 'S', template: 'hrpqct-motion', readersPerScan: 1 })
    await program.close()
    vi.stubEnv('CONCORD_PASSWORD', 'correct horse battery')
    vi.stubEnv('CONCORD_PACS_USER', pacs.user)
    vi.stubEnv('CONCORD_PACS_PASSWORD', pacs.password)
  })
  afterAll(async () => {
    vi.unstubAllEnvs()
    await pacs?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('sets an archive up, searches it, imports once and goes on', async () => {
    const added = await run('add', 'Archive', '--url', pacs.url, '--as', 'admin')
    expect(added.lines).toMatchObject([{ name: 'Archive', auth: 'basic' }])
    await expect(run('search', 'Archive', '--as', 'admin')).rejects.toMatchObject({ code: 'not-allowed' })
    await expect(run('search', 'Another', '--as', 'lead')).rejects.toMatchObject({ code: 'pacs-unknown' })
    await expect(run('search', 'Archive', '--from', 'May', '--as', 'lead')).rejects.toMatchObject({
      code: 'bad-option',
    })
    const found = await run('search', 'Archive', '--body-part', 'radius', '--series', '--as', 'lead')
    expect(found.lines.map(({ patientId }) => patientId).sort()).toEqual(['ID-0', 'ID-1'])
    expect(found.lines[0]).toMatchObject({ seriesList: [{ modality: 'CT', instances: 3 }] })
    const one = await run('import', 'Archive', 'S', '--patient-id', 'ID-0', '--as', 'lead')
    expect(one).toMatchObject({ code: 0, lines: [{ studies: 1, series: 1, imported: 1, duplicates: 0, refused: 0 }] })
    const both = await run('import', 'Archive', 'S', '--as', 'lead')
    expect(both.lines).toMatchObject([{ studies: 2, series: 2, imported: 1, duplicates: 1, refused: 0 }])
    await expect(run('send', 'Archive', 'S', '--labels', 'None', '--as', 'lead')).rejects.toMatchObject({
      code: 'label-set-unknown',
    })
    await pacs.kill()
    await expect(run('search', 'Archive', '--as', 'lead')).rejects.toMatchObject({ code: 'pacs-unreachable' })
  })
})
