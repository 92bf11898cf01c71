import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeIsq } from '../../../src/main/imaging/writers/isq.ts'
import type { Triple } from '../../../src/main/imaging/volume.ts'
import { randomWholes, temporaryFolder } from '../../fixtures/imaging/folder.ts'
import { codeOf, readBytes, readOne, valuesOf } from '../../fixtures/imaging/read.ts'
import { aimFile, calibrationBlock, isqFile } from '../../fixtures/imaging/scanco.ts'

const dims: Triple = [5, 4, 3]
const microns: Triple = [5 * 61, 4 * 61, 3 * 61]
const voxels = Int16Array.from(randomWholes(60, -32768, 32767))
/** 14 August 2012, 15:42:26.070, as a VMS quadword: 100 ns since 17 November 1858. */
const ticks = BigInt(Date.UTC(2012, 7, 14, 15, 42, 26, 70) - Date.UTC(1858, 10, 17)) * 10000n

describe('Scanco ISQ', () => {
  it('gives density as native / mu_scaling * slope + intercept', async () => {
    const calibration = calibrationBlock(1603.51904, -391.209015)
    const volume = await readBytes(
      temporaryFolder(),
      'C0001234.ISQ',
      isqFile({ dims, microns, voxels, calibration, ticks, muScaling: 8192 }),
    )
    expect(volume).toMatchObject({ format: 'isq', dims, components: 1, unit: 'mgHA/cm3', pixelType: 'int16' })
    expect(volume.spacing).toEqual([0.061, 0.061, 0.061])
    expect(valuesOf(volume)).toEqual([...voxels].map((v) => Math.fround((v / 8192) * 1603.51904 - 391.209015)))
    expect(volume.warnings).toEqual([])
  })

  it('reads date, patient, measurement and site', async () => {
    const bytes = isqFile({ dims, microns, voxels, ticks, site: 21 })
    const { meta } = await readBytes(temporaryFolder(), 'a.isq', bytes)
    expect(meta).toEqual({
      patientName: 'SAMPLE NAME',
      patientId: '1234',
      patientKey: 'scanco:3401:1234',
      studyDate: '2012-08-14T15:42:26.070',
      site: 'radius',
      side: 'right',
      measurement: '5678',
    })
  })

  it('leaves native numbers where there is no calibration, and says so', async () => {
    const volume = await readBytes(temporaryFolder(), 'a.isq', isqFile({ dims, microns, voxels }))
    expect(volume.unit).toBe('raw')
    expect(valuesOf(volume)).toEqual([...voxels])
    expect(volume.warnings.join()).toContain('no density calibration')
  })

  it('refuses projections and radiographs', async () => {
    const folder = temporaryFolder()
    const bytes = isqFile({ dims, microns, voxels })
    expect(await codeOf(readBytes(folder, 'a.RSQ', bytes))).toBe('format-refused')
    expect(await codeOf(readBytes(folder, 'a.rsq;1', bytes))).toBe('format-refused')
    expect(await codeOf(readBytes(folder, 'b.isq', isqFile({ dims, microns, voxels, type: 9 })))).toBe('format-refused')
    expect(await codeOf(readBytes(folder, 'c.dat', isqFile({ dims, microns, voxels, type: 1 })))).toBe('format-refused')
  })

  it('reads back what the writer wrote', async () => {
    const path = join(temporaryFolder(), 'phantom.isq')
    const big: Triple = [100, 90, 3]
    const content = Int16Array.from(randomWholes(27000, -3000, 15000, 2))
    const date = new Date('2026-03-04T05:06:07.890Z')
    const identity = { patientIndex: 17, measurementIndex: 23, site: 'radius', side: 'left', name: 'PHANTOM' } as const
    const scale = { muScaling: 8192, slope: 1603.51904, intercept: -391.209015 }
    await writeIsq(path, { dims: big, spacing: [0.061, 0.061, 0.061], voxels: content, ...scale, ...identity, date })
    const volume = await readOne(path)
    expect(volume.voxels).toEqual(content)
    expect([volume.slope, volume.intercept]).toEqual([1603.51904 / 8192, -391.209015])
    expect(volume.spacing).toEqual([0.061, 0.061, 0.061])
    expect(volume.meta).toMatchObject({ patientId: '17', measurement: '23', site: 'radius', side: 'left' })
    expect(volume.meta.studyDate).toBe('2026-03-04T05:06:07.890')
  })
})

describe('Scanco AIM', () => {
  const log = [
    '! Processing Log',
    'Original Creation-Date               14-AUG-2012 15:42:26.07',
    'Patient Name                         SAMPLE',
    'Index Patient                        1234',
    'Index Measurement                    5678',
    'Scanner ID                           3401',
    'Site                                   38',
    'Mu_Scaling                           8192',
    'Density: unit                        mg HA/ccm',
    'Density: slope                       1603.519',
    'Density: intercept                   -391.209',
  ].join('\n')
  const shorts = Buffer.from(voxels.buffer)

  it.each([
    ['020', false],
    ['030', true],
  ])('reads version %s with its log', async (_version, wide) => {
    const volume = await readBytes(temporaryFolder(), 'a.aim', aimFile(wide, 0x00020002, dims, log, shorts))
    expect(volume).toMatchObject({ format: 'aim', dims, unit: 'mgHA/cm3', spacing: [0.0625, 0.0625, 0.0625] })
    expect(valuesOf(volume)).toEqual([...voxels].map((v) => Math.fround(v * (1603.519 / 8192) - 391.209)))
    expect(volume.meta).toMatchObject({ patientKey: 'scanco:3401:1234', site: 'tibia', side: 'left' })
    expect(volume.meta.studyDate).toBe('2012-08-14T15:42:26.070')
  })

  it('reads char, run-length char and VAX floats', async () => {
    const folder = temporaryFolder()
    const chars = randomWholes(60, -128, 127, 3)
    const plain = await readBytes(
      folder,
      'a.aim',
      aimFile(true, 0x00010001, dims, '', Buffer.from(Int8Array.from(chars))),
    )
    expect([...plain.voxels]).toEqual(chars)
    const runs = Buffer.concat([Buffer.alloc(8), Buffer.from([5, 40, 0xfd, 20])])
    const packed = await readBytes(folder, 'b.aim', aimFile(true, 0x00080002, dims, '', runs))
    expect([...packed.voxels]).toEqual([...Array<number>(40).fill(5), ...Array<number>(20).fill(-3)])
    // 1.0 is 0.1b * 2^1: exponent 129, so the first word is 0x4080; -2.5 is -0.101b * 2^2: 0xc120.
    const floats = Buffer.concat(Array.from({ length: 30 }, () => Buffer.from([0x80, 0x40, 0, 0, 0x20, 0xc1, 0, 0])))
    const vax = await readBytes(folder, 'c.aim', aimFile(true, 0x00040004, dims, '', floats))
    expect([...vax.voxels.subarray(0, 4)]).toEqual([1, -2.5, 1, -2.5])
  })

  it('refuses masks', async () => {
    const mask = aimFile(true, 0x00150001, dims, '', Buffer.alloc(20))
    expect(await codeOf(readBytes(temporaryFolder(), 'a.aim', mask))).toBe('format-refused')
  })
})
