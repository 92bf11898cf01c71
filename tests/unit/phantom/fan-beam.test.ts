import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { runCommand } from '../../../src/main/cli/run.ts'
import { motionEstimate, type MotionEstimate } from '../../../src/main/domain/qme.ts'
import { randomFrom } from '../../../src/main/domain/random.ts'
import { rebinFile } from '../../../src/main/imaging/fan-projections.ts'
import { encodeNpy } from '../../../src/main/imaging/npy.ts'
import { writeRsq } from '../../../src/main/imaging/writers/rsq.ts'
import { limbOf, limbSlice } from '../../../src/main/phantom/bone.ts'
import { motionless, poseAt, scaled, type Motion } from '../../../src/main/phantom/motion.ts'
import { ellipseShadow } from '../../../src/main/phantom/project.ts'
import { shellOf } from '../../../src/main/phantom/scan.ts'
import { attenuationOf, densityIntercept } from '../../../src/main/phantom/units.ts'
import { rayOf, throughDiscs, throughSlice, type Scanner } from '../../fixtures/fan.ts'

const folder = mkdtempSync(join(tmpdir(), 'concord-fan-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A limb in a cast as discs; a turn of 219 degrees for a fan of 37. */
const scanner: Scanner = {
  ...{ sourceAxis: 140, sourceDetector: 210, bin: 0.7, step: 0.3, views: 731 },
  ...{ columns: 200, centre: 99.5, direction: 1 },
}
const discs = [
  [0, 0, 40, 0.01],
  [0, 0, 38.5, -0.01],
  [4, 2, 29, 0.02],
  [9, -3, 11, 0.04],
  [-16, 5, 4, 0.06],
] as const

function file(of: Scanner, rows = 2, line: (theta: number, s: number, view: number, row: number) => number) {
  const { columns, views } = of
  return {
    ...{ geometry: of, views, rows, columns, valid: [0, columns - 1] as const },
    read: (view: number, some: readonly number[]) =>
      Promise.resolve(
        Float64Array.from({ length: some.length * columns }, (_, i) => {
          const { theta, s } = rayOf(of, view, i % columns)
          return line(theta, s, view, some[Math.floor(i / columns)]!)
        }),
      ),
  }
}

describe('fan-beam views rebinned', () => {
  it.each([
    ['as it turns', 1, 99.5],
    ['the other way round', -1, 99.5],
    ['with the axis beside the middle of the detector', 1, 103.3],
  ] as const)('are the parallel views in closed form, %s', async (_name, direction, centre) => {
    const of = { ...scanner, direction, centre }
    const found = await rebinFile(file(of, 2, (theta, s) => throughDiscs(discs, theta, s)))
    expect(found.beam.direction).toBe(direction)
    expect(Math.abs(found.beam.columns[0] + found.centre - centre)).toBeLessThan(0.05)
    // The first whole parallel view lies half the fan's angle behind the first view.
    const start = (found.beam.fanAngle / 2) * (Math.PI / 180)
    const width = (of.bin * of.sourceAxis) / of.sourceDetector
    for (const [view, degrees] of [
      [found.zero, 0] as const,
      [found.adjacent, 0.24] as const,
      [found.opposite, 180] as const,
    ]) {
      let [worst, peak] = [0, 0]
      for (let x = 0; x < found.columns; x++) {
        const s = (found.beam.columns[0] + x - centre) * width
        const wanted = throughDiscs(discs, start + (degrees * Math.PI) / 180, s)
        peak = Math.max(peak, wanted)
        // Edges, where a chord falls to nothing within a bin, are left to the interpolation.
        const edge = discs.some(([px, py, radius]) => {
          const theta = start + (degrees * Math.PI) / 180
          return Math.abs(Math.abs(s + px * Math.sin(theta) - py * Math.cos(theta)) - radius) < 1.2
        })
        if (!edge) worst = Math.max(worst, Math.abs(view[x]! - wanted))
      }
      expect(worst / peak).toBeLessThan(0.005)
    }
    const estimate = motionEstimate(found, found.centre)
    expect(estimate.qmeNCC!).toBeGreaterThan(99.998)
    // As they are, the fan's views at 0 and 180 degrees are no mirror images.
    const raw = file(of, 1, (theta, s) => throughDiscs(discs, theta, s))
    const view = (degrees: number) => raw.read(Math.round(degrees / of.step), [0])
    const [zero, adjacent, opposite] = [await view(0), await view(0.3), await view(180)]
    const naive = motionEstimate({ rows: 1, columns: of.columns, zero, adjacent, opposite }, centre)
    expect(naive.qmeNCC!).toBeLessThan(99.9)
  })
})

describe('fan-beam projections of the phantom', () => {
  const size = 96
  const spec = {
    ...({ id: 'fan', seed: 'fan', patientIndex: 1, measurementIndex: 1, site: 'tibia', side: 'left' } as const),
    ...{ size, slices: 2, views: 16 },
  } as const
  const pixel = 92 / size
  const limb = limbOf({ ...spec, motion: motionless })
  const slices = [-1, 1].map((z) =>
    limbSlice(limb, z, size, pixel).map((value) => (value > densityIntercept + 0.01 ? attenuationOf(value) : 0)),
  )
  const shell = shellOf(limb)
  const of: Scanner = { ...scanner, columns: 152, bin: 1.08, centre: 75.5, step: 0.6, views: 380 }

  const castAt = (theta: number, s: number): number => {
    const outer = ellipseShadow(shell.a + shell.wall, shell.b + shell.wall, theta, s, 0.7)
    return ((outer - ellipseShadow(shell.a, shell.b, theta, s, 0.7)) * shell.attenuation) / 10
  }

  /** The limb moves with the time that the gantry takes; the cast stays. Noise as of some 40000 photons. */
  async function fanEstimate(motion: Motion): Promise<MotionEstimate & { start: number }> {
    const random = randomFrom('fan noise')
    const noise = Float64Array.from({ length: of.views * of.columns * 2 }, () => 0.005 * random.normal())
    const found = await rebinFile(
      file(of, 2, (theta, s, view, row) => {
        const column = Math.round(of.centre + (Math.tan(Math.asin(s / of.sourceAxis)) * of.sourceDetector) / of.bin)
        const pose = poseAt(motion, view / (of.views - 1))
        return (
          throughSlice(slices[row]!, size, pixel, pose, theta, s) +
          castAt(theta, s) +
          noise[(view * of.columns + column) * 2 + row]!
        )
      }),
    )
    return { ...motionEstimate(found, found.centre), start: (found.beam.fanAngle * Math.PI) / 360 }
  }

  it('give 100 at rest and fall with a drift, as the parallel views of the same limb do', async () => {
    const drift: Motion = { events: [{ kind: 'drift', start: 0.3, duration: 0.4, dx: 0.2, dy: 0.6, degrees: 0.3 }] }
    const factors = [0, 1, 2, 4]
    const fan = []
    for (const factor of factors) fan.push(await fanEstimate(scaled(drift, factor)))
    expect(Math.abs(fan[0]!.qmeNCC! - 100)).toBeLessThan(0.003)
    expect(fan[0]!.qmeSSD!).toBeLessThan(2.5)
    // Parallel views of the same limb at the same angles, before the drift and after it.
    const start = fan[0]!.start
    const parallel = factors.map((factor) => {
      const motion = scaled(drift, factor)
      const random = randomFrom('parallel noise')
      const view = (theta: number, time: number) =>
        Float64Array.from({ length: 2 * size }, (_, i) => {
          const s = ((i % size) - (size - 1) / 2) * pixel
          const through = throughSlice(slices[Math.floor(i / size)]!, size, pixel, poseAt(motion, time), theta, s)
          return through + castAt(theta, s) + 0.005 * random.normal()
        })
      const views = { zero: view(start, 0), adjacent: view(start + 0.0042, 0), opposite: view(start + Math.PI, 1) }
      return motionEstimate({ rows: 2, columns: size, ...views })
    })
    for (let i = 1; i < factors.length; i++) {
      expect(fan[i]!.qmeNCC!).toBeLessThan(fan[i - 1]!.qmeNCC!)
      expect(fan[i]!.qmeSSD!).toBeGreaterThan(fan[i - 1]!.qmeSSD!)
      // The same loss of likeness within a tenth.
      const ratio = (100 - fan[i]!.qmeNCC!) / (100 - parallel[i]!.qmeNCC!)
      expect(ratio, `${fan[i]!.qmeNCC} ${parallel[i]!.qmeNCC}`).toBeGreaterThan(0.9)
      expect(ratio).toBeLessThan(1.1)
    }
  })
})

describe('concord qme', () => {
  const run = async (...args: string[]) => {
    const [out, err]: [string[], string[]] = [[], []]
    const code = await runCommand(['qme', ...args], { out: (line) => out.push(line), err: (line) => err.push(line) })
    return { code, err, answer: JSON.parse(out[0] ?? 'null') as Record<string, unknown> }
  }
  const rows = 2
  const data = new Float32Array(scanner.views * rows * scanner.columns)
  for (let i = 0; i < data.length; i++) {
    const { theta, s } = rayOf(scanner, Math.floor(i / (rows * scanner.columns)), i % scanner.columns)
    data[i] = throughDiscs(discs, theta, s)
  }
  const common = { patientIndex: 1, measurementIndex: 1, name: 'PHANTOM', date: new Date(0) }
  const content = { views: data, rows, columns: scanner.columns, span: 0.3 * scanner.views, ...common }
  const write = async (name: string, fan?: Parameters<typeof writeRsq>[1]['fan']): Promise<string> => {
    await writeRsq(join(folder, name), { ...content, spacing: [0.5, 0.5], ...(fan ? { fan } : {}) })
    return join(folder, name)
  }
  const options = ['--source-axis', '140', '--source-detector', '210', '--bin', '0.7', '--step', '0.3']

  it('rebins by the geometry of an RSQ’s header, or by options, and says by which', async () => {
    const whole = await run(await write('whole.rsq', scanner))
    expect(whole.code).toBe(0)
    expect(whole.answer).toMatchObject({
      format: 'rsq',
      beam: { kind: 'fan', sourceAxis: 140, sourceDetector: 210, bin: 0.7, step: 0.3, direction: 1 },
    })
    expect(whole.answer['qmeNCC'] as number).toBeGreaterThan(99.999)
    expect(Math.abs((whole.answer['centre'] as number) - 99.5)).toBeLessThan(0.05)

    const npy = join(folder, 'fan.npy')
    writeFileSync(npy, encodeNpy([scanner.views, rows, scanner.columns], data))
    const given = await run(npy, ...options)
    expect(given.answer['qmeNCC'] as number).toBeCloseTo(whole.answer['qmeNCC'] as number, 3)
    const bare = await run(await write('bare.rsq', { ...scanner, sourceAxis: 0 }), ...options)
    expect(bare.answer['beam']).toEqual(whole.answer['beam'])
  })

  it('refuses a fan beam whose geometry is missing, does not hold together, or turns too little, and says what to do', async () => {
    const bare = await run(await write('bare.rsq', { ...scanner, sourceAxis: 0 }))
    expect(bare.answer).toMatchObject({ kind: 'reject', code: 'fan-beam' })
    expect(bare.answer['message']).toContain('--source-axis')
    const inside = await run(await write('inside.rsq', { ...scanner, sourceAxis: 300 }))
    expect(inside.answer['message']).toContain('does not hold together')
    const short = await run(await write('short.rsq', scanner), '--step', '0.25')
    expect(short.answer).toMatchObject({ code: 'fan-beam' })
    expect(short.answer['message']).toMatch(/cover 182\.5 degrees; .* need 180 and the fan's own 36\.\d/)
    expect((await run('a.npy', '--step', '-1')).code).toBe(2)
  })
})
