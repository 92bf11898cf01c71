import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { sha256OfValues } from '../../../src/main/imaging/statistics.ts'
import { writeDicomSeries } from '../../../src/main/imaging/writers/dicom.ts'
import type { Triple } from '../../../src/main/imaging/volume.ts'
import { randomWholes, temporaryFolder } from '../../fixtures/imaging/folder.ts'
import { codeOf, readOne } from '../../fixtures/imaging/read.ts'

/** Odd files of real scanners and programs, in Debian's python3-pydicom; digests of the values computed with pydicom 3.0. */
const folder = '/usr/lib/python3/dist-packages/pydicom/data/test_files'
const absent = existsSync(folder) ? null : 'the Debian package python3-pydicom is not installed'

const exact: [string, number[], string][] = [
  ['CT_small.dcm', [128, 128, 1], '8d1b7d538208e0d43f8b81534bf2eaa04eafd4fb029797d8ef4a2e29833b6491'],
  ['MR_small.dcm', [64, 64, 1], 'c91e056c22d227f664cefe00e0571a7853c7f8bb2d10d3b045f54170e128750e'],
  ['MR_small_RLE.dcm', [64, 64, 1], 'c91e056c22d227f664cefe00e0571a7853c7f8bb2d10d3b045f54170e128750e'],
  ['MR_small_bigendian.dcm', [64, 64, 1], 'c91e056c22d227f664cefe00e0571a7853c7f8bb2d10d3b045f54170e128750e'],
  ['MR_small_expb.dcm', [64, 64, 1], 'c91e056c22d227f664cefe00e0571a7853c7f8bb2d10d3b045f54170e128750e'],
  ['MR_small_implicit.dcm', [64, 64, 1], 'c91e056c22d227f664cefe00e0571a7853c7f8bb2d10d3b045f54170e128750e'],
  ['MR_small_jp2klossless.dcm', [64, 64, 1], 'c91e056c22d227f664cefe00e0571a7853c7f8bb2d10d3b045f54170e128750e'],
  ['MR_small_jpeg_ls_lossless.dcm', [64, 64, 1], 'c91e056c22d227f664cefe00e0571a7853c7f8bb2d10d3b045f54170e128750e'],
  ['MR_small_padded.dcm', [64, 64, 1], 'c91e056c22d227f664cefe00e0571a7853c7f8bb2d10d3b045f54170e128750e'],
  ['693_J2KI.dcm', [512, 512, 1], '87344eabb2b334264e10651f7c3b347b715c4d3dc24069a61be4ef64f17234a6'],
  ['ExplVR_BigEnd.dcm', [80, 60, 1], 'd9345f47b64a5489b45c32becb1d8aa6488e4c85ce60aabcac78aaf16ba97b77'],
  ['GDCMJ2K_TextGBR.dcm', [400, 400, 1], '3bd8460b9ea3ed72dfe52f8cb508169fd5a6ed855108b46e88b411fddd13c18b'],
  ['J2K_pixelrep_mismatch.dcm', [512, 512, 1], 'ac46d18f86e6f28c1226c2816fa8d1c81d6a27e3888de483ef0ac0a565fb32d3'],
  ['JPEG2000.dcm', [256, 1024, 1], 'bd832a8619240104fbdba88afdc02a99a677949ce7bf90e98692162ee0169c42'],
  ['SC_rgb_gdcm_KY.dcm', [100, 100, 1], '6d82dae39b788345b864750af834cd32f799d9c938bcf648442cb62c98293737'],
  ['SC_rgb_jpeg_gdcm.dcm', [100, 100, 1], '6d82dae39b788345b864750af834cd32f799d9c938bcf648442cb62c98293737'],
  ['SC_rgb_rle.dcm', [100, 100, 1], '6d82dae39b788345b864750af834cd32f799d9c938bcf648442cb62c98293737'],
  ['SC_rgb_rle_16bit.dcm', [100, 100, 1], '44a291226ab37dfa40b72b04dc860494d12c7fda804b01e5af74b967b8bb562e'],
  ['SC_rgb_rle_16bit_2frame.dcm', [100, 100, 2], '9598fa5585c116a43727d0129a5106c11c59e7cf7b6a5c049eda7a528a3b1389'],
  ['SC_rgb_rle_32bit_2frame.dcm', [100, 100, 2], '9c245879076a725e645e15ed5fa2af2e79dc251623f913f407ac471e8b74d51b'],
  ['SC_rgb_small_odd.dcm', [3, 3, 1], '1e2102ed8ac27b972fe85ba87cb156f76f042c046dcb40673f94c3ff5269ec99'],
  [
    'SC_ybr_full_422_uncompressed.dcm',
    [100, 100, 1],
    'e2a2d52720e9adfa055288de7baf8d700aaec9541b72fc0aba6815e6a367fc1a',
  ],
  ['image_dfl.dcm', [512, 512, 1], 'e4230c769740c29dd88cb1c9fdeb2c4c92ea6795926f440ac1964d74d816a73b'],
  ['rtdose.dcm', [10, 10, 15], '1ec55d2fec7c3f7e1dc9c512adfa99c02d75fe92fc49ad2c8a8da7c985620bf4'],
  ['rtdose_expb.dcm', [10, 10, 15], '1ec55d2fec7c3f7e1dc9c512adfa99c02d75fe92fc49ad2c8a8da7c985620bf4'],
  ['rtdose_rle.dcm', [10, 10, 15], '1ec55d2fec7c3f7e1dc9c512adfa99c02d75fe92fc49ad2c8a8da7c985620bf4'],
]

describe('real DICOM files', () => {
  beforeEach((context) => {
    if (absent) context.skip(absent)
  })

  it.each(exact)('%s has the values that pydicom finds', async (name, dims, sha256) => {
    const volume = await readOne(join(folder, name))
    expect(volume.dims).toEqual(dims)
    expect(sha256OfValues(volume)).toBe(sha256)
  })

  it.each([
    ['reportsi.dcm', 'format-refused'],
    ['rtstruct.dcm', 'format-refused'],
    ['rtplan.dcm', 'format-refused'],
    ['waveform_ecg.dcm', 'format-refused'],
    ['MR_truncated.dcm', 'file-truncated'],
  ])('%s is refused as %s', async (name, code) => {
    expect(await codeOf(readOne(join(folder, name)))).toBe(code)
  })
})

describe('our DICOM series', () => {
  it('is what pydicom reads', async (context) => {
    const script = [
      'import sys, glob, json, pydicom',
      'd = [pydicom.dcmread(f) for f in sorted(glob.glob(sys.argv[1] + "/*"))]',
      'print(json.dumps({"values": [int(v) for s in d for v in s.pixel_array.ravel()], "slope": float(d[0].RescaleSlope),',
      '  "z": [float(s.ImagePositionPatient[2]) for s in d], "uids": len({s.SOPInstanceUID for s in d}),',
      '  "valid": all(s.SOPInstanceUID.is_valid and s.SeriesInstanceUID.is_valid for s in d), "unit": d[0].RescaleType}))',
    ].join('\n')
    try {
      execFileSync('python3', ['-c', 'import pydicom, numpy'], { stdio: 'ignore' })
    } catch {
      context.skip('python3 with pydicom and NumPy is not installed')
    }
    const target = temporaryFolder()
    const voxels = Int16Array.from(randomWholes(5 * 4 * 3, -32768, 32767))
    const [dims, spacing]: Triple[] = [[5, 4, 3], [0.1, 0.1, 0.2]] // prettier-ignore
    await writeDicomSeries(target, {
      ...{ dims: dims as Triple, spacing: spacing as Triple, voxels, slope: 0.25, intercept: -100, unit: 'mgHA/cm3' },
      ...{
        patientId: 'P',
        patientName: 'P',
        studyDate: new Date('2026-01-02T03:04:05Z'),
        bodyPart: 'tibia',
        description: '',
      },
    })
    const read = JSON.parse(execFileSync('python3', ['-c', script, target], { encoding: 'utf8' })) as Record<
      string,
      unknown
    >
    expect(read).toEqual({ values: [...voxels], slope: 0.25, z: [0, 0.2, 0.4], uids: 3, valid: true, unit: 'mgHA/cm3' })
  })
})
