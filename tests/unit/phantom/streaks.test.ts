import { describe, expect, it } from 'vitest'
import { limbOf, limbSlice } from '../../../src/main/phantom/bone.ts'
import { geometryOf, heightOf, simulateSlices } from '../../../src/main/phantom/scan.ts'
import { courseOf } from '../../../src/main/phantom/severity.ts'
import type { ScanSpec, Site } from '../../../src/main/phantom/types.ts'
import { densityOfNative } from '../../../src/main/phantom/units.ts'

/**
 * Streak energy, mgHA/cm3: standard deviation of the 3 x 3 mean (which takes most photon noise out) over the soft tissue
 * at least 2 mm away from bone and skin. At rest this tissue is nearly even; streaks off the cortex cross it.
 */
function streakEnergy(voxels: Int16Array, truth: Float32Array, size: number, pixel: number): number {
  const margin = Math.ceil(2 / pixel)
  let [n, sum, square] = [0, 0, 0]
  for (let y = margin; y < size - margin; y++)
    for (let x = margin; x < size - margin; x++) {
      let even = true
      for (let dy = -margin; dy <= margin && even; dy++)
        for (let dx = -margin; dx <= margin && even; dx++) {
          const value = truth[(y + dy) * size + x + dx]!
          even = value > -100 && value < 100
        }
      if (!even) continue
      let mean = 0
      for (let dy = -1; dy <= 1; dy++)
        for (let dx = -1; dx <= 1; dx++) mean += densityOfNative(voxels[(y + dy) * size + x + dx]!) / 9
      n++
      sum += mean
      square += mean * mean
    }
  expect(n).toBeGreaterThan(300)
  return Math.sqrt(square / n - (sum / n) ** 2)
}

describe('streaks', () => {
  it.each(['tibia', 'radius'] as const)('rise from grade 1 to 3 to 5 in every %s', (site: Site) => {
    for (let seed = 1; seed <= 4; seed++) {
      const still: ScanSpec = {
        ...{ id: 'streaks', seed: `streaks-${seed}`, patientIndex: 1, measurementIndex: 1, site, side: 'right' },
        ...{ size: 128, slices: 1, views: 192, motion: { events: [] } },
      }
      // The limb is the same however it moves, and dear to grow.
      const limb = limbOf(still)
      const { size, pixel } = geometryOf(still)
      const truth = limbSlice(limb, heightOf(0, 1), size, pixel)
      const energies = [0.5, 3, 5].map((severity) => {
        const spec = { ...still, motion: courseOf(`streaks-${seed}-${site}`, site, severity) }
        return streakEnergy(simulateSlices(spec, 0, 1, limb).voxels, truth, size, pixel)
      })
      const [atRest, moderate, severe] = energies as [number, number, number]
      expect(moderate, `seed ${seed}: ${energies.join(', ')}`).toBeGreaterThan(atRest)
      expect(severe, `seed ${seed}: ${energies.join(', ')}`).toBeGreaterThan(1.5 * moderate)
    }
  })

  it('have more energy at grade 5 than at grade 3, whatever the courses, for 50 seeds', () => {
    // Unrelated courses, of any kind; the measure that grades follow is not this one. Ten limbs keep it quick.
    const limbs = Array.from({ length: 10 }, (_, patient) => {
      const site: Site = patient % 2 === 0 ? 'tibia' : 'radius'
      const place = { patientIndex: patient + 1, measurementIndex: 1, site, side: 'right' as const }
      const spec = { ...place, id: 'streaks', seed: 'fifty', size: 96, slices: 1, views: 144 }
      const limb = limbOf({ ...spec, motion: { events: [] } })
      const { pixel } = geometryOf(spec)
      return { spec, limb, pixel, truth: limbSlice(limb, heightOf(0, 1), 96, pixel) }
    })
    const ratios = Array.from({ length: 50 }, (_, seed) => {
      const { spec, limb, pixel, truth } = limbs[seed % limbs.length]!
      const [moderate, severe] = [3, 5].map((grade) => {
        const motion = courseOf(`fifty-${seed}-${grade}`, spec.site, grade)
        return streakEnergy(
          simulateSlices({ ...spec, id: `scan-${seed}`, motion }, 0, 1, limb).voxels,
          truth,
          96,
          pixel,
        )
      })
      return severe! / moderate!
    }).sort((a, b) => a - b)
    // Visibly more: above 1 for every seed, twice as much for half of them.
    expect(ratios[0]!).toBeGreaterThan(1)
    expect(ratios[25]!).toBeGreaterThan(1.8)
  })
})
