import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defaultRecipe } from '../../src/preload/contract/training.ts'
import { mainJob } from '../main-job/job.ts'
import { expect, test, type Window } from './window.ts'

/** A PNG's width and height, from its first chunk. */
function pngSize(file: string): [number, number] {
  const bytes = readFileSync(file)
  expect(bytes.subarray(1, 4).toString('latin1')).toBe('PNG')
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)]
}

test('the main job, from the first start to a network’s grades', async ({ data }) => {
  const out = join(data, 'out')
  const plan = { forReaders: 12, forNetwork: 4, size: 96, slices: 8, seed: 1 }
  const recipe = { ...defaultRecipe, imageSize: 64, epochs: 3, patience: 3, testShare: 0 }
  let window: Window | null = null
  try {
    // The job itself refuses votes other than those typed, and an agreement other than that of votes.csv.
    const done = await mainJob({
      out,
      env: {},
      plan,
      recipe,
      rule: 'rounded-mean',
      size: { width: 1280, height: 800 },
      rest: 0,
      tell: () => undefined,
    })
    window = done.window
    const { report } = done
    const kept = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as typeof report
    expect(kept).toEqual(JSON.parse(JSON.stringify(report)))
    expect(report).toMatchObject({ scans: 16, readers: 3, votes: 36, labels: 12, predictions: 4, pdf: 'report.pdf' })
    expect(report.agreement).toMatchObject({ subjects: 12, rescan: { n: 12 } })
    expect(report.training).toMatchObject({ network: 'walle2023', epochs: 3 })
    const { lossFirst, lossLast, validationAccuracy } = report.training
    for (const figure of [lossFirst, lossLast]) expect(figure).toBeGreaterThan(0)
    expect(validationAccuracy).toBeGreaterThanOrEqual(0)
    expect(validationAccuracy).toBeLessThanOrEqual(1)
    for (const rate of [report.rescanAccuracyOnUnseen, report.majorityClassRate]) {
      expect(rate).toBeGreaterThanOrEqual(0)
      expect(rate).toBeLessThanOrEqual(1)
    }
    expect(report.majorityClassRate).toBeGreaterThanOrEqual(0.5)
    expect(report.eventLoopP99Ms).toBeGreaterThan(0)
    expect(report.eventLoopMaxMs).toBeGreaterThanOrEqual(report.eventLoopP99Ms)

    const lines = (file: string): string[] => readFileSync(join(out, file), 'utf8').trim().split(/\r?\n/)
    expect(lines('votes.csv')[0]).toMatch(/^subject,rater,grade/)
    expect(lines('votes.csv')).toHaveLength(1 + 36)
    expect(lines('labels.csv')).toHaveLength(1 + 12)
    expect(lines('predictions.csv')).toHaveLength(1 + 4)
    expect(readFileSync(join(out, 'report.pdf')).subarray(0, 5).toString('latin1')).toBe('%PDF-')
    expect(report.screenshots.length).toBeGreaterThan(20)
    for (const shot of report.screenshots) {
      expect(existsSync(join(out, shot)), shot).toBe(true)
      const [width, height] = pngSize(join(out, shot))
      expect(width).toBeGreaterThanOrEqual(1280)
      expect(height).toBeGreaterThanOrEqual(800)
    }
    expect(window.errors).toEqual([])
  } finally {
    await window?.close()
  }
})
