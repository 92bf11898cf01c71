import { deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { ctSlice, dicomFile } from '../../fixtures/imaging/dicom.ts'
import { encodeFrame, encodeJpegExtended, encodeJpegLossless, encodeRle16 } from '../../fixtures/imaging/encoders.ts'
import { randomWholes, temporaryFolder } from '../../fixtures/imaging/folder.ts'
import { codeOf, readBytes, valuesOf } from '../../fixtures/imaging/read.ts'

const [rows, columns] = [6, 8]
const stored = randomWholes(rows * columns, -2048, 2047)
const pixels = new Uint8Array(Int16Array.from(stored).buffer)
const ct = ctSlice(rows, columns)
const read = (bytes: Uint8Array) => readBytes(temporaryFolder(), 'a.dcm', bytes)
const words = Uint16Array.from(stored, (v) => v & 0xffff)

describe('DICOM pixels', () => {
  it('are rescaled, with geometry, unit and patient', async () => {
    const volume = await read(dicomFile({ attributes: ct, pixels }))
    expect(volume).toMatchObject({
      ...{ format: 'dicom', dims: [columns, rows, 1], components: 1, pixelType: 'int16', unit: 'HU', oriented: true },
      ...{ spacing: [0.3, 0.4, 0.5], origin: [-10, -20, 0], direction: [1, 0, 0, 0, 1, 0, 0, 0, 1], warnings: [] },
    })
    expect(valuesOf(volume)).toEqual(stored.map((v) => v * 2 - 1024))
    expect(volume.meta).toMatchObject({
      ...{ patientName: 'Doe^Jane', patientId: 'ID-7', patientKey: 'dicom::ID-7', studyDate: '2026-01-02' },
      ...{ site: 'tibia', seriesInstanceUID: '2.25.2' },
    })
  })

  it('of 12 bits stored keep their sign and lose what lies above', async () => {
    const twelve = { ...ct, BitsStored: 12, HighBit: 11 }
    const dirty = Uint16Array.from(stored, (v) => (v & 0xfff) | 0x5000)
    const signed = await read(dicomFile({ attributes: twelve, pixels: new Uint8Array(dirty.buffer) }))
    expect([...signed.voxels]).toEqual(stored)
    const attributes = { ...twelve, PixelRepresentation: 0 }
    const unsigned = await read(dicomFile({ attributes, pixels: new Uint8Array(dirty.buffer) }))
    expect([...unsigned.voxels]).toEqual(stored.map((v) => v & 0xfff))
  })

  it('of MONOCHROME1 stay as they are, and are meant white where low', async () => {
    expect((await read(dicomFile({ attributes: ct, pixels }))).minIsWhite).toBeUndefined()
    const volume = await read(dicomFile({ attributes: { ...ct, PhotometricInterpretation: 'MONOCHROME1' }, pixels }))
    expect([...volume.voxels]).toEqual(stored)
    expect(volume.minIsWhite).toBe(true)
  })

  it('of a palette become RGB', async () => {
    const table = (seed: number) => Uint16Array.from(randomWholes(256, 0, 65535, seed))
    const [red, green, blue] = [table(1), table(2), table(3)]
    const index = randomWholes(rows * columns, 0, 255)
    const attributes = {
      ...{ ...ct, PhotometricInterpretation: 'PALETTE COLOR', BitsAllocated: 8, BitsStored: 8, HighBit: 7 },
      ...{ PixelRepresentation: 0, RescaleSlope: '1', RescaleIntercept: '0' },
      _vrMap: { RedPaletteColorLookupTableDescriptor: 'US', GreenPaletteColorLookupTableDescriptor: 'US', BluePaletteColorLookupTableDescriptor: 'US' }, // prettier-ignore
      RedPaletteColorLookupTableDescriptor: [256, 0, 16],
      GreenPaletteColorLookupTableDescriptor: [256, 0, 16],
      BluePaletteColorLookupTableDescriptor: [256, 0, 16],
      RedPaletteColorLookupTableData: [red.buffer],
      GreenPaletteColorLookupTableData: [green.buffer],
      BluePaletteColorLookupTableData: [blue.buffer],
    }
    const volume = await read(dicomFile({ attributes, pixels: Uint8Array.from(index) }))
    expect(volume.components).toBe(3)
    expect(valuesOf(volume)).toEqual(index.flatMap((i) => [red[i], green[i], blue[i]]))
  })

  it.each([0, 1])('of YBR_FULL become RGB (planar configuration %i)', async (planar) => {
    // Pure colours by the definition of PS3.3 C.7.6.3.1.2: red is (76, 85, 255), green (150, 44, 21), blue (29, 255, 107).
    const colours = [[76, 85, 255], [150, 44, 21], [29, 255, 107], [128, 128, 128]] // prettier-ignore
    const list = Array.from({ length: rows * columns }, (_, i) => colours[i % 4] as number[])
    const bytes = planar ? [0, 1, 2].flatMap((c) => list.map((v) => v[c] as number)) : list.flat()
    const attributes = {
      ...{ ...ct, SamplesPerPixel: 3, PhotometricInterpretation: 'YBR_FULL', PlanarConfiguration: planar },
      ...{ BitsAllocated: 8, BitsStored: 8, HighBit: 7, PixelRepresentation: 0 },
    }
    const volume = await read(dicomFile({ attributes, pixels: Uint8Array.from(bytes) }))
    const [r, g, b, grey] = [0, 1, 2, 3].map((i) => [...volume.voxels.subarray(3 * i, 3 * i + 3)]) as [
      number[],
      number[],
      number[],
      number[],
    ]
    const near = (got: number[], expected: number[]) =>
      got.forEach((v, i) => expect(Math.abs(v - (expected[i] as number))).toBeLessThanOrEqual(2))
    near(r, [255, 0, 0])
    near(g, [0, 255, 0])
    near(b, [0, 0, 255])
    expect(grey).toEqual([128, 128, 128])
  })

  it('of several frames make a volume', async () => {
    const attributes = { ...ct, NumberOfFrames: '3', SpacingBetweenSlices: '0.7' }
    delete (attributes as Record<string, unknown>)['ImagePositionPatient']
    const frames = [1, 2, 3].flatMap((seed) => randomWholes(rows * columns, -2048, 2047, seed))
    const volume = await read(dicomFile({ attributes, pixels: new Uint8Array(Int16Array.from(frames).buffer) }))
    expect(volume.dims).toEqual([columns, rows, 3])
    expect(volume.spacing).toEqual([0.3, 0.4, 0.7])
    expect([...volume.voxels]).toEqual(frames)
  })

  it('of enhanced frames are sorted by position, each with its rescale', async () => {
    const group = (z: number, slope: string) => ({
      PlanePositionSequence: [{ ImagePositionPatient: ['0', '0', String(z)] }],
      PixelValueTransformationSequence: [{ RescaleIntercept: '0', RescaleSlope: slope, RescaleType: 'HU' }],
    })
    const attributes = {
      ...{ ...ct, SOPClassUID: '1.2.840.10008.5.1.4.1.1.2.1', NumberOfFrames: '2' },
      SharedFunctionalGroupsSequence: [
        {
          PlaneOrientationSequence: [{ ImageOrientationPatient: ['1', '0', '0', '0', '1', '0'] }],
          PixelMeasuresSequence: [{ PixelSpacing: ['0.2', '0.2'], SliceThickness: '1' }],
        },
      ],
      PerFrameFunctionalGroupsSequence: [group(5, '3'), group(4, '2')],
    }
    const [first, second] = [randomWholes(48, 0, 99, 1), randomWholes(48, 0, 99, 2)]
    const volume = await read(
      dicomFile({ attributes, pixels: new Uint8Array(Int16Array.from([...first, ...second]).buffer) }),
    )
    expect(volume.origin).toEqual([0, 0, 4])
    expect(volume.spacing).toEqual([0.2, 0.2, 1])
    expect(valuesOf(volume)).toEqual([...second.map((v) => v * 2), ...first.map((v) => v * 3)])
  })
})

describe('DICOM transfer syntaxes', () => {
  const info = { width: columns, height: rows, bitsPerSample: 16, componentCount: 1, isSigned: false }
  const unsigned = { ...ct, PixelRepresentation: 0, RescaleSlope: '1', RescaleIntercept: '0' }
  const bytes = new Uint8Array(words.buffer)

  it('RLE', async () => {
    const file = dicomFile({ attributes: ct, syntax: '1.2.840.10008.1.2.5', pixels: [encodeRle16(words)] })
    expect([...(await read(file)).voxels]).toEqual(stored)
  })

  it.each([1, 2, 3, 4, 5, 6, 7])('JPEG lossless, predictor %i', async (predictor) => {
    const frame = encodeJpegLossless(words, columns, rows, 16, predictor)
    const file = dicomFile({ attributes: ct, syntax: '1.2.840.10008.1.2.4.57', pixels: [frame] })
    expect([...(await read(file)).voxels]).toEqual(stored)
  })

  it('JPEG lossless with restart intervals and 12 bits', async () => {
    const twelve = words.map((v) => v & 0xfff)
    const frame = encodeJpegLossless(twelve, columns, rows, 12, 1, 2)
    const attributes = { ...unsigned, BitsStored: 12, HighBit: 11 }
    const file = dicomFile({ attributes, syntax: '1.2.840.10008.1.2.4.70', pixels: [frame] })
    expect([...(await read(file)).voxels]).toEqual([...twelve])
  })

  it('JPEG extended, 12 bits', async () => {
    // A category of 8 bits holds -255 to -128 and 128 to 255.
    const blocks = [{ mean: 2048, across: 0 }, { mean: 100, across: 200 }, { mean: 4000, across: -130 }, { mean: 4095, across: 255 }] // prettier-ignore
    const attributes = { ...unsigned, Rows: 8, Columns: 32, BitsStored: 12, HighBit: 11 }
    const file = dicomFile({ attributes, syntax: '1.2.840.10008.1.2.4.51', pixels: [encodeJpegExtended(blocks)] })
    // A.3.3: f(x) = mean + F(1, 0) / 4 * C(0) * cos((2x + 1) pi / 16), limited to 0..4095.
    const row = blocks.flatMap(({ mean, across }) =>
      Array.from({ length: 8 }, (_, x) => {
        const value = mean + (across / 4) * Math.SQRT1_2 * Math.cos(((2 * x + 1) * Math.PI) / 16)
        return Math.min(4095, Math.max(0, Math.round(value)))
      }),
    )
    const volume = await read(file)
    expect([...volume.voxels]).toEqual(Array.from({ length: 8 }, () => row).flat())
    expect(volume.warnings.join()).toContain('loss')
  })

  it.each([
    ['charls', '1.2.840.10008.1.2.4.80'],
    ['openjpeg', '1.2.840.10008.1.2.4.90'],
  ] as const)('%s without loss', async (codec, syntax) => {
    const [width, height] = [64, 48]
    const values = Uint16Array.from(randomWholes(width * height, 0, 4095))
    const frame = await encodeFrame(codec, new Uint8Array(values.buffer), { ...info, width, height })
    const attributes = { ...unsigned, Rows: height, Columns: width }
    const file = dicomFile({ attributes, syntax, pixels: [frame] })
    expect([...(await read(file)).voxels]).toEqual([...values])
  })

  it('deflated', async () => {
    const plain = dicomFile({ attributes: ct, pixels })
    const body = 144 + plain.readUInt32LE(140)
    const renamed = dicomFile({ attributes: ct, syntax: '1.2.840.10008.1.2.1.99', pixels })
    const head = renamed.subarray(0, 144 + renamed.readUInt32LE(140))
    const file = Buffer.concat([head, deflateRawSync(plain.subarray(body))])
    expect([...(await read(file)).voxels]).toEqual(stored)
  })

  it('that are not read are refused by name', async () => {
    const mpeg = dicomFile({ attributes: unsigned, syntax: '1.2.840.10008.1.2.4.102', pixels: [bytes] })
    expect(await codeOf(read(mpeg))).toBe('format-refused')
  })
})

describe('DICOM without a scan', () => {
  it.each([
    ['a structured report', { SOPClassUID: '1.2.840.10008.5.1.4.1.1.88.11', Modality: 'SR' }],
    ['contours', { SOPClassUID: '1.2.840.10008.5.1.4.1.1.481.3', Modality: 'RTSTRUCT' }],
    ['a header alone', {}],
  ])('%s is refused', async (_name, attributes) => {
    expect(await codeOf(read(dicomFile({ attributes: { ...ct, ...attributes }, pixels: null })))).toBe('format-refused')
  })
})
