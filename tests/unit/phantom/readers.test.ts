import { describe, expect, it } from 'vitest'
import { randomFrom } from '../../../src/main/domain/random.ts'
import { difficultySpread, thesisGrades } from '../../../src/main/phantom/plan.ts'
import { simulateVotes } from '../../../src/main/phantom/readers.ts'
import type { Site } from '../../../src/main/phantom/types.ts'

/** Severities and difficulties as a plan draws them, grades as in the thesis's table. */
function sample(site: Site, n: number) {
  const random = randomFrom(`sample/${site}`)
  const weights = thesisGrades[site]
  const sum = weights.reduce((a, b) => a + b, 0)
  return Array.from({ length: n }, (_, i) => {
    let u = random.uniform() * sum
    const grade = 1 + weights.findIndex((weight) => (u -= weight) < 0)
    const severity = grade - 0.5 + random.uniform()
    const difficulty = Math.exp(difficultySpread * random.normal() - difficultySpread ** 2 / 2)
    return { id: `${site}-${i}`, site, severity, difficulty }
  })
}

const n = 40000
const wanted = { tibia: { full: 0.57, rescan: 0.046 }, radius: { full: 0.452, rescan: 0.102 } }

describe('three simulated readers', () => {
  // Tolerances: 1 point for full agreement, 0.5 for re-scan disagreement, 1.5 for each grade's share (the fit
  // itself misses the largest share by 0.9); four standard errors of the sample are 1.0, 0.6 and 1.0 at most.
  it.each(['tibia', 'radius'] as const)('agree on the %s as the thesis’s readers did', (site) => {
    const scans = sample(site, n)
    const votes = simulateVotes(scans, 'figures')
    const rows = scans.map((_, i) => votes.slice(3 * i, 3 * i + 3).map((vote) => vote.grade))
    const share = (holds: (row: number[]) => boolean): number => rows.filter(holds).length / n
    expect(Math.abs(share((row) => row.every((grade) => grade === row[0])) - wanted[site].full)).toBeLessThan(0.01)
    const split = share((row) => row.some((grade) => grade >= 4) && row.some((grade) => grade < 4))
    expect(Math.abs(split - wanted[site].rescan)).toBeLessThan(0.005)
    const total = thesisGrades[site].reduce((a, b) => a + b, 0)
    thesisGrades[site].forEach((count, i) => {
      const rounded = share((row) => Math.round(row.reduce((a, b) => a + b, 0) / 3) === i + 1)
      expect(Math.abs(rounded - count / total)).toBeLessThan(0.015)
    })
  })

  it('err together on the hard scans: those of more than average difficulty split them more', () => {
    const scans = sample('radius', n)
    const votes = simulateVotes(scans, 'figures')
    const disagreement = (hard: boolean): number => {
      const picked = scans.flatMap((scan, i) => (scan.difficulty > 1 === hard ? [i] : []))
      return (
        picked.filter((i) => new Set(votes.slice(3 * i, 3 * i + 3).map((vote) => vote.grade)).size > 1).length /
        picked.length
      )
    }
    expect(disagreement(true)).toBeGreaterThan(disagreement(false) + 0.05)
  })

  it('give a scan the same votes whatever stands around it', () => {
    const scans = sample('tibia', 20)
    const all = simulateVotes(scans, 5, 4)
    expect(all.length).toBe(80)
    expect(simulateVotes(scans.slice(7, 8), 5, 4)).toEqual(all.slice(28, 32))
    expect(new Set(all.map((vote) => vote.reader)).size).toBe(4)
  })
})
