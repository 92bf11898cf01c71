import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { decode } from '../../../../src/main/imaging/decode.ts'
import { discover } from '../../../../src/main/imaging/discover.ts'
import { defaultLimits } from '../../../../src/main/imaging/limits.ts'
import { eccentricity, heelAnatomy } from '../../../../src/main/phantom/heel/anatomy.ts'
import { bayesLimit, heelPatients, separation } from '../../../../src/main/phantom/heel/patients.ts'
import { heelRadiograph } from '../../../../src/main/phantom/heel/radiograph.ts'
import { projectRods } from '../../../../src/main/phantom/heel/rods.ts'
import { heelVotes, writeHeelStudy } from '../../../../src/main/phantom/heel/write.ts'
import { randomFrom } from '../../../../src/main/domain/random.ts'

describe('heelPatients', () => {
  it('are 87 osteoporotic and 87 controls of the same ages, in an order that tells nothing', () => {
    const patients = heelPatients(1)
    const ages = (kind: string) =>
      patients
        .filter((patient) => patient.class === kind)
        .map(({ age }) => age)
        .sort((a, b) => a - b)
    expect(patients).toHaveLength(174)
    expect(ages('OP')).toEqual(ages('CN'))
    expect(ages('OP')).toHaveLength(87)
    expect(Math.min(...ages('CN'))).toBeGreaterThanOrEqual(40)
    expect(Math.max(...ages('CN'))).toBeLessThanOrEqual(92)
    expect(new Set(patients.slice(0, 20).map((patient) => patient.class)).size).toBe(2)
    expect(heelPatients(1)).toEqual(patients)
    expect(heelPatients(2)).not.toEqual(patients)
  })

  it('cannot be told apart better than the stated limit, even by who knows the porosity', () => {
    const patients = heelPatients('limit', 4000)
    const right = patients.filter(({ porosity, class: kind }) => porosity > 0 === (kind === 'OP')).length
    // Phi(separation / 2) by its series (Abramowitz and Stegun 26.2.10); 8,000 patients: standard error 0.004.
    const x = separation / 2
    let term = x
    let sum = x
    for (let k = 1; k < 30; k++) sum += term *= (x * x) / (2 * k + 1)
    expect(bayesLimit).toBeCloseTo(0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI), 12)
    expect(Math.abs(right / patients.length - bayesLimit)).toBeLessThan(0.013)
  })

  it('gives readers who are right more often than chance and less often than the limit', () => {
    const patients = heelPatients('votes', 1000)
    const classOf = new Map(patients.map(({ id, class: kind }) => [id, kind === 'OP' ? 2 : 1]))
    const votes = heelVotes(patients, { seed: 1, readers: 3 })
    const right = votes.filter(({ scan, grade }) => classOf.get(scan) === grade).length / votes.length
    expect(right).toBeGreaterThan(0.74)
    expect(right).toBeLessThan(bayesLimit)
  })
})

describe('heelRadiograph', () => {
  const patient = heelPatients(3)[0]!

  it('has less and more aligned bone the more porous the patient is', () => {
    const paths = (porosity: number) => {
      const random = randomFrom('rods')
      const anatomy = heelAnatomy({ ...patient, porosity }, random)
      return { anatomy, pixels: projectRods(anatomy, random) }
    }
    const mean = (pixels: Float32Array): number => pixels.reduce((a, b) => a + b, 0) / pixels.length
    const [dense, porous] = [paths(-1), paths(1)]
    expect(mean(porous.pixels) / mean(dense.pixels)).toBeCloseTo(Math.exp(-2 * (0.13 + 2 * 0.05)), 1)
    // Bone fraction of a controls' heel: path over thickness, in the middle of the body.
    const { centre, thickness, cortex } = dense.anatomy
    let sum = 0
    for (let y = -40; y < 40; y++)
      for (let x = -40; x < 40; x++)
        sum += dense.pixels[(Math.round(centre.y / 0.05) + y) * 1120 + Math.round(centre.x / 0.05) + x]!
    const fraction = sum / 6400 / (thickness - 2 * cortex)
    expect(fraction).toBeGreaterThan(0.08)
    expect(fraction).toBeLessThan(0.2)
  })

  it('is the same for the same patient, mirrored for the other side, with its landmarks on the outline', () => {
    const right = heelRadiograph({ ...patient, side: 'right' })
    const left = heelRadiograph({ ...patient, side: 'left' })
    expect(heelRadiograph({ ...patient, side: 'right' }).pixels).toEqual(right.pixels)
    expect(left.pixels.subarray(0, 1120)).toEqual(right.pixels.slice(0, 1120).reverse())
    expect(left.landmarks.region.x).toBeCloseTo(1119 - right.landmarks.region.x, 6)
    const anatomy = heelAnatomy(patient, randomFrom(patient.seed))
    const { hind, region } = right.landmarks
    expect(eccentricity(anatomy, hind.x * 0.05, hind.y * 0.05)).toBeCloseTo(1, 6)
    // 1.6 x 1.6 cm around its middle lie within the bone.
    for (const [dx, dy] of [
      [8, 8],
      [-8, 8],
      [8, -8],
      [-8, -8],
    ] as const)
      expect(eccentricity(anatomy, region.x * 0.05 + dx, region.y * 0.05 + dy)).toBeLessThan(1)
  })
})

describe('writeHeelStudy', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'concord-heel-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  it('writes radiographs that are imported with their spacing and values, and goes on where it was stopped', async () => {
    const request = { seed: 5, pairs: 2, readers: 3 }
    const stop = new AbortController()
    await expect(
      writeHeelStudy(folder, request, {
        workers: 1,
        signal: stop.signal,
        onProgress: ({ done }) => done === 1 && stop.abort(),
      }),
    ).rejects.toMatchObject({ code: 'cancelled' })
    expect(await readdir(join(folder, 'scans'))).toHaveLength(1)
    const { patients, votes } = await writeHeelStudy(folder, request, { workers: 1 })
    expect(votes).toHaveLength(12)
    const { sources, refused } = await discover([join(folder, 'scans')])
    expect(refused).toEqual([])
    expect(sources).toHaveLength(4)
    const volume = await decode(sources[0]!, defaultLimits)
    const made = heelRadiograph(patients.find(({ id }) => sources[0]!.path.includes(id))!)
    expect(volume.dims).toEqual([1120, 880, 1])
    expect(volume.spacing?.slice(0, 2)).toEqual([0.05, 0.05])
    expect(Buffer.from(volume.voxels.buffer, volume.voxels.byteOffset, volume.voxels.byteLength)).toEqual(
      Buffer.from(made.pixels.buffer),
    )
    const truth = (await readFile(join(folder, 'truth.csv'), 'utf8')).trim().split('\n')
    expect(truth).toHaveLength(5)
    await expect(writeHeelStudy(folder, { ...request, seed: 6 })).rejects.toMatchObject({ code: 'plan-differs' })
  })
})
