import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Window } from './window.ts'

/**
 * Looks at pages as they stand: what is cut, what scrolls sideways, what axe finds; with CONCORD_PICTURES set, a picture
 * of each is left among the test's results for people to look at.
 */
export interface Eye {
  /** What was found wrong, one line each, with the name of the state it was found in. */
  problems: string[]
  /** Looks at the page as it stands now. `axe` is left out where the same elements were looked at before. */
  look(name: string, options?: { axe?: boolean }): Promise<void>
}

export const small = { width: 1280, height: 800 }
export const large = { width: 1920, height: 1080 }

const require = createRequire(import.meta.url)
const axeSource = readFileSync(
  createRequire(require.resolve('@axe-core/playwright')).resolve('axe-core/axe.min.js'),
  'utf8',
)

/** Turns the window to a language and a theme, as its own choices would. */
export async function dress(window: Window, language: 'en' | 'de', theme: 'dark' | 'light'): Promise<void> {
  await window.page.evaluate(
    ([code, name]) => {
      localStorage.setItem('concord.language', code!)
      localStorage.setItem('concord.theme', name!)
    },
    [language, theme],
  )
  await window.page.reload()
  await window.page.locator(`html[lang="${language}"]`).waitFor()
  await window.page.locator(`.v-theme--${theme}`).first().waitFor()
}

export async function resize(window: Window, size: { width: number; height: number }): Promise<void> {
  const own = await window.app.browserWindow(window.page)
  await own.evaluate((one, { width, height }) => one.setContentSize(width, height), size)
  // A window as large as the screen comes out a pixel smaller where no window manager places it.
  await window.page.waitForFunction(
    ({ width, height }) => Math.abs(innerWidth - width) <= 1 && Math.abs(innerHeight - height) <= 1,
    size,
  )
}

/**
 * @param folder of the pictures
 * @param sizes of the window; the first is the one it stands in afterwards
 */
export function eyeOn(window: Window, folder: string, sizes = [small, large]): Eye {
  const { page } = window
  const pictures = Boolean(process.env['CONCORD_PICTURES'])
  if (pictures) mkdirSync(folder, { recursive: true })
  const problems: string[] = []
  let count = 0
  return {
    problems,
    async look(name, { axe = true } = {}) {
      for (const size of sizes) {
        await resize(window, size)
        await page.waitForFunction(() => !document.querySelector('[data-test="loading"]'))
        await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
        for (const found of await page.evaluate(cutText)) problems.push(`${name} at ${size.width}: ${found}`)
        if (!pictures) continue
        await page.mouse.move(2, 2)
        await page.screenshot({
          path: join(folder, `${String(++count).padStart(3, '0')}-${name}-${size.width}.png`),
        })
      }
      await resize(window, sizes[0]!)
      if (axe) for (const found of await axeFindings(window)) problems.push(`${name}: ${found}`)
    },
  }
}

async function axeFindings({ page }: Window): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axeSource)
  return page.evaluate(async () => {
    interface Finding {
      id: string
      impact: string | null
      help: string
      nodes: { html: string; failureSummary?: string }[]
    }
    const { axe } = globalThis as unknown as {
      axe: { run(root: Document, options: object): Promise<{ violations: Finding[] }> }
    }
    const { violations } = await axe.run(document, { resultTypes: ['violations'] })
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(
        ({ id, help, nodes }) =>
          `${id}: ${help}: ${nodes.map((node) => `${node.html.slice(0, 160)} (${node.failureSummary?.split('\n').slice(1).join(' ').trim().slice(0, 160)})`).join(' || ')}`,
      )
  })
}

/** In the page: what scrolls sideways that should not, and texts that do not fit where they stand. */
export function cutText(): string[] {
  const found: string[] = []
  for (const frame of [document.scrollingElement!, ...document.querySelectorAll('[data-test="page"]')])
    if (frame.scrollWidth > frame.clientWidth + 1)
      found.push(`${frame.tagName.toLowerCase()} scrolls sideways: ${frame.scrollWidth} in ${frame.clientWidth}`)
  const told = (element: Element): boolean => element.closest('[title]') !== null
  for (const element of document.body.querySelectorAll<HTMLElement>('*')) {
    const own = [...element.childNodes].some(
      (node) => node.nodeType === Node.TEXT_NODE && node.textContent!.trim() !== '',
    )
    if (!own || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue
    const { display, overflowX, textOverflow, position } = getComputedStyle(element)
    const box = element.getBoundingClientRect()
    // Words for screen readers alone stand in a box of one pixel.
    if (display === 'inline' || box.width <= 2 || box.height <= 2 || (position === 'absolute' && box.right < 0))
      continue
    if (element.closest('svg, canvas, [role="tooltip"]')) continue
    const words = element.textContent.trim().replace(/\s+/g, ' ').slice(0, 60)
    const where = element.dataset['test'] ?? element.closest<HTMLElement>('[data-test]')?.dataset['test'] ?? ''
    const wide = element.scrollWidth > element.clientWidth + 1
    if (wide && !(textOverflow === 'ellipsis' && told(element)) && overflowX !== 'auto' && overflowX !== 'scroll')
      found.push(`cut: "${words}" (${where}): ${element.scrollWidth} in ${element.clientWidth}`)
    const scroller = element.closest<HTMLElement>('.box, [tabindex="0"]')
    if (box.right > innerWidth + 1 && !(scroller && scroller.scrollWidth > scroller.clientWidth))
      found.push(`beyond the window: "${words}" (${where})`)
  }
  return found
}
