import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createStudyWith, readAll, startProgram } from '../fixtures/program.ts'
import { writeDiscs } from '../fixtures/discs.ts'
import { canvas, drawn } from './asymmetric.ts'
import { cutText, dress } from './looks.ts'
import { expect, test, visit } from './window.ts'

/** In the page: things to press that lie on one another, and, `fixed`, that are not wholly in the window. */
function astray(fixed: boolean): string[] {
  const found: string[] = []
  const all = [
    ...document.querySelectorAll<HTMLElement>('button, a[href], input, select, [role="radio"], [role="slider"]'),
  ]
  const seen = all.filter(
    (one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !one.closest('.v-overlay'),
  )
  const name = (one: HTMLElement): string =>
    one.dataset['test'] ?? (one.getAttribute('aria-label') || one.textContent.trim().slice(0, 30))
  /** What is seen of it: the page scrolls under the bar at the top. */
  const shown = (one: HTMLElement): DOMRect => {
    const box = one.getBoundingClientRect()
    const frame = one.closest('[data-test="page"]')?.getBoundingClientRect()
    if (fixed || !frame) return box
    const [top, bottom] = [Math.max(box.top, frame.top), Math.min(box.bottom, frame.bottom)]
    return new DOMRect(box.left, top, box.width, Math.max(0, bottom - top))
  }
  const boxes = seen
    .map((one) => ({ one, box: shown(one) }))
    .filter(({ box }) => box.width > 3 && box.height > 3 && box.right > 0 && box.bottom > 0)
  for (const { one, box } of boxes)
    if (fixed && (box.left < -1 || box.top < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1))
      found.push(`outside: ${name(one)} ${[box.left, box.top, box.right, box.bottom].map(Math.round).join(' ')}`)
  boxes.forEach(({ one, box }, at) => {
    for (const other of boxes.slice(at + 1)) {
      if (one.contains(other.one) || other.one.contains(one)) continue
      // What lies over the page on purpose covers it wholly.
      const over = '[role="dialog"], [data-test="cannot-panel"]'
      if (one.closest(over) !== other.one.closest(over)) continue
      const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left)
      const down = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top)
      if (across > 2 && down > 2) found.push(`overlap: ${name(one)} and ${name(other.one)}`)
    }
  })
  return found
}

async function readers(data: string): Promise<string> {
  const folder = join(data, 'files')
  await writeDiscs(folder, 4)
  const program = await startProgram(data)
  const { studyId } = await createStudyWith(program, [{ folder, purpose: 'reading' }])
  await readAll(program, 'r2', studyId, () => 3)
  await readAll(program, 'r3', studyId, (pseudonym) => (pseudonym.endsWith('1') ? 3 : 4))
  await program.close()
  return studyId
}

const scales = [
  { name: 'the page at 200 %', args: [], zoom: 2, inside: [640, 400] },
  { name: 'a screen at 200 %', args: ['--force-device-scale-factor=2'], zoom: 1, inside: [1280, 800] },
] as const

for (const { name, args, zoom, inside } of scales)
  test(`${name}: nothing is cut or covered, keys work, the picture is sharp`, async ({ data, open }, info) => {
    const studyId = await readers(data)
    const window = await open({ width: 1280, height: 800 }, [...args])
    const { page } = window
    const problems: string[] = []
    async function look(what: string, fixed: boolean): Promise<void> {
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
      for (const found of [...(await page.evaluate(cutText)), ...(await page.evaluate(astray, fixed))])
        problems.push(`${what}: ${found}`)
      if (!process.env['CONCORD_PICTURES']) return
      mkdirSync(info.outputPath('pictures'), { recursive: true })
      // Of the window: Playwright's own would cut a page that is magnified.
      const side = await window.app.browserWindow(page)
      const png = await side.evaluate(async (one) => (await one.webContents.capturePage()).toPNG().toString('base64'))
      writeFileSync(info.outputPath('pictures', `${what}.png`), Buffer.from(png, 'base64'))
    }
    for (const language of ['en', 'de'] as const) {
      await dress(window, language, 'dark')
      await (
        await window.app.browserWindow(page)
      ).evaluate((one, factor) => one.webContents.setZoomFactor(factor), zoom)
      await page.waitForFunction(([width]) => Math.abs(innerWidth - width) <= 1 && devicePixelRatio === 2, inside)
      await window.at('sign-in-name').waitFor()
      await look(`sign-in ${language}`, false)

      await window.signIn('lead')
      await visit(window, `/studies/${studyId}/overview`)
      await window.at('overview-rescan-value').waitFor()
      await expect(window.at('loading')).toHaveCount(0)
      await look(`overview ${language}`, false)
      await page.keyboard.press('End')
      await look(`overview-below ${language}`, false)
      await window.signOut()

      await window.signIn('r1')
      await visit(window, `/studies/${studyId}/reading`)
      const scan = await drawn(window)
      await look(`reading ${language}`, true)
      // Each pixel of the screen has its own in the picture.
      const sharp = await canvas(window)
        .locator('canvas')
        .evaluate((one: HTMLCanvasElement) => [one.width / one.clientWidth, one.height / one.clientHeight])
      for (const ratio of sharp) expect(ratio).toBeCloseTo(2, 1)
      const height = await canvas(window).evaluate((one) => one.clientHeight)
      expect(height * zoom, 'pixels of the slice').toBeGreaterThan(400)

      await page.keyboard.press('End')
      await expect(canvas(window)).toHaveAttribute('data-slice', '11')
      for (const [key, what] of [
        ['p', 'planes'],
        ['e', 'exemplars'],
      ] as const) {
        await page.keyboard.press(key)
        await look(`${what} ${language}`, true)
        await page.keyboard.press(key)
      }
      await page.keyboard.press('0')
      await window.at('cannot-panel').waitFor()
      await look(`cannot ${language}`, true)
      await page.keyboard.press('Escape')
      await page.keyboard.press('?')
      await window.at('close-help').waitFor()
      await look(`help ${language}`, false)
      await page.keyboard.press('Escape')
      await page.keyboard.press('4')
      await expect(window.at('grade-4')).toHaveAttribute('data-picked', 'true')
      await look(`picked ${language}`, true)
      await page.keyboard.press('Enter')
      await drawn(window, scan)
      await look(`saved ${language}`, true)
      await window.signOut()
    }
    expect(problems).toEqual([])
  })
