import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readHeader } from '../../../src/main/imaging/cache.ts'
import { decodeToCache } from '../../../src/main/imaging/decode.ts'
import { discover } from '../../../src/main/imaging/discover.ts'
import { defaultLimits } from '../../../src/main/imaging/limits.ts'
import { readPictures } from '../../../src/main/learning/pictures.ts'
import { heelPatients } from '../../../src/main/phantom/heel/patients.ts'
import { heelRadiograph } from '../../../src/main/phantom/heel/radiograph.ts'
import { dicomFile } from '../../fixtures/imaging/dicom.ts'

const folder = mkdtempSync(join(tmpdir(), 'concord-radiograph-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const heel = heelRadiograph(heelPatients('seed', 1)[0]!)
const cr = {
  ...{ SOPClassUID: '1.2.840.10008.5.1.4.1.1.1', Modality: 'CR', PatientID: 'H1', BodyPartExamined: 'CALCANEUS' },
  ...{ SOPInstanceUID: '2.25.77', StudyInstanceUID: '2.25.7', SeriesInstanceUID: '2.25.8', InstanceNumber: '1' },
  ...{ Rows: heel.height, Columns: heel.width, SamplesPerPixel: 1, PhotometricInterpretation: 'MONOCHROME2' },
  ...{ BitsAllocated: 16, BitsStored: 12, HighBit: 11, PixelRepresentation: 0, PixelSpacing: ['0.05', '0.05'] },
}
let count = 0
async function imported(attributes: object, pixels: Uint8Array) {
  const path = join(folder, `${++count}.dcm`)
  writeFileSync(path, dicomFile({ attributes: { ...cr, ...attributes }, pixels }))
  const { sources } = await discover([path])
  const { cachePath, header } = await decodeToCache(sources[0]!, folder, defaultLimits)
  return { cachePath, header: await readHeader(cachePath), warnings: header.warnings }
}
const bytes = (values: Uint16Array): Uint8Array => new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
const turned = heel.pixels.map((value) => 4095 - value)
const wrongWay = /may run the wrong way round/

describe('a radiograph', () => {
  it('that is as it should be has no warning, though it lies nowhere in the body; a slice of a stack that does has one', async () => {
    const { header, warnings } = await imported({}, bytes(heel.pixels))
    expect(header.minIsWhite).toBeUndefined()
    expect(warnings).toEqual([])
    const slice = await imported({ SOPClassUID: '1.2.840.10008.5.1.4.1.1.2', Modality: 'CT' }, bytes(heel.pixels))
    expect(slice.warnings).toEqual(['The files do not say how the volume lies in the body.'])
  })

  it('with MONOCHROME1 keeps its values and is shown, and seen by networks, the right way round', async () => {
    const { header, warnings, cachePath } = await imported({ PhotometricInterpretation: 'MONOCHROME1' }, bytes(turned))
    expect(header.minIsWhite).toBe(true)
    expect(warnings.filter((text) => wrongWay.test(text))).toEqual([])
    const { pictures } = await readPictures(cachePath, () => [0])
    const plain = await imported({}, bytes(heel.pixels))
    const { pictures: right } = await readPictures(plain.cachePath, () => [0])
    // The same picture but for what every scaling takes away.
    expect([...pictures[0]!.pixels.slice(0, 5000)].map((value) => value + 4095)).toEqual([
      ...right[0]!.pixels.slice(0, 5000),
    ])
  })

  it('whose values run the wrong way round without saying so is found, and said', async () => {
    expect((await imported({}, bytes(turned))).warnings.some((text) => wrongWay.test(text))).toBe(true)
    // The tag on values that are right is wrong, too.
    const tagged = await imported({ PhotometricInterpretation: 'MONOCHROME1' }, bytes(heel.pixels))
    expect(tagged.warnings.some((text) => wrongWay.test(text))).toBe(true)
  })

  it('of no other heel of the phantom is called inverted', async () => {
    for (const patient of heelPatients('others', 2)) {
      const { warnings } = await imported({}, bytes(heelRadiograph(patient).pixels))
      expect(warnings.some((text) => wrongWay.test(text))).toBe(false)
    }
  })

  it('in colour is taken with a warning that names the weights of its grey', async () => {
    const rgb = new Uint8Array(3 * 60 * 40)
    for (let i = 0; i < rgb.length; i += 3) rgb.set([i % 251, (2 * i) % 253, (3 * i) % 255], i)
    const colour = {
      SamplesPerPixel: 3,
      PhotometricInterpretation: 'RGB',
      PlanarConfiguration: 0,
      Rows: 40,
      Columns: 60,
    }
    const eight = { BitsAllocated: 8, BitsStored: 8, HighBit: 7 }
    const { warnings, cachePath } = await imported({ ...colour, ...eight }, rgb)
    expect(warnings.join(' ')).toMatch(/in colour.*0\.299 red \+ 0\.587 green \+ 0\.114 blue/)
    const { pictures } = await readPictures(cachePath, () => [0])
    expect(pictures[0]!.pixels[7]).toBeCloseTo(0.299 * rgb[21]! + 0.587 * rgb[22]! + 0.114 * rgb[23]!, 3)
  })
})
