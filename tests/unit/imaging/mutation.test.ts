import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ConcordError } from '../../../src/main/domain/error.ts'
import { decode } from '../../../src/main/imaging/decode.ts'
import { discover } from '../../../src/main/imaging/discover.ts'
import { defaultLimits } from '../../../src/main/imaging/limits.ts'
import { sampleCount } from '../../../src/main/imaging/volume.ts'
import { ctSlice, dicomFile } from '../../fixtures/imaging/dicom.ts'
import { encodeFrame, encodeJpegExtended, encodeJpegLossless, encodeRle16 } from '../../fixtures/imaging/encoders.ts'
import { randomWholes, temporaryFolder } from '../../fixtures/imaging/folder.ts'
import { niftiInt16 } from '../../fixtures/imaging/nifti.ts'
import { png16 } from '../../fixtures/imaging/png.ts'
import { aimFile, calibrationBlock, isqFile } from '../../fixtures/imaging/scanco.ts'
import { tiff16 } from '../../fixtures/imaging/tiff.ts'

const values = randomWholes(60, 0, 4095)
const words = Uint16Array.from(values)
const bytes = new Uint8Array(words.buffer)
const slice = { ...ctSlice(6, 10), PixelRepresentation: 0 }
const info = { width: 10, height: 6, bitsPerSample: 16, componentCount: 1, isSigned: false }
const compressed = (syntax: string, frame: Uint8Array) => dicomFile({ attributes: slice, syntax, pixels: [frame] })

const files: [string, () => Promise<Uint8Array> | Uint8Array][] = [
  ['a.isq', () => isqFile({ dims: [5, 4, 3], microns: [300, 240, 180], voxels: Int16Array.from(values), calibration: calibrationBlock(1600, -390) })],
  ['a.aim', () => aimFile(true, 0x00020002, [5, 4, 3], 'Mu_Scaling   8192\nSite   38', Buffer.from(bytes))],
  ['old.aim', () => aimFile(false, 0x00020002, [5, 4, 3], 'Mu_Scaling   8192', Buffer.from(bytes))],
  ['a.nii', () => niftiInt16([5, 4, 3], [1, 1, 1], values)],
  ['a.nii.gz', () => gzipSync(niftiInt16([5, 4, 3], [1, 1, 1], values))],
  ['a.nrrd', () => Buffer.concat([Buffer.from('NRRD0004\ntype: int16\ndimension: 3\nsizes: 5 4 3\nencoding: raw\nendian: little\n\n'), bytes])],
  ['a.mha', () => Buffer.concat([Buffer.from('NDims = 3\nDimSize = 5 4 3\nElementType = MET_SHORT\nElementDataFile = LOCAL\n'), bytes])],
  ['a.png', () => png16(10, 6, values)],
  ['a.tif', () => tiff16(10, 3, [words.subarray(0, 30), words.subarray(30)])],
  ['a.dcm', () => dicomFile({ attributes: slice, pixels: bytes })],
  ['rle.dcm', () => compressed('1.2.840.10008.1.2.5', encodeRle16(words))],
  ['lossless.dcm', () => compressed('1.2.840.10008.1.2.4.57', encodeJpegLossless(words, 10, 6, 16, 4))],
  ['extended.dcm', () => dicomFile({ attributes: { ...slice, Rows: 8, Columns: 16 }, syntax: '1.2.840.10008.1.2.4.51', pixels: [encodeJpegExtended([{ mean: 7, across: 0 }, { mean: 900, across: 200 }])] })],
  ['ls.dcm', async () => compressed('1.2.840.10008.1.2.4.80', await encodeFrame('charls', bytes, info))],
  ['j2k.dcm', async () => {
    const big = { ...info, width: 64, height: 64 }
    const frame = await encodeFrame('openjpeg', new Uint8Array(Uint16Array.from(randomWholes(4096, 0, 4095)).buffer), big)
    const attributes = { ...slice, Rows: 64, Columns: 64 }
    return dicomFile({ attributes, syntax: '1.2.840.10008.1.2.4.90', pixels: [frame] })
  }],
] // prettier-ignore

/** Enough for every file here, and little enough that a lie cannot slow the test down. */
const limits = { ...defaultLimits, maxBytes: 50_000_000 }

describe('any change of a valid file', () => {
  it.each(files)('of %s gives a volume or an error of ours', async (name, make) => {
    const whole = await make()
    const folder = temporaryFolder()
    const path = join(folder, name)
    const change = fc.record({
      at: fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      length: fc.oneof({ arbitrary: fc.constant(whole.length), weight: 4 }, fc.nat(whole.length)),
    })
    await fc.assert(
      fc.asyncProperty(change, async ({ at, length }) => {
        const changed = Buffer.from(whole)
        for (const [place, value] of at) changed[place] = value
        writeFileSync(path, changed.subarray(0, length))
        const { sources, refused } = await discover([path])
        expect(sources.length + refused.length).toBe(1)
        for (const { error } of refused) expect(error).toBeInstanceOf(ConcordError)
        for (const source of sources) {
          try {
            const volume = await decode(source, limits)
            expect(volume.voxels.length).toBe(sampleCount(volume))
            expect([...volume.dims, volume.slope, volume.intercept, ...volume.direction].every(Number.isFinite)).toBe(
              true,
            )
          } catch (error) {
            expect(error).toBeInstanceOf(ConcordError)
          }
        }
      }),
      { numRuns: 150, seed: 20261121 },
    )
  })
})
