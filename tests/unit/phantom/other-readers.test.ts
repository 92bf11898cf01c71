import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeStudy, type WrittenScan } from '../../../src/main/phantom/write.ts'
import { simulateSlices } from '../../../src/main/phantom/scan.ts'
import { densityOfNative, muScaling, muWater } from '../../../src/main/phantom/units.ts'

/** Programs that know nothing of this one read what the phantom wrote. CONCORD_PYTHON names another Python than python3. */
const python = process.env.CONCORD_PYTHON ?? 'python3'

function absent(command: string, ...args: string[]): string | null {
  try {
    execFileSync(command, args, { stdio: 'ignore' })
    return null
  } catch (error) {
    // Some programs tell their version with an exit code of their own; only one that is not there cannot be started.
    if (command !== python && (error as NodeJS.ErrnoException).code !== 'ENOENT') return null
    return `${args.at(-1)?.replace(/^import /, '') ?? command} is not installed`
  }
}

function ask(script: string, ...args: string[]): unknown {
  return JSON.parse(execFileSync(python, ['-c', script, ...args], { encoding: 'utf8', maxBuffer: 1 << 26 }))
}

describe('files of a simulated study', () => {
  const folder = mkdtempSync(join(tmpdir(), 'concord-others-'))
  let scans: WrittenScan[]
  beforeAll(async () => {
    const request = { patients: 3, scansPerPatient: 1, site: 'tibia', grades: 'balanced', size: 64, slices: 3 } as const
    ;({ scans } = await writeStudy(folder, { ...request, seed: 7, formats: ['isq', 'aim', 'dicom'] }))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const pathOf = (format: string): string => join(folder, scans.find((scan) => scan.format === format)!.file)
  const voxelsOf = (format: string): number[] => [
    ...simulateSlices(scans.find((scan) => scan.format === format)!.spec, 0, 3).voxels,
  ]

  describe('read by aimio-py, after n88 AimIO', () => {
    const missing = absent(python, '-c', 'import py_aimio')
    it.skipIf(missing)(`AIM: voxels, spacing, density and HU${missing ? ` (${missing})` : ''}`, () => {
      const script = [
        'import sys, json, py_aimio',
        'a, m = py_aimio.read_aim(sys.argv[1]); d, _ = py_aimio.read_aim(sys.argv[1], density=True)',
        'h, _ = py_aimio.read_aim(sys.argv[1], hu=True)',
        'print(json.dumps([a.ravel().tolist(), m["element_size"], d.ravel()[:50].tolist(), m["dimensions"], float(h.min())]))',
      ].join('\n')
      const [voxels, spacing, density, dims, air] = ask(script, pathOf('aim')) as [
        number[],
        number[],
        number[],
        number[],
        number,
      ]
      expect(voxels).toEqual(voxelsOf('aim'))
      expect(dims).toEqual([64, 64, 3])
      expect(spacing[0]).toBeCloseTo(92 / 64, 6)
      density.forEach((value, i) => expect(value).toBeCloseTo(densityOfNative(voxels[i]!), 2))
      expect(air).toBeLessThan(-900)
    })

    it.skipIf(missing)(`ISQ: voxels, header and calibration${missing ? ` (${missing})` : ''}`, () => {
      const script = [
        'import sys, json, py_aimio',
        'a, m = py_aimio.read_isq(sys.argv[1]); k, b = py_aimio.get_isq_density_equation(m); d = a * k + b',
        'print(json.dumps([a.ravel().tolist(), d.ravel()[:50].tolist(),',
        '  [m[k] for k in ("patient_index", "index_measurement", "site", "mu_scaling", "name", "dimensions_um")]]))',
      ].join('\n')
      const [voxels, density, header] = ask(script, pathOf('isq')) as [number[], number[], unknown[]]
      expect(voxels).toEqual(voxelsOf('isq'))
      const scan = scans.find(({ format }) => format === 'isq')!
      expect(header).toEqual([1, 1, scan.side === 'left' ? 38 : 39, 8192, 'Phantom P001', [92000, 92000, 9020]])
      density.forEach((value, i) => expect(value).toBeCloseTo(densityOfNative(voxels[i]!), 2))
    })

    it.skipIf(missing)(
      `RSQ: counts that give the line integrals of the .npy back${missing ? ` (${missing})` : ''}`,
      () => {
        const script = [
          'import sys, json, py_aimio, numpy as np',
          'a, m = py_aimio.read_rsq(sys.argv[1] + ".rsq"); v = np.load(sys.argv[1] + ".npy"); a = a.astype(float)',
          'l = -np.log((a[:, 2:] - a[:, :1]) / (a[:, 1:2] - a[:, :1])).transpose(1, 0, 2)',
          'print(json.dumps([float(np.abs(l - v).max()), list(l.shape), m["geometry"]["object_view_count"]]))',
        ].join('\n')
        const [error, shape, views] = ask(script, join(folder, 'projections', scans[0]!.id)) as [
          number,
          number[],
          number,
        ]
        expect(error).toBeLessThan(0.002)
        expect(shape).toEqual([3, 3, 64])
        expect(views).toBe(3)
      },
    )
  })

  describe('read by pydicom', () => {
    const missing = absent(python, '-c', 'import pydicom, numpy')
    it.skipIf(missing)(`DICOM: valid, de-identified, density after rescale${missing ? ` (${missing})` : ''}`, () => {
      const script = [
        'import sys, glob, json, pydicom',
        'd = [pydicom.dcmread(f) for f in sorted(glob.glob(sys.argv[1] + "/*"))]; s = d[0]',
        'print(json.dumps([[int(v) for x in d for v in x.pixel_array.ravel()], float(s.RescaleSlope), float(s.RescaleIntercept),',
        '  len({x.SOPInstanceUID for x in d}), len({x.SeriesInstanceUID for x in d}),',
        '  all(u.is_valid and len(u) <= 64 for x in d for u in (x.SOPInstanceUID, x.SeriesInstanceUID, x.StudyInstanceUID, x.FrameOfReferenceUID)),',
        '  [float(v) for v in s.PixelSpacing], s.Modality, str(s.PatientName), s.PatientIdentityRemoved, s.BodyPartExamined, s.RescaleType]))',
      ].join('\n')
      const [voxels, slope, intercept, ...rest] = ask(script, pathOf('dicom')) as [
        number[],
        number,
        number,
        ...unknown[],
      ]
      expect(voxels).toEqual(voxelsOf('dicom'))
      expect(slope * 1000 + intercept).toBeCloseTo(densityOfNative(1000), 4)
      const [slices, series, valid, spacing, ...words] = rest
      expect([slices, series, valid]).toEqual([3, 1, true])
      expect((spacing as number[])[0]).toBeCloseTo(92 / 64, 6)
      expect(words).toEqual(['CT', 'Phantom^P003', 'YES', 'TIBIA', 'mgHA/cm3'])
    })
  })

  describe('read by ITK’s own Scanco reader', () => {
    const missing = absent(python, '-c', 'import itk; itk.ScancoImageIO')
    const read = [
      'import sys, json, itk, numpy as np',
      'io = itk.ScancoImageIO.New(FileName=sys.argv[1]); assert io.CanReadFile(sys.argv[1])',
      'r = itk.ImageFileReader[itk.Image[itk.SS, 3]].New(FileName=sys.argv[1], ImageIO=io); r.Update()',
      'a = itk.array_from_image(r.GetOutput()); spacing = list(r.GetOutput().GetSpacing())',
    ].join('\n')
    it.skipIf(missing).each(['isq', 'aim'] as const)(
      `%s: Hounsfield units, spacing, header and calibration${missing ? ` (${missing})` : ''}`,
      (format) => {
        const script = [
          read,
          'print(json.dumps([a.ravel().tolist(), list(a.shape), spacing, [io.GetMuScaling(), io.GetRescaleSlope(), io.GetRescaleIntercept()],',
          '  [io.GetPatientName().strip(), io.GetPatientIndex(), io.GetMeasurementIndex(), io.GetSite()]]))',
        ].join('\n')
        const [voxels, shape, spacing, scaling, header] = ask(script, pathOf(format)) as [
          number[],
          number[],
          number[],
          number[],
          unknown[],
        ]
        // ITK hands out Hounsfield units: water's attenuation from the header is 0, air -1000.
        const worst = voxelsOf(format).reduce((most, native, i) => {
          const hounsfield = (1000 * native) / (muScaling * muWater) - 1000
          return Math.max(most, Math.abs(voxels[i]! - hounsfield))
        }, 0)
        expect(voxels.length).toBe(3 * 64 * 64)
        expect(worst).toBeLessThanOrEqual(1)
        expect(shape).toEqual([3, 64, 64])
        spacing.forEach((mm, i) => expect(mm).toBeCloseTo([92 / 64, 92 / 64, 9.02 / 3][i]!, 5))
        expect(scaling).toEqual([8192, 1603.519, -391.209])
        const scan = scans.find((one) => one.format === format)!
        const site = scan.side === 'left' ? 38 : 39
        expect(header).toEqual([`Phantom ${scan.patient}`, scan.spec.patientIndex, 1, site])
      },
    )

    it.skipIf(missing)(`RSQ: the same counts as the .npy’s line integrals${missing ? ` (${missing})` : ''}`, () => {
      const script = [
        read,
        'v = np.load(sys.argv[1].replace(".rsq", ".npy")); a = a.astype(float)',
        'l = -np.log((a[:, 2:] - a[:, :1]) / (a[:, 1:2] - a[:, :1])).transpose(1, 0, 2)',
        'print(json.dumps([list(l.shape), float(np.abs(l - v).max())]))',
      ].join('\n')
      const [shape, error] = ask(script, join(folder, 'projections', `${scans[0]!.id}.rsq`)) as [number[], number]
      expect(shape).toEqual([3, 3, 64])
      expect(error).toBeLessThan(0.002)
    })
  })

  describe('read by DCMTK', () => {
    const missing = absent('dcmdump', '--version') ? 'dcmtk is not installed' : null
    const files = (): string[] => [1, 2, 3].map((k) => join(pathOf('dicom'), `slice-000${k}.dcm`))
    it.skipIf(missing)(`DICOM: every file, its elements and its pixels${missing ? ` (${missing})` : ''}`, () => {
      const voxels = Int16Array.from(voxelsOf('dicom'))
      for (const [k, file] of files().entries()) {
        expect(execFileSync('dcmftest', [file], { encoding: 'utf8' })).toMatch(/^yes:/)
        const raw = mkdtempSync(join(folder, 'raw-'))
        const told = execFileSync('dcmdump', ['+E', '+W', raw, file], { encoding: 'utf8' })
        expect(told).toMatch(/\(0028,0030\) DS \[1\.4375\\1\.4375\]/)
        expect(told).toContain('(0028,1053) DS [0.19574206542969]')
        expect(told).toMatch(/\(0012,0062\) CS \[YES\]/)
        const [name] = readdirSync(raw)
        const slice = voxels.slice(k * 4096, (k + 1) * 4096)
        expect(readFileSync(join(raw, name!))).toEqual(Buffer.from(slice.buffer))
      }
    })

    it.skipIf(missing)(`DICOM: a picture of each slice, as wide as it is${missing ? ` (${missing})` : ''}`, () => {
      for (const file of files()) {
        const picture = join(folder, 'slice.pgm')
        execFileSync('dcm2pnm', ['+Wm', file, picture], { stdio: 'pipe' })
        expect(readFileSync(picture).toString('latin1', 0, 20)).toMatch(/^P5\s+(#.*\s+)?64 64\s+255/)
      }
    })
  })

  describe('checked by dciodvfy (dicom3tools)', () => {
    const missing = absent('dciodvfy', '-version') ? 'dicom3tools is not installed' : null
    it.skipIf(missing)(`DICOM: no error against the CT image’s definition${missing ? ` (${missing})` : ''}`, () => {
      for (const k of [1, 2, 3]) {
        const { stderr, stdout } = spawnSync('dciodvfy', [join(pathOf('dicom'), `slice-000${k}.dcm`)], {
          encoding: 'utf8',
        })
        expect(stderr + stdout).toContain('CTImage')
        expect((stderr + stdout).split('\n').filter((line) => line.startsWith('Error'))).toEqual([])
      }
    })
  })
})
