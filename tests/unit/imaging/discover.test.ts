import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { discover } from '../../../src/main/imaging/discover.ts'
import { ctSlice, dicomFile } from '../../fixtures/imaging/dicom.ts'
import { temporaryFolder } from '../../fixtures/imaging/folder.ts'
import { niftiInt16 } from '../../fixtures/imaging/nifti.ts'

const nifti = niftiInt16([5, 4, 3], [1, 1, 1], Array<number>(60).fill(1))

describe('discovery', () => {
  it('finds what lies in folders below, in natural order, and says what it refuses', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'b', 'c'), { recursive: true })
    writeFileSync(join(folder, 'scan-10.nii'), nifti)
    writeFileSync(join(folder, 'scan-9.nii'), nifti)
    writeFileSync(join(folder, 'b', 'c', 'deep.nii'), nifti)
    writeFileSync(join(folder, 'b', 'empty.dcm'), '')
    writeFileSync(join(folder, 'notes.txt'), 'nothing')
    writeFileSync(join(folder, '.DS_Store'), 'hidden')
    const { sources, refused } = await discover([folder])
    expect(sources.map((s) => s.label)).toEqual(['deep.nii', 'scan-9.nii', 'scan-10.nii'])
    expect(refused.map((r) => [r.path.slice(folder.length + 1), r.error.code])).toEqual([
      [join('b', 'empty.dcm'), 'file-empty'],
      ['notes.txt', 'format-unknown'],
    ])
  })

  it('does not follow links out of the folder', async () => {
    const [folder, elsewhere] = [temporaryFolder(), temporaryFolder()]
    writeFileSync(join(elsewhere, 'secret.nii'), nifti)
    symlinkSync(elsewhere, join(folder, 'link'))
    symlinkSync(join(elsewhere, 'secret.nii'), join(folder, 'secret.nii'))
    symlinkSync(folder, join(folder, 'loop'))
    expect(await discover([folder])).toEqual({ sources: [], refused: [] })
  })

  it('passes over a DICOMDIR and the raw file of a header', async () => {
    const folder = temporaryFolder()
    const attributes = { SOPClassUID: '1.2.840.10008.1.3.10', SOPInstanceUID: '2.25.8' }
    writeFileSync(join(folder, 'DICOMDIR'), dicomFile({ attributes, pixels: null }))
    writeFileSync(
      join(folder, 'a.mhd'),
      'NDims = 3\nDimSize = 2 2 2\nElementType = MET_UCHAR\nElementDataFile = a.raw\n',
    )
    writeFileSync(join(folder, 'a.raw'), new Uint8Array(8))
    const { sources, refused } = await discover([folder])
    expect(sources.map((s) => s.format)).toEqual(['mha'])
    expect(refused).toEqual([])
    const asked = await discover([join(folder, 'DICOMDIR')])
    expect(asked.refused.map((r) => r.error.code)).toEqual(['format-refused'])
  })

  it('goes through 10,000 files, telling how far it is and letting others work in between', async () => {
    const folder = temporaryFolder()
    const file = dicomFile({ attributes: ctSlice(2, 2, 0), pixels: new Uint8Array(8) })
    const at = file.indexOf('2.25.2', 0, 'latin1')
    for (let series = 0; series < 100; series++) {
      mkdirSync(join(folder, String(series)))
      file.write(`2.25.${series % 10}`, at, 'latin1')
      for (let i = 0; i < 100; i++) writeFileSync(join(folder, String(series), `${i}.dcm`), file)
    }
    const seen: number[] = []
    let turns = 0
    const timer = setInterval(() => turns++, 1)
    const { sources, refused } = await discover([folder], (files) => seen.push(files))
    clearInterval(timer)
    expect(refused).toEqual([])
    expect(sources).toHaveLength(100)
    expect(sources.every((s) => s.files.length === 100)).toBe(true)
    expect(seen.length).toBeGreaterThan(200)
    expect(seen.at(-1)).toBe(10_000)
    expect(turns).toBeGreaterThan(50)
  })
})
