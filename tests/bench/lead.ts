import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { display } from '../../scripts/lib/display.mjs'
import { median } from '../../src/main/domain/median.ts'
import { createStatistics } from '../../src/main/statistics/host.ts'
import type { ConcordApi } from '../../src/preload/contract/index.ts'
import { addLargeStudy, timed } from '../fixtures/large-study.ts'
import { startProgram } from '../fixtures/program.ts'
import { openWindow, type Window } from '../main-job/window.ts'
import type { Line } from './line.ts'
import { sealed } from './sealed.ts'

const scans = 100_000
/** What the lead's page may take, in milliseconds: to open, to follow a filter, and of the main process at a stretch. */
const bounds = { open: 500, filter: 100, loop: 20 }

/** The lead's pages on 100,000 scans and 300,000 votes, in the real window. */
export async function bench(line: Line): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'concord-bench-lead-'))
  const screen = await display({ always: true })
  try {
    const data = join(root, 'data')
    const { studyId, database } = await prepare(data)
    await cold(database, studyId, line)
    await sealed(join(root, 'sealed'), line)
    const window = await openWindow({ data, env: screen.env, size: { width: 1440, height: 860 } })
    await window.signIn('lead')
    await window.at('study-row').first().waitFor()
    // A lead looks at the list for a moment; meanwhile the votes are read ahead.
    await window.page.waitForTimeout(3000)
    await watch(window)
    await loopDelay(window)
    await window.page.waitForTimeout(2000)
    line('main process at rest, p99 of its event loop', ...(await held(window)))
    const opened = await change(window, () => go(window, `/studies/${studyId}/overview`))
    line('lead’s page with 300,000 votes opens', opened, 'ms', `the bound of ${bounds.open} ms`, opened / bounds.open)
    await window.page.waitForTimeout(1500)
    line('… main process meanwhile, p99 of its event loop', ...(await held(window)))
    const waits: number[] = []
    for (const [test, value] of filters)
      waits.push(
        await change(window, () =>
          window
            .at(test)
            .selectOption(value)
            .then(() => undefined),
        ),
      )
    const typical = median(waits)!
    line('… follows a filter, median', typical, 'ms', `the bound of ${bounds.filter} ms`, typical / bounds.filter)
    const slowest = Math.max(...waits)
    line('… follows a filter, slowest', slowest, 'ms', `the bound of ${bounds.filter} ms`, slowest / bounds.filter)
    await window.page.waitForTimeout(1500)
    line('… main process meanwhile, p99 of its event loop', ...(await held(window)))
    const began = performance.now()
    await go(window, `/studies/${studyId}/disagreement`)
    await window.at('disputed-row').first().waitFor()
    const listed = performance.now() - began
    line('list of disputed scans opens', listed, 'ms', `the bound of ${bounds.open} ms`, listed / bounds.open)
    line('… main process meanwhile, p99 of its event loop', ...(await held(window)))
    await window.close()
  } finally {
    screen.stop()
    rmSync(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }
}

/** One choice after another; each changes the rate on the page. */
const filters: [string, string][] = [
  ['overview-filter-site', 'tibia'],
  ['overview-filter-reader', 'B'],
  ['overview-filter-site', 'radius'],
  ['overview-filter-reader', 'all'],
  ['overview-filter-label', '3'],
  ['overview-filter-rule', 'rounded-mean'],
  ['overview-filter-label', '4'],
  ['overview-filter-label', 'all'],
  ['overview-filter-site', 'all'],
]

async function prepare(data: string): Promise<{ studyId: string; database: string }> {
  const program = await startProgram(data)
  const lead = await program.person('lead', 'lead', 'administrator')
  const readers = [
    await program.person('r1', 'reader'),
    await program.person('r2', 'reader'),
    await program.person('r3', 'reader'),
  ]
  const { studyId } = await addLargeStudy(program.db, {
    ...{ scans, readerIds: readers.map((reader) => reader.accountId), leadId: lead.accountId },
  })
  const { database } = program.folders
  await program.close()
  return { studyId, database }
}

/** The figures without anything read ahead: what the first page after the start costs where nobody waited. */
async function cold(database: string, id: string, line: Line): Promise<void> {
  const statistics = createStatistics({ file: database })
  const study = { id, categories: [1, 2, 3, 4, 5], rescanFrom: 4 }
  const common = { kind: 'overview', study, filter: {}, resamples: 1000, seed: 1 } as const
  const first = await timed(() => statistics.ask({ ...common, everything: false }))
  const again = await timed(() => statistics.ask({ ...common, everything: false }))
  const whole = await timed(() => statistics.ask({ ...common, everything: true }))
  line(
    'figures of 300,000 votes, nothing read ahead',
    first.ms,
    'ms',
    `the bound of ${bounds.open} ms`,
    first.ms / bounds.open,
  )
  line('… once they are read', again.ms, 'ms', 'the first time', again.ms / first.ms)
  line('… with 1000 resamples of 50,000 patients', whole.ms, 'ms', 'the first time', whole.ms / first.ms)
  await statistics.close()
}

const go = (window: Window, path: string): Promise<void> =>
  window.page.evaluate((to) => void (location.hash = `#${to}`), path)

/** Notes in the page when the rate on it was last another one. */
async function watch({ page }: Window): Promise<void> {
  await page.evaluate(() => {
    const clock = { began: 0, shown: 0, text: '' }
    Object.assign(window, { clock })
    const start = (): void => void (clock.began = performance.now())
    addEventListener('hashchange', start, true)
    addEventListener('change', start, true)
    new MutationObserver(() => {
      const text = document.querySelector('[data-test="overview-rescan"]')?.textContent ?? ''
      if (text !== '' && text !== clock.text) Object.assign(clock, { text, shown: performance.now() })
    }).observe(document.body, { subtree: true, childList: true, characterData: true })
  })
}

/** Milliseconds from what the person does to the new figures on the page. */
async function change(window: Window, act: () => Promise<void>): Promise<number> {
  await act()
  const found = await window.page.waitForFunction(
    () => {
      const { clock } = window as unknown as { clock: { began: number; shown: number } }
      return clock.shown > clock.began ? { ms: clock.shown - clock.began } : null
    },
    undefined,
    { timeout: 60_000 },
  )
  const { ms } = (await found.jsonValue())!
  // The intervals of the coefficients come after the figures; the next choice does not wait for them in earnest.
  await window.page.waitForTimeout(600)
  return ms
}

async function loopDelay({ page }: Window): Promise<{ p99: number; max: number }> {
  const outcome = await page.evaluate(() =>
    (window as unknown as { concord: ConcordApi }).concord.program.loopDelay({ reset: true }),
  )
  if (!outcome.ok) throw new Error(outcome.error.message)
  return outcome.value
}

async function held(window: Window): Promise<[number, string, string, number]> {
  const { p99 } = await loopDelay(window)
  return [p99, 'ms', `the bound of ${bounds.loop} ms`, p99 / bounds.loop]
}
