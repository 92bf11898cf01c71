import { createReadStream, mkdirSync, rmSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { agreementReport } from '../../src/main/domain/agreement/report.ts'
import { readVotes } from '../../src/main/domain/csv.ts'
import type { Recipe } from '../../src/preload/contract/training.ts'
import { makeAccounts, readers } from './accounts.ts'
import { leadWork } from './lead.ts'
import { trainAndGrade } from './network.ts'
import { rescanAccuracy } from './plan.ts'
import { readQueue, type Typed } from './reading.ts'
import { lookInDatabase, makeScans, type MadeScans, type ScanPlan, type Stored } from './scans.ts'
import { makeStudy } from './study.ts'
import { openWindow, password, type Window } from './window.ts'

export interface MainJobOptions {
  /** Folder of everything that the job leaves; emptied first. */
  out: string
  env: Record<string, string>
  plan: ScanPlan
  recipe: Recipe
  rule: 'majority' | 'rounded-mean'
  size: { width: number; height: number }
  /** Milliseconds before each screenshot, for people who look at them. */
  rest?: number
  tell(line: string): void
}

/** The main job in the real window, from the first start to a network's grades; returns the report and the open window. */
export async function mainJob(options: MainJobOptions) {
  const { out, env, plan, size, rest, tell } = options
  const began = performance.now()
  rmSync(out, { recursive: true, force: true })
  mkdirSync(out, { recursive: true })
  tell('making scans with the motion phantom')
  const made = await makeScans(join(out, 'made'), plan, tell)
  const data = join(out, 'data')
  tell('opening the window')
  const window = await openWindow({ data, env, shotFolder: join(out, 'screenshots'), rest, size })
  try {
    const report = await work(window, made, data, options)
    report.seconds = Math.round((performance.now() - began) / 100) / 10
    await writeFile(join(out, 'report.json'), `${JSON.stringify(report, null, 2)}\n`)
    return { report, window }
  } catch (error) {
    await window.page.screenshot({ path: join(out, 'failure.png') }).catch(() => undefined)
    await window.close().catch(() => undefined)
    throw error
  }
}

async function work(window: Window, made: MadeScans, data: string, options: MainJobOptions) {
  const { out, recipe, rule, tell } = options
  await makeAccounts(window)
  tell('accounts are made')
  await makeStudy(window, { ...made, title: 'Motion in HR-pQCT' })
  tell('the study is open')

  const stored = await lookInDatabase(data, made)
  const gradeOf = (reader: string, pseudonym: string): number =>
    stored.scans.get(pseudonym)!.grades![readers.indexOf(reader as (typeof readers)[number])]!
  const typed: Typed[] = []
  for (const [index, reader] of readers.entries())
    typed.push(...(await readQueue(window, reader, gradeOf, tell, index === 0)))
  compareVotes(typed, await lookInDatabase(data, made, { name: 'lead', password }))
  tell(`${typed.length} votes are in the database as they were typed, sealed`)

  await leadWork(window, out, rule)
  const agreement = JSON.parse(await readFile(join(out, 'agreement.json'), 'utf8')) as Record<string, unknown>
  await compareAgreement(agreement, join(out, 'votes.csv'))
  tell('the agreement equals its recomputation from votes.csv')

  const { run, predictions, loop } = await trainAndGrade(window, out, recipe, tell)
  const unseen = rescanAccuracy(
    predictions.map((p) => ({ grade: p.grade, trueGrade: stored.scans.get(p.pseudonym)!.trueGrade })),
  )
  if (window.errors.length > 0) throw new Error(`the page reported errors: ${window.errors.join(' | ')}`)
  const best = run.epochs.find((epoch) => epoch.epoch === run.bestEpoch)
  return {
    scans: made.scans,
    readers: readers.length,
    votes: typed.length,
    agreement,
    labels: run.split.train + run.split.validation + run.split.test,
    training: {
      network: run.recipe.network,
      epochs: run.epochs.length,
      lossFirst: run.epochs[0]!.loss,
      lossLast: run.epochs.at(-1)!.loss,
      validationAccuracy: run.validation?.accuracy.estimate ?? best?.validationAccuracy ?? null,
      device: run.device,
    },
    predictions: predictions.length,
    rescanAccuracyOnUnseen: unseen.accuracy,
    majorityClassRate: unseen.majorityClassRate,
    eventLoopP99Ms: loop.p99,
    eventLoopMaxMs: loop.max,
    screenshots: window.shots.map((shot) => `screenshots/${shot}`),
    pdf: 'report.pdf',
    seconds: 0,
  }
}

/** The simulated readers' votes in the database equal what was typed. */
function compareVotes(typed: Typed[], { votes }: Stored): void {
  const line = (v: { reader: string; pseudonym: string; grade: number | null }): string =>
    `${v.reader} ${v.pseudonym} ${v.grade}`
  const wanted = typed.map(line).sort()
  const found = votes.map(line).sort()
  if (JSON.stringify(wanted) !== JSON.stringify(found))
    throw new Error(`the votes in the database are not those typed: ${found.length} found, ${wanted.length} typed`)
}

/**
 * The window's agreement equals a recomputation from the exported votes. The export lists scans in another order, and
 * sums of floating-point numbers depend on it: figures may differ in their last digit.
 */
async function compareAgreement(agreement: Record<string, unknown>, votesCsv: string): Promise<void> {
  const ratings = await readVotes(createReadStream(votesCsv), [1, 2, 3, 4, 5])
  const again = agreementReport(ratings, { rescanFrom: 4, bootstrap: 0, seed: 1 })
  const figures = (report: Record<string, unknown>): unknown[] => {
    const { fleissKappa, percentAgreement, fullAgreementRate, gwetAC1, kendallW } = report
    const { bootstrapCi: _, ...fleiss } = fleissKappa as Record<string, unknown>
    const { disagreementRate, count, n } = report['rescan'] as Record<string, unknown>
    return [fleiss, percentAgreement, fullAgreementRate, gwetAC1, kendallW, disagreementRate, count, n]
  }
  const shown = figures(agreement)
  const wanted = figures(JSON.parse(JSON.stringify(again)) as Record<string, unknown>)
  if (!alike(shown, wanted))
    throw new Error(`the agreement shown is not the votes': ${JSON.stringify(shown)} and ${JSON.stringify(wanted)}`)
}

function alike(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number')
    return a === b || Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b))
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b
  const keys = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...keys].every((key) => alike((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]))
}

export type { Window }
