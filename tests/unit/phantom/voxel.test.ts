import { describe, expect, it } from 'vitest'
import { centreOf, limbOf, limbSlice } from '../../../src/main/phantom/bone.ts'
import { planStudy } from '../../../src/main/phantom/plan.ts'
import { openPool } from '../../../src/main/phantom/pool.ts'
import { geometryOf, simulateSlices } from '../../../src/main/phantom/scan.ts'
import { simulateScan } from '../../../src/main/phantom/simulate.ts'

const options = { patients: 2, scansPerPatient: 1, grades: 'balanced', seed: 4, slices: 2 } as const

describe('a voxel of the scanner’s size', () => {
  it('gives a window about the main bone, cut from the reconstruction of the whole limb', async () => {
    // 92 mm in 184 bins of half a millimetre, seen whole and through a window.
    const { spec } = planStudy({ ...options, site: 'tibia', size: 96, voxel: 0.5 })[0]!
    expect(geometryOf(spec)).toEqual({ size: 184, pixel: 0.5, views: 750 })
    const { voxel: _, ...rest } = { ...spec, views: 120 }
    const seen = simulateSlices({ ...spec, views: 120 }, 0, 1)
    const whole = simulateSlices({ ...rest, size: 184 }, 0, 1)
    expect(seen.motionViews).toEqual(whole.motionViews)
    expect(seen.voxels.length).toBe(96 * 96)
    const limb = limbOf(spec)
    const { x, y } = centreOf(limb, limb.anatomy.bones[0]!)
    const [left, top] = [x, y].map((middle) => Math.round(middle / 0.5 + (184 - 96) / 2)) as [number, number]
    for (let row = 0; row < 96; row++)
      expect(seen.voxels.subarray(row * 96, row * 96 + 96)).toEqual(
        whole.voxels.subarray((top + row) * 184 + left, (top + row) * 184 + left + 96),
      )
    const pool = openPool(1)
    try {
      const { volume, motionViews } = await simulateScan({ ...spec, views: 120 }, pool)
      expect([volume.dims, volume.spacing[0], volume.spacing[1]]).toEqual([[96, 96, 2], 0.5, 0.5])
      expect(motionViews.columns).toBe(184)
    } finally {
      await pool.close()
    }
    expect(() => planStudy({ ...options, site: 'tibia', size: 96, voxel: 0.01 })).toThrow(/voxel must be 0.05 to 1 mm/)
  })

  // Mean intercept lengths along rows and columns of the marrow space, bone above 320 mgHA/cm3; dense to osteoporotic.
  // Trabeculae of some 0.2 to 0.3 mm, 0.5 to 1.2 mm apart, are what HR-pQCT shows at both sites; intercepts, which cut them
  // at a slant, are longer than these distances.
  it.each(['tibia', 'radius'] as const)(
    'shows a network of realistic thickness and spacing in a %s at 61 and 82 um',
    (site) => {
      const all: { volume: number; thickness: number; spacing: number }[] = []
      for (const patientIndex of [1, 2, 3]) {
        const base = { ...planStudy({ ...options, site, size: 64 })[0]!.spec, seed: 'network', patientIndex }
        const limb = limbOf(base)
        const figures = [0.061, 0.082].map((voxel) => {
          const { size, pixel } = geometryOf({ ...base, voxel })
          const slice = limbSlice(limb, 0, size, pixel)
          const { x, y } = centreOf(limb, limb.anatomy.bones[0]!)
          const [cx, cy] = [x, y].map((middle) => Math.round(middle / pixel + (size - 1) / 2)) as [number, number]
          const reach = Math.round((site === 'tibia' ? 10 : 5) / pixel)
          const bony = (u: number, v: number): boolean => slice[(cy + v) * size + cx + u]! > 320
          let [bone, total, edges] = [0, 0, 0]
          for (let v = -reach; v <= reach; v++)
            for (let u = -reach; u <= reach; u++) {
              const here = bony(u, v)
              total++
              if (here) bone++
              if (here !== bony(u + 1, v)) edges++
              if (here !== bony(u, v + 1)) edges++
            }
          // Two edges a trabecula, along two directions.
          const trabeculae = edges / 4
          return {
            volume: bone / total,
            thickness: (bone / trabeculae) * pixel,
            spacing: ((total - bone) / trabeculae) * pixel,
          }
        })
        const [fine, coarse] = figures as [(typeof figures)[0], (typeof figures)[0]]
        expect(Math.abs(fine.volume - coarse.volume)).toBeLessThan(0.01)
        expect(coarse.thickness / fine.thickness).toBeLessThan(1.15)
        all.push(...figures)
      }
      const mean = (of: keyof (typeof all)[0]): number => all.reduce((sum, one) => sum + one[of], 0) / all.length
      const figures = `${mean('volume')}, ${mean('thickness')}, ${mean('spacing')}`
      expect(mean('volume'), figures).toBeGreaterThan(0.12)
      expect(mean('volume'), figures).toBeLessThan(0.32)
      expect(mean('thickness'), figures).toBeGreaterThan(0.2)
      expect(mean('thickness'), figures).toBeLessThan(0.36)
      expect(mean('spacing'), figures).toBeGreaterThan(0.5)
      expect(mean('spacing'), figures).toBeLessThan(1.4)
    },
  )
})
