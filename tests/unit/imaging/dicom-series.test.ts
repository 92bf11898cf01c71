import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeDicomSeries } from '../../../src/main/imaging/writers/dicom.ts'
import { ctSlice, dicomFile } from '../../fixtures/imaging/dicom.ts'
import { randomWholes, temporaryFolder } from '../../fixtures/imaging/folder.ts'
import { readAll, readOne, valuesOf } from '../../fixtures/imaging/read.ts'

const [rows, columns] = [4, 5]
const slice = (seed: number) => randomWholes(rows * columns, -2048, 2047, seed)

/** Writes slices at the given places; names run against the places, so that order comes from the positions. */
function writeSlices(
  folder: string,
  zs: number[],
  more: (z: number) => Record<string, unknown> = () => ({}),
  prefix = 'a',
): void {
  zs.forEach((z, i) => {
    const pixels = new Uint8Array(Int16Array.from(slice(Math.round(z * 10) + 1)).buffer)
    const attributes = { ...ctSlice(rows, columns, z), ...more(z) }
    writeFileSync(join(folder, `${prefix}${zs.length - i}.dcm`), dicomFile({ attributes, pixels }))
  })
}
const expected = (zs: number[]) => zs.flatMap((z) => slice(Math.round(z * 10) + 1))

describe('a DICOM series', () => {
  it('is sorted along its normal', async () => {
    const folder = temporaryFolder()
    writeSlices(folder, [0.5, 0, 1.5, 1])
    const volume = await readOne(folder)
    expect(volume).toMatchObject({
      dims: [columns, rows, 4],
      spacing: [0.3, 0.4, 0.5],
      origin: [-10, -20, 0],
      warnings: [],
    })
    expect([...volume.voxels]).toEqual(expected([0, 0.5, 1, 1.5]))
  })

  it('seen from the side has its normal as third axis', async () => {
    const folder = temporaryFolder()
    const sagittal = (z: number) => ({
      ImageOrientationPatient: ['0', '1', '0', '0', '0', '-1'],
      ImagePositionPatient: [String(-z), '-20', '30'],
    })
    writeSlices(folder, [0, 0.5, 1], sagittal)
    const volume = await readOne(folder)
    // Columns of the direction: (0,1,0), (0,0,-1) and their cross product (-1,0,0).
    expect(volume.direction).toEqual([0, 0, -1, 1, 0, 0, 0, -1, 0])
    expect(volume.origin).toEqual([0, -20, 30])
    expect([...volume.voxels]).toEqual(expected([0, 0.5, 1]))
  })

  it('with a missing slice is read with a warning and the true spacing', async () => {
    const folder = temporaryFolder()
    writeSlices(folder, [0, 0.5, 1.5, 2, 2.5])
    const volume = await readOne(folder)
    expect(volume.warnings).toEqual(['1 slice is missing (after slice 2).'])
    expect(volume.spacing).toEqual([0.3, 0.4, 0.5])
  })

  it('with uneven steps, a tilt or doubles is read with a warning', async () => {
    const uneven = temporaryFolder()
    writeSlices(uneven, [0, 0.5, 1.1, 1.6])
    expect((await readOne(uneven)).warnings.join()).toContain('uneven')
    const tilted = temporaryFolder()
    writeSlices(tilted, [0, 0.5, 1], (z) => ({ ImagePositionPatient: ['-10', String(-20 + z * 0.2), String(z)] }))
    expect((await readOne(tilted)).warnings.join()).toContain('tilted by 11.3 degrees')
    const doubled = temporaryFolder()
    writeSlices(doubled, [0, 0.5, 1])
    writeSlices(doubled, [0.5], () => ({ SOPInstanceUID: '2.25.99' }), 'copy')
    const volume = await readOne(doubled)
    expect(volume.dims[2]).toBe(3)
    expect(volume.warnings.join()).toContain('left out')
  })

  it('comes apart from the others in its folder, by series and by geometry', async () => {
    const folder = temporaryFolder()
    writeSlices(folder, [0, 0.5, 1], () => ({}), 'a')
    writeSlices(folder, [0, 0.5], () => ({ SeriesInstanceUID: '2.25.77' }), 'b')
    const localizer = { ImageOrientationPatient: ['1', '0', '0', '0', '0', '-1'] }
    writeSlices(folder, [3], () => localizer, 'c')
    const volumes = await readAll(folder)
    expect(volumes.map((v) => [v.meta.seriesInstanceUID, v.dims[2]]).sort()).toEqual([
      ['2.25.2', 1],
      ['2.25.2', 3],
      ['2.25.77', 2],
    ])
  })

  it('whose rescale differs between slices keeps values', async () => {
    const folder = temporaryFolder()
    writeSlices(folder, [0, 0.5], (z) => ({ RescaleSlope: z === 0 ? '2' : '3', RescaleIntercept: '1' }))
    const volume = await readOne(folder)
    expect(valuesOf(volume)).toEqual([...expected([0]).map((v) => v * 2 + 1), ...expected([0.5]).map((v) => v * 3 + 1)])
    expect(volume.warnings.join()).toContain('rescale differs')
  })

  it('written by our writer is read back, the same for the same content', async () => {
    const voxels = Int16Array.from(randomWholes(5 * 4 * 3, -32768, 32767))
    const content = {
      ...{ dims: [5, 4, 3] as [number, number, number], spacing: [0.0607, 0.0607, 0.0607] as [number, number, number] },
      ...{
        voxels,
        slope: 0.195742,
        intercept: -391.209,
        unit: 'mgHA/cm3',
        patientId: 'PH-1',
        patientName: 'Phantom^1',
      },
      ...{
        studyDate: new Date('2026-03-04T05:06:07Z'),
        bodyPart: 'radius',
        laterality: 'right' as const,
        description: 'x',
      },
    }
    const [a, b] = [temporaryFolder(), temporaryFolder()]
    await writeDicomSeries(a, content)
    await writeDicomSeries(b, content)
    const volume = await readOne(a)
    expect(volume.voxels).toEqual(voxels)
    expect(volume).toMatchObject({ slope: 0.195742, intercept: -391.209, unit: 'mgHA/cm3', warnings: [] })
    expect(volume.spacing?.map((mm) => Number(mm.toFixed(10)))).toEqual([0.0607, 0.0607, 0.0607])
    expect(volume.meta).toMatchObject({ patientId: 'PH-1', site: 'radius', side: 'right', studyDate: '2026-03-04' })
    expect(volume.meta.seriesInstanceUID).toMatch(/^2\.25\.\d{30,39}$/)
    expect((await readOne(b)).meta).toEqual(volume.meta)
  })
})
