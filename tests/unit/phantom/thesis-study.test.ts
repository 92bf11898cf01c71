import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { runCommand } from '../../../src/main/cli/run.ts'
import { agreementReport } from '../../../src/main/domain/agreement/report.ts'
import { consensusReport } from '../../../src/main/domain/consensus/report.ts'
import { readVotes } from '../../../src/main/domain/csv.ts'
import { thesisGrades } from '../../../src/main/phantom/plan.ts'

const folders: string[] = []
const out = async () => {
  const folder = join(await mkdtemp(join(tmpdir(), 'thesis-')), 'study')
  folders.push(folder)
  return folder
}
afterAll(() => Promise.all(folders.map((folder) => rm(join(folder, '..'), { recursive: true, force: true }))))

async function simulate(folder: string, ...args: string[]) {
  const said: string[] = []
  const failed: string[] = []
  const io = { out: (line: string) => void said.push(line), err: (line: string) => void failed.push(line) }
  const exit = await runCommand(['simulate', folder, '--votes-only', ...args], io)
  return { exit, answer: JSON.parse(said[0] ?? 'null') as Record<string, unknown> | null, failed }
}

/** As printed in the thesis, 500 scans a site. */
const printed = {
  tibia: { full: 0.57, rescan: 0.046 },
  radius: { full: 0.452, rescan: 0.102 },
} as const
const categories = [1, 2, 3, 4, 5]

/** Standard error of a share p of n scans. */
const se = (p: number, n: number): number => Math.sqrt((p * (1 - p)) / n)

describe('a simulated study of the size of the thesis’s', async () => {
  const folder = await out()
  const { exit, answer } = await simulate(folder)

  it('has 500 scans a site and three readers', () => {
    expect(exit).toBe(0)
    expect(answer).toMatchObject({ scans: 1000, patients: 500, readers: 3, votes: 3000, grades: 'thesis' })
    expect(answer?.['files']).toEqual(['votes.csv', 'votes-tibia.csv', 'votes-radius.csv'])
  })

  // Every figure within three standard errors of a sample of 500: 6.6 and 6.7 points of full agreement, 2.8 and 4.1 of
  // re-scan disagreement; each grade's share within three standard errors and the 1 point by which the fit misses the largest.
  it.each(['tibia', 'radius'] as const)('gives the figures printed for the %s, from file to report', async (site) => {
    const ratings = await readVotes(await readFile(join(folder, `votes-${site}.csv`), 'utf8'), categories)
    const report = agreementReport(ratings, { rescanFrom: 4, bootstrap: 0, seed: 1 })
    expect(report.subjects).toBe(500)
    const { full, rescan } = printed[site]
    expect(Math.abs(report.fullAgreementRate! - full)).toBeLessThan(3 * se(full, 500))
    expect(report.rescan.n).toBe(500)
    expect(Math.abs(report.rescan.disagreementRate! - rescan)).toBeLessThan(3 * se(rescan, 500))
    const { labels, noConsensus } = consensusReport(ratings, 'rounded-mean', 4)
    expect(noConsensus).toBe(0)
    const total = thesisGrades[site].reduce((sum, count) => sum + count, 0)
    thesisGrades[site].forEach((count, i) => {
      const share = labels.filter(({ label }) => label === i + 1).length / 500
      expect(Math.abs(share - count / total)).toBeLessThan(3 * se(count / total, 500) + 0.01)
    })
  })

  it('gives both sites’ figures together, patients being clusters of two scans', async () => {
    const ratings = await readVotes(await readFile(join(folder, 'votes.csv'), 'utf8'), categories)
    const report = agreementReport(ratings, { rescanFrom: 4, bootstrap: 200, seed: 1 })
    expect(Math.abs(report.fullAgreementRate! - 0.511)).toBeLessThan(3 * se(0.511, 1000))
    expect(Math.abs(report.rescan.disagreementRate! - 0.074)).toBeLessThan(3 * se(0.074, 1000))
    expect(report.rescan.interval).toBe('bootstrap by patient')
    expect(report.rescan.ci![0]).toBeLessThan(report.rescan.disagreementRate!)
    expect(report.rescan.ci![1]).toBeGreaterThan(report.rescan.disagreementRate!)
  })

  it('is the same again for the same seed, and another for another', async () => {
    const [again, other] = [await out(), await out()]
    await simulate(again)
    await simulate(other, '--seed', '1')
    const text = (of: string) => readFile(join(of, 'votes.csv'), 'utf8')
    expect(await text(again)).toBe(await text(folder))
    expect(await text(other)).not.toBe(await text(folder))
  })

  it('writes nothing over what is there', async () => {
    const { exit: refused, failed } = await simulate(folder)
    expect(refused).toBe(2)
    expect(failed[0]).toContain('not empty')
  })
})
