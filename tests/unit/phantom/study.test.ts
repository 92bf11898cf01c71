import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runCommand } from '../../../src/main/cli/run.ts'
import { decode } from '../../../src/main/imaging/decode.ts'
import { discover } from '../../../src/main/imaging/discover.ts'
import { defaultLimits } from '../../../src/main/imaging/limits.ts'
import { limbOf, limbSlice } from '../../../src/main/phantom/bone.ts'
import { planStudy } from '../../../src/main/phantom/plan.ts'
import type { StudyOptions } from '../../../src/main/phantom/plan.ts'
import { openPool } from '../../../src/main/phantom/pool.ts'
import { simulateSlices } from '../../../src/main/phantom/scan.ts'
import { simulateScan, simulateStudy } from '../../../src/main/phantom/simulate.ts'
import { unfinished, writeStudy } from '../../../src/main/phantom/write.ts'

const small: StudyOptions = {
  ...{ patients: 2, scansPerPatient: 2, site: 'both', grades: 'balanced' },
  ...{ size: 64, slices: 3, seed: 11, views: 90 },
}
const digest = (data: Uint8Array | Int16Array | Float32Array): string =>
  createHash('sha256')
    .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .digest('hex')

describe('planStudy', () => {
  it('counts grades out evenly, or as in the thesis, within each site', () => {
    const counts = (grades: 'balanced' | 'thesis', site: 'tibia' | 'radius') => {
      const plan = planStudy({ ...small, patients: 100, grades, site: 'both' }).filter((scan) => scan.site === site)
      return [1, 2, 3, 4, 5].map((grade) => plan.filter((scan) => scan.trueGrade === grade).length)
    }
    expect(counts('balanced', 'tibia')).toEqual([20, 20, 20, 20, 20])
    expect(counts('thesis', 'tibia')).toEqual([67, 20, 8, 5, 0])
    expect(counts('thesis', 'radius')).toEqual([23, 28, 38, 10, 1])
  })

  it('gives every scan a name of its own that does not tell its grade, and no two courses alike', () => {
    const plan = planStudy({ ...small, patients: 30, site: 'tibia' })
    expect(new Set(plan.map((scan) => scan.id)).size).toBe(60)
    for (const scan of plan) expect(scan.id).toBe(`${scan.patient}-${scan.spec.measurementIndex}-tibia-${scan.side}`)
    expect(new Set(plan.map((scan) => JSON.stringify(scan.spec.motion))).size).toBe(60)
    expect(new Set(plan.map((scan) => scan.side)).size).toBe(2)
  })

  it('refuses senseless sizes with the name of the option', () => {
    expect(() => planStudy({ ...small, size: 63 })).toThrow(
      expect.objectContaining({ code: 'bad-simulation', field: 'size' }),
    )
    expect(() => planStudy({ ...small, slices: 1.5 })).toThrow(/slices must be a whole number/)
  })
})

describe('anatomy', () => {
  const slice = (seed: string, patientIndex: number, side: 'left' | 'right', id = 'a'): Float32Array => {
    const spec = { ...planStudy(small)[0]!.spec, seed, patientIndex, side, id, site: 'tibia' as const }
    const limb = limbOf(spec)
    // Positioned alike, so that only the anatomy differs.
    return limbSlice({ ...limb, position: { dx: 0, dy: 0, turn: 0, dz: 0 } }, 0, 128, 92 / 128)
  }
  const difference = (a: Float32Array, b: Float32Array): number =>
    Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0) / a.length)
  const flipped = (image: Float32Array): Float32Array => image.map((_, i) => image[i - (i % 128) + 127 - (i % 128)]!)

  it('is the same limb in a patient’s follow-up, mirrored on the other side, and another in another patient', () => {
    const limb = slice('s', 1, 'right')
    expect(difference(limb, slice('s', 1, 'right', 'b'))).toBe(0)
    const mirrored = difference(limb, flipped(slice('s', 1, 'left')))
    for (const other of [2, 3, 4, 5])
      expect(difference(limb, slice('s', other, 'right'))).toBeGreaterThan(1.1 * mirrored)
    expect(mirrored).toBeGreaterThan(0)
  })
})

describe('simulateStudy', () => {
  it('makes the same bytes from the same seed, in one thread or in parts on several, and others from another', async () => {
    const [first] = planStudy({ ...small, slices: 9 })
    const here = simulateSlices(first!.spec, 0, 9)
    const pool = openPool(2)
    try {
      const parts = await simulateScan(first!.spec, pool, 4)
      expect(digest(parts.volume.voxels)).toBe(digest(here.voxels))
      expect(digest(parts.motionViews.data)).toBe(digest(here.motionViews))
      const [other] = planStudy({ ...small, slices: 9, seed: 12 })
      expect(digest((await simulateScan(other!.spec, pool)).volume.voxels)).not.toBe(digest(here.voxels))
    } finally {
      await pool.close()
    }
  })

  it('hands scans over one at a time and in order, with their views at 0, 0.24 and 180 degrees', async () => {
    const seen: string[] = []
    let open = 0
    const plan = await simulateStudy(small, {
      async onScan(scan) {
        expect(++open).toBe(1)
        await new Promise((resolve) => setTimeout(resolve, 5))
        open--
        seen.push(scan.id)
        expect(scan.volume.dims).toEqual([64, 64, 3])
        expect(scan.volume.voxels.length).toBe(64 * 64 * 3)
        expect(scan.motionViews.angles).toEqual([0, 0.24, 180])
        expect(scan.motionViews.data.length).toBe(3 * 3 * 64)
      },
    })
    expect(seen).toEqual(plan.map((scan) => scan.id))
  })

  it('stops when it is cancelled, and when a scan cannot be stored', async () => {
    const controller = new AbortController()
    let made = 0
    const run = simulateStudy(
      { ...small, patients: 20 },
      {
        signal: controller.signal,
        onScan() {
          if (++made === 2) controller.abort()
        },
      },
    )
    await expect(run).rejects.toMatchObject({ code: 'cancelled' })
    expect(made).toBe(2)
    const full = simulateStudy(small, {
      onScan() {
        throw new Error('disk full')
      },
    })
    await expect(full).rejects.toThrow('disk full')
  })
})

describe('written scans', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'concord-phantom-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  /** Every file under a folder, with its digest. */
  const contents = async (name: string): Promise<[string, string][]> => {
    const root = join(folder, name)
    const files = (await readdir(root, { recursive: true, withFileTypes: true })).filter((file) => file.isFile())
    const all = files.map(async (file): Promise<[string, string]> => {
      const path = join(file.parentPath, file.name)
      return [path.slice(root.length), digest(await readFile(path))]
    })
    return (await Promise.all(all)).sort()
  }

  it('are read back voxel by voxel, ISQ, DICOM and AIM, with site, side and density', async () => {
    const request = { ...small, patients: 3, formats: ['isq', 'dicom', 'aim'] as const }
    const { scans, votes } = await writeStudy(join(folder, 'a'), request)
    expect(scans.map((scan) => scan.format)).toEqual(['isq', 'isq', 'dicom', 'dicom', 'aim', 'aim'])
    const { sources, refused } = await discover([join(folder, 'a', 'scans')])
    expect(refused).toEqual([])
    expect(sources.length).toBe(6)
    for (const scan of scans) {
      const source = sources.find(({ path }) => path.includes(scan.id))!
      const volume = await decode(source, defaultLimits)
      expect(volume.warnings).toEqual([])
      expect(volume.dims).toEqual([64, 64, 3])
      expect(volume.unit).toBe('mgHA/cm3')
      expect(volume.meta.site).toBe(scan.site)
      expect(volume.meta.side).toBe(scan.side)
      expect(digest(volume.voxels as Int16Array)).toBe(digest(simulateSlices(scan.spec, 0, 3).voxels))
      // Air inside the cast's corners, in calibrated units.
      expect(volume.slope).toBeCloseTo(1603.519 / 8192, 6)
      expect(volume.intercept).toBeCloseTo(-391.209, 4)
    }
    const lines = (await readFile(join(folder, 'a', 'votes.csv'), 'utf8')).trim().split('\n')
    expect(lines[0]).toBe('subject,rater,grade')
    expect(lines.length).toBe(1 + 6 * 3)
    expect(votes.length).toBe(18)
    const truth = (await readFile(join(folder, 'a', 'truth.csv'), 'utf8')).trim().split('\n')
    expect(truth.slice(1).map((line) => Number(line.split(',')[5]))).toEqual(scans.map((scan) => scan.trueGrade))
  })

  it('are the same files again from the same seed', async () => {
    await writeStudy(join(folder, 'a'), { ...small, patients: 1 })
    await writeStudy(join(folder, 'b'), { ...small, patients: 1 })
    expect(await contents('a')).toEqual(await contents('b'))
  })

  it('are gone on with where they stopped: what was made is kept, and the end is the same to the byte', async () => {
    const request = { ...small, patients: 3, formats: ['aim', 'dicom', 'isq'] as const }
    await writeStudy(join(folder, 'straight'), request)
    const controller = new AbortController()
    const stopped = writeStudy(join(folder, 'halting'), request, {
      signal: controller.signal,
      onProgress({ done }) {
        if (done === 3) controller.abort()
      },
    })
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' })
    const left = (await readdir(join(folder, 'halting', 'scans'))).sort()
    expect(left.length).toBe(3)
    expect(await readdir(join(folder, 'halting'))).not.toContain('.making')
    const { sources, refused } = await discover([join(folder, 'halting', 'scans')])
    expect([sources.length, refused]).toEqual([3, []])
    const known = (await readFile(join(folder, 'halting', 'truth.csv'), 'utf8')).trim().split('\n').slice(1)
    expect(known.map((line) => line.split(',')[1]).sort()).toEqual(left.map((name) => name.split('.')[0]))
    expect(await unfinished(join(folder, 'halting'), request)).toBe(true)
    expect(await unfinished(join(folder, 'halting'), { ...request, seed: 12 })).toBe(false)

    const first = await stat(join(folder, 'halting', 'scans', left[0]!))
    const reports: number[] = []
    await writeStudy(join(folder, 'halting'), request, { onProgress: ({ done }) => reports.push(done) })
    expect(reports).toEqual([3, 4, 5, 6])
    expect((await stat(join(folder, 'halting', 'scans', left[0]!))).mtimeMs).toBe(first.mtimeMs)
    expect(await contents('halting')).toEqual(await contents('straight'))
    expect(await unfinished(join(folder, 'halting'), request)).toBe(false)
    await expect(writeStudy(join(folder, 'halting'), { ...request, seed: 12 })).rejects.toMatchObject({
      code: 'plan-differs',
    })
  })

  it('come from the command, which tells what it made and refuses what it cannot do', async () => {
    const run = async (...args: string[]) => {
      const [out, err]: [string[], string[]] = [[], []]
      const code = await runCommand(['simulate', ...args], {
        out: (line) => out.push(line),
        err: (line) => err.push(line),
      })
      return { code, out, err }
    }
    const size = ['--size', '64', '--slices', '2', '--seed', '4']
    const made = await run(join(folder, 'c'), '--scans', '3', '--site', 'radius', ...size, '--readers', '2')
    expect(made.code).toBe(0)
    expect(made.err.length).toBeGreaterThan(0)
    expect(JSON.parse(made.out.join(''))).toMatchObject({ scans: 3, sites: { radius: 3 }, votes: 6, readers: 2 })
    const again = await run(join(folder, 'c'), '--scans', '3', ...size)
    expect(again.code).toBe(2)
    expect(JSON.parse(again.out.join(''))).toMatchObject({
      file: join(folder, 'c'),
      kind: 'reject',
      code: 'plan-differs',
    })
    const whole = await run(join(folder, 'c'), '--scans', '3', '--site', 'radius', ...size, '--readers', '2')
    expect(JSON.parse(whole.out.join(''))).toMatchObject({ scans: 3, votes: 6 })
    await mkdir(join(folder, 'e'))
    await writeFile(join(folder, 'e', 'notes.txt'), 'not ours')
    const full = await run(join(folder, 'e'), '--scans', '3', ...size)
    expect(JSON.parse(full.out.join(''))).toMatchObject({ kind: 'reject', code: 'folder-not-empty' })
    const tiff = await run(join(folder, 'f'), '--scans', '3', '--formats', 'isq,tiff')
    expect(tiff.err.join('')).toContain('--formats takes isq, dicom, aim, not "tiff"')
    const elbow = await run(join(folder, 'd'), '--scans', '3', '--site', 'elbow')
    expect(elbow.code).toBe(2)
    expect(JSON.parse(elbow.out.join(''))).toMatchObject({ kind: 'reject', code: 'bad-option' })
    expect(elbow.err.join('')).toContain('--site must be')
    expect((await run(join(folder, 'd'))).code).toBe(2)
  })
})
