import { median } from '../../src/main/domain/median.ts'
import type { ConcordApi } from '../../src/preload/contract/index.ts'
import { openWindow, type Window } from '../main-job/window.ts'
import type { Line } from './line.ts'

/** What the lead's page may take, in milliseconds: to open, to follow a filter, and of the main process at a stretch. */
export const bounds = { open: 500, filter: 100, loop: 20 }

export interface Pages {
  data: string
  env: Record<string, string>
  studyId: string
  /** In words. */
  votes: string
  /** Letter of a reader to filter by. */
  reader: string
  /** How long the lead looks at the list of studies, in milliseconds, while the votes are read ahead. */
  ahead: number
}

/** The lead's pages of a study that is there already, in the real window. */
export async function leadPages({ data, env, studyId, votes, reader, ahead }: Pages, line: Line): Promise<void> {
  const window = await openWindow({ data, env, size: { width: 1440, height: 860 } })
  await window.signIn('lead')
  await window.at('study-row').first().waitFor()
  // A lead looks at the list for a moment; meanwhile the votes are read ahead.
  await window.page.waitForTimeout(ahead)
  await watch(window)
  await loopDelay(window)
  await window.page.waitForTimeout(2000)
  line('main process at rest, p99 of its event loop', ...(await held(window)))
  const { shown: opened } = await change(window, () => go(window, `/studies/${studyId}/overview`))
  line(`lead’s page with ${votes} votes opens`, opened, 'ms', `the bound of ${bounds.open} ms`, opened / bounds.open)
  await window.page.waitForTimeout(1500)
  line('… main process meanwhile, p99 of its event loop', ...(await held(window)))
  const waits: Change[] = []
  for (const [test, value] of filters(reader))
    waits.push(
      await change(window, () =>
        window
          .at(test)
          .selectOption(value)
          .then(() => undefined),
      ),
    )
  const figure = (what: string, ms: number): void =>
    line(`… follows a filter, ${what}`, ms, 'ms', `the bound of ${bounds.filter} ms`, ms / bounds.filter)
  const shown = waits.map((wait) => wait.shown)
  const painted = waits.map((wait) => wait.painted)
  figure('median', median(shown)!)
  figure('slowest', Math.max(...shown))
  figure('to the frame with it, median', median(painted)!)
  figure('to the frame with it, slowest', Math.max(...painted))
  await window.page.waitForTimeout(1500)
  line('… main process meanwhile, p99 of its event loop', ...(await held(window)))
  const began = performance.now()
  await go(window, `/studies/${studyId}/disagreement`)
  await window.at('disputed-row').first().waitFor()
  const listed = performance.now() - began
  line('list of disputed scans opens', listed, 'ms', `the bound of ${bounds.open} ms`, listed / bounds.open)
  line('… main process meanwhile, p99 of its event loop', ...(await held(window)))
  await window.close()
}

/** One choice after another; each changes the rate on the page. */
const filters = (reader: string): [string, string][] => [
  ['overview-filter-site', 'tibia'],
  ['overview-filter-reader', reader],
  ['overview-filter-site', 'radius'],
  ['overview-filter-reader', 'all'],
  ['overview-filter-label', '3'],
  ['overview-filter-rule', 'rounded-mean'],
  ['overview-filter-label', '4'],
  ['overview-filter-label', 'all'],
  ['overview-filter-site', 'all'],
]

const go = (window: Window, path: string): Promise<void> =>
  window.page.evaluate((to) => void (location.hash = `#${to}`), path)

/** Notes in the page when the rate on it was last another one, and when that was painted. */
async function watch({ page }: Window): Promise<void> {
  await page.evaluate(() => {
    const clock = { began: 0, shown: 0, painted: 0, text: '' }
    Object.assign(window, { clock })
    const start = (): void => void (clock.began = performance.now())
    addEventListener('hashchange', start, true)
    addEventListener('change', start, true)
    new MutationObserver(() => {
      const text = document.querySelector('[data-test="overview-rescan"]')?.textContent ?? ''
      if (text === '' || text === clock.text) return
      Object.assign(clock, { text, shown: performance.now() })
      // Before the frame is made; the task comes after it, and before the page's own.
      const note = (): void => void (clock.painted = performance.now())
      requestAnimationFrame(() => void scheduler.postTask(note, { priority: 'user-blocking' }))
    }).observe(document.body, { subtree: true, childList: true, characterData: true })
  })
}

/** Milliseconds from what the person does to the new figures on the page, and to the frame that shows them. */
interface Change {
  shown: number
  painted: number
}

async function change(window: Window, act: () => Promise<void>): Promise<Change> {
  await act()
  const found = await window.page.waitForFunction(
    () => {
      const { clock } = window as unknown as { clock: { began: number; shown: number; painted: number } }
      const { began, shown, painted } = clock
      return shown > began && painted > shown ? { shown: shown - began, painted: painted - began } : null
    },
    undefined,
    { timeout: 60_000 },
  )
  const waited = (await found.jsonValue())!
  // The intervals of the coefficients come after the figures; the next choice does not wait for them in earnest.
  await window.page.waitForTimeout(600)
  return waited
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
