import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sha256OfValues } from '../../../src/main/imaging/statistics.ts'
import { writeIsq } from '../../../src/main/imaging/writers/isq.ts'
import { readOne } from '../../fixtures/imaging/read.ts'

/**
 * Volumes of random size, type, spacing and orientation, written by other people's libraries (SimpleITK, nibabel, pynrrd,
 * tifffile, pydicom with imagecodecs, Pillow, AimIO), are read to the bit. CONCORD_TEST_PYTHON names a Python that has them:
 * `pip install SimpleITK nibabel pynrrd tifffile imagecodecs pydicom pillow aimio-py`.
 */
const python = process.env['CONCORD_TEST_PYTHON'] ?? 'python3'
const libraries = ['SimpleITK', 'nibabel', 'nrrd', 'tifffile', 'pydicom', 'PIL', 'py_aimio'] as const
/** pydicom's encoders came with 3.0; Debian's is older. */
const parts: Partial<Record<string, string>> = { pydicom: 'pydicom.pixels' }
const has = (library: string): boolean =>
  spawnSync(python, ['-c', `import numpy, ${parts[library] ?? library}`], { stdio: 'ignore' }).status === 0
const present = libraries.filter(has)
/** Which files a library wrote, by the start of their names. */
const prefixes = {
  ...{
    SimpleITK: 'itk',
    nibabel: 'nibabel',
    nrrd: 'pynrrd',
    tifffile: 'tifffile',
    pydicom: 'pydicom',
    PIL: 'pillow',
    py_aimio: 'aimio',
  },
}

interface Written {
  file: string
  dims: [number, number, number]
  spacing: [number, number, number] | null
  sha256: string
  origin?: number[]
  direction?: number[]
}

function write(folder: string, seed: number, count: number): Written[] {
  const script = join(import.meta.dirname, '../../fixtures/imaging/independent.py')
  const { stdout, status, stderr } = spawnSync(python, [script, folder, String(seed), String(count)], {
    ...{ encoding: 'utf8', maxBuffer: 1 << 26 },
  })
  if (status !== 0) throw new Error(stderr)
  const lines = stdout.trim().split('\n')
  return lines.map((line) => JSON.parse(line) as Partial<Written>).filter((line): line is Written => !!line.file)
}
let folder: string
let written: Written[] = []
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'concord-independent-'))
  if (present.length > 0) written = write(folder, 20261121, 4)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function close(found: readonly number[] | null, wanted: readonly number[], digits: number): void {
  expect(found).toHaveLength(wanted.length)
  wanted.forEach((value, i) => expect(found![i]).toBeCloseTo(value, digits))
}

describe('files of other libraries', () => {
  for (const library of libraries)
    it(`${library}: what it writes is read to the bit`, async (context) => {
      if (!present.includes(library)) context.skip(`${parts[library] ?? library} is not installed in ${python}`)
      const own = written.filter(({ file }) => file.split('/').at(-1)!.startsWith(prefixes[library]))
      expect(own.length).toBeGreaterThan(3)
      for (const one of own) {
        const volume = await readOne(one.file).catch((error: unknown) => {
          throw new Error(`${one.file}: ${String(error)}`)
        })
        expect([one.file, volume.dims, sha256OfValues(volume)]).toEqual([one.file, one.dims, one.sha256])
        // NIfTI keeps its geometry in 32 bits.
        if (one.spacing) close(volume.spacing, one.spacing, 4)
        if (one.origin) close(volume.origin, one.origin, 3)
        if (one.direction) close(volume.direction, one.direction, 4)
      }
    })

  it('py_aimio: reads what our ISQ writer writes, its numbers and its calibration', async (context) => {
    if (!present.includes('py_aimio')) context.skip(`py_aimio is not installed in ${python}`)
    const voxels = Int16Array.from({ length: 4 * 5 * 6 }, (_, i) => 250 * i - 9000)
    const path = join(folder, 'ours.isq')
    await writeIsq(path, {
      ...{ dims: [6, 5, 4], spacing: [0.061, 0.061, 0.061], voxels, muScaling: 8192, muWater: 0.24 },
      ...{ slope: 1603.5, intercept: -391.25, patientIndex: 7, measurementIndex: 9, site: 'tibia', side: 'left' },
      ...{ name: 'OURS', date: new Date(0) },
    })
    const script = `import json, sys, py_aimio
native, meta = py_aimio.read_isq(sys.argv[1])
keys = ['mu_scaling', 'rescale_slope', 'rescale_intercept']
print(json.dumps([native.ravel().tolist(), [meta[key] for key in keys]]))`
    const { stdout, stderr } = spawnSync(python, ['-c', script, path], { encoding: 'utf8' })
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toEqual([[...voxels], [8192, 1603.5, -391.25]])
  })
})
