import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bootstrapIntervals,
  clusterKinds,
  toTheEnd,
  percentile,
  ratingsFromTable,
  rescanDisagreement,
  rescanFigureOf,
  standingOf,
  tabulate,
} from '../../../src/main/domain/agreement/index.ts'
import { randomFrom } from '../../../src/main/domain/random.ts'

const scale = [1, 2, 3, 4, 5]
const random = randomFrom('clusters')
const grades = Array.from({ length: 300 }, () => {
  const grade = 1 + random.integer(5)
  return [0, 1, 2].map(() => (random.uniform() < 0.7 ? grade : 1 + random.integer(5)))
})
/** Patients of one to four scans. */
const patients = Int32Array.from(grades, (_, s) => Math.floor(s / 4) + 75 * Number(s % 4 === 3 && s % 3 === 0))
const table = tabulate(ratingsFromTable(grades, scale))

/** The bootstrap as it is written in textbooks: a patient after another is drawn, and all of the patient's scans taken. */
function plainResamples(count: number): number[] {
  const members = new Map<number, number[]>()
  patients.forEach((patient, s) => members.set(patient, [...(members.get(patient) ?? []), s]))
  const all = [...members.values()]
  const standing = standingOf(table, 4)
  const draw = randomFrom('plain')
  return Array.from({ length: count }, () => {
    let apart = 0
    let n = 0
    for (let i = 0; i < all.length; i += 1) {
      for (const s of all[draw.integer(all.length)]!) {
        n += 1
        apart += Number(standing[s] === 2)
      }
    }
    return apart / n
  })
}

describe('resamples of whole patients', () => {
  it('draw as many patients as there are, each scan as often as its patient', () => {
    const kinds = toTheEnd(clusterKinds(table, patients))
    expect(kinds.length).toBe(new Set(patients).size)
    const sums = new Float64Array(table.rows)
    const weights = new Float64Array(table.rows)
    const draw = randomFrom(1)
    for (let b = 0; b < 2000; b += 1) {
      weights.fill(0)
      kinds.draw(weights, draw)
      weights.forEach((weight, row) => (sums[row]! += weight / 2000))
    }
    // Each row is expected as often as it is there; its mean over 2000 resamples within five standard errors (count <= 4 a patient).
    table.weights.forEach((weight, row) =>
      expect(Math.abs(sums[row]! - weight)).toBeLessThan(5 * Math.sqrt((4 * weight) / 2000) + 0.05),
    )
  })

  it('give the intervals of a bootstrap that draws patient after patient', () => {
    const plain = Float64Array.from(plainResamples(20_000)).sort()
    const expected = [percentile(plain, 0.025), percentile(plain, 0.975)]
    const short = rescanFigureOf(standingOf(table, 4), patients, { bootstrap: 20_000, seed: 1 })
    const [long] = bootstrapIntervals(table, (of) => [rescanDisagreement(of, 4).rate], {
      ...{ resamples: 20_000, seed: 1, clusters: patients },
    })
    for (const ci of [short.ci!, long!.ci!])
      ci.forEach((limit, i) => expect(Math.abs(limit - expected[i]!)).toBeLessThan(0.003))
    expect(short).toMatchObject({ interval: 'bootstrap by patient', n: 300 })
  })

  it('do not change with the order of the scans or the numbers of the patients', () => {
    const rate = (rows: number[][], clusters: Int32Array) => {
      const of = tabulate(ratingsFromTable(rows, scale, 3))
      return [
        rescanFigureOf(standingOf(of, 4), clusters, { bootstrap: 50, seed: 7 }),
        bootstrapIntervals(of, (t) => [rescanDisagreement(t, 4).rate], { resamples: 50, seed: 7, clusters }),
      ]
    }
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
        const order = randomFrom(seed).shuffle([...grades.keys()])
        const renamed = Int32Array.from(order, (s) => (patients[s]! * 7) % 1009)
        expect(
          rate(
            order.map((s) => grades[s]!),
            renamed,
          ),
        ).toEqual(rate(grades, patients))
      }),
      { numRuns: 10 },
    )
  })

  it('take Wilson’s interval where every patient has one scan, and over patients where all scans agree', () => {
    const alone = Int32Array.from(grades, (_, s) => s)
    const options = { bootstrap: 100, seed: 1 }
    expect(rescanFigureOf(standingOf(table, 4), alone, options).interval).toBe('Wilson')
    const none = new Uint8Array(300).fill(1)
    const { ci, interval } = rescanFigureOf(none, patients, options)
    expect(interval).toBe('Wilson over patients')
    expect(ci![1]).toBeGreaterThan(rescanFigureOf(none, null, options).ci![1])
    expect(rescanFigureOf(new Uint8Array(3), null, options)).toMatchObject({ disagreementRate: null, ci: null })
  })
})
