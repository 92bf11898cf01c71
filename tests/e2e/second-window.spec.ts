import type { Page } from '@playwright/test'
import { atDesk, brightness, drawn, picture, slices } from './asymmetric.ts'
import { expect, password, test, windowOpenedBy, type Window } from './window.ts'

/** What the second window says went wrong, beside the first one's own errors. */
const complaints: string[] = []
test.beforeEach(() => complaints.splice(0))
test.afterEach(() => expect(complaints).toEqual([]))

/** The second window, with the hands of the first. */
async function second(window: Window, open: () => Promise<void>): Promise<Window> {
  const page = await windowOpenedBy(window.app, open)
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  await page.locator('[data-test="reading-canvas"][data-drawn="true"]').waitFor()
  // Where it stands is settled when it shows: it is made as large as its monitor only then.
  const side = await window.app.browserWindow(page)
  await expect.poll(() => side.evaluate((one) => one.isVisible())).toBe(true)
  return { ...window, page, at: (name) => page.locator(`[data-test="${name}"]`) }
}
const slice = (window: Window, is: number) =>
  expect(window.at('reading-canvas')).toHaveAttribute('data-slice', String(is))
/** A key after which there is no window that could be told that it was let go. */
async function goneBy(page: Page, key: string): Promise<void> {
  await page.keyboard.press(key).catch(() => undefined)
  await gone(page)
}
const gone = (page: Page) => expect.poll(() => page.isClosed()).toBe(true)

test('the scan stands in a second window, and both windows hear every key', async ({ data, open }) => {
  const first = await atDesk(data, open, 4)
  const scan = await drawn(first)
  const before = await picture(first)
  await first.page.keyboard.press('ArrowDown')
  await first.page.keyboard.press('w')

  const other = await second(first, () => first.page.keyboard.press('v'))
  // It goes on where it was, and the first window has room for the rest.
  expect(await drawn(other)).toBe(scan)
  await slice(other, slices / 2 + 1)
  await expect(other.at('reading-canvas')).toHaveAttribute('data-window', 'streaks')
  await expect(first.at('reading-canvas')).toHaveCount(0)
  await expect(first.at('scan-elsewhere')).toBeVisible()
  expect(await other.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(2)

  // Slices and windows by the keys of either; the picture is the scan's.
  await other.page.keyboard.press('w')
  await other.page.keyboard.press('w')
  await other.page.keyboard.press('Home')
  await slice(other, 0)
  await expect(first.at('slice-readout')).toContainText('slice 1/')
  await brightness(other, 0.5, 0.5).toBeLessThan(30)
  await first.page.keyboard.press('End')
  await slice(other, slices - 1)
  await expect(other.at('reading-canvas')).toHaveAttribute('data-window', 'bone')
  await brightness(other, 0.5, 0.5).toBeGreaterThan(90)
  await brightness(other, 0.1, 0.1).toBeGreaterThan(240)
  expect(before.at(0.1, 0.1)).toBeGreaterThan(240)
  await other.page.keyboard.press('p')
  await expect(other.at('plane-0')).toBeVisible()

  // Picked at one, cast at the other: the next scan is in the second window, the desk in the first.
  await other.page.keyboard.press('3')
  await expect(first.at('grade-3')).toHaveAttribute('data-picked', 'true')
  await expect(other.at('second-pick')).toContainText('moderate')
  await first.page.keyboard.press('Enter')
  const next = await drawn(other, scan)
  await expect(first.at('saved')).toHaveAttribute('data-position', '1')
  await expect(other.at('saved')).toHaveAttribute('data-position', '1')
  await expect(other.at('scan-position')).toHaveAttribute('data-position', '2')
  await other.page.keyboard.press('2')
  await other.page.keyboard.press('Enter')
  await drawn(other, next)
  await other.page.keyboard.press('Backspace')
  await expect(first.at('taken-back')).toBeVisible()
  await expect(other.at('reading-canvas')).toHaveAttribute('data-scan', next)

  // Words are typed in the first window.
  await other.page.keyboard.press('n')
  await expect(first.at('note')).toBeFocused()
  await first.page.keyboard.type('streaks')
  await first.page.keyboard.press('Enter')
  await expect(other.at('remarks')).toContainText('note')

  await other.page.keyboard.press('?')
  await expect(other.at('key-second-window')).toContainText('V')
  await other.page.keyboard.press('Escape')
  await other.page.keyboard.press('l')
  await expect(other.at('paused')).toBeVisible()
  await expect(first.at('paused')).toBeVisible()
  await first.page.keyboard.press('l')
  await expect(other.at('paused')).toHaveCount(0)

  // Back in one window, at the slice it was at.
  await other.page.keyboard.press('PageUp')
  await slice(other, slices / 2 - 1)
  await goneBy(other.page, 'v')
  expect(await drawn(first)).toBe(next)
  await slice(first, slices / 2 - 1)
  await expect(first.at('plane-0')).toBeVisible()
})

test('a second window is locked with the first, goes with the session, its cross, the page and a crash', async ({
  data,
  open,
}) => {
  const first = await atDesk(data, open, 2)
  await drawn(first)
  const v = () => first.page.keyboard.press('v')
  let other = await second(first, v)

  // The lock of either hides both; the password is given once.
  await other.page.keyboard.press('Control+l')
  await expect(first.at('locked')).toBeVisible()
  await expect(other.at('second-locked')).toBeVisible()
  await expect(other.at('reading-canvas')).toBeHidden()
  expect(await other.page.evaluate(() => fetch('scan://volume/anything').then(({ status }) => status))).toBe(403)
  await other.page.keyboard.press('3')
  await first.fill('unlock-password', password)
  await first.click('unlock')
  await expect(other.at('second-locked')).toHaveCount(0)
  await expect(other.at('reading-canvas')).toBeVisible()
  await expect(first.at('grade-3')).toHaveAttribute('data-picked', 'false')
  await first.page.keyboard.press('Control+l')
  await expect(other.at('second-locked')).toBeVisible()
  await first.fill('unlock-password', password)
  await first.click('unlock')

  // No window may be opened but by the program, and this one has its rules.
  expect(await other.page.evaluate(() => globalThis.open('app://concord/') === null)).toBe(true)
  expect(await other.page.evaluate(() => typeof (globalThis as { require?: unknown }).require)).toBe('undefined')
  const ran = await other.page.evaluate(() => {
    const planted = document.createElement('script')
    planted.textContent = 'globalThis.planted = true'
    document.head.append(planted)
    return 'planted' in globalThis
  })
  expect(ran).toBe(false)
  complaints.splice(0)

  // Its own cross.
  const side = await other.app.browserWindow(other.page)
  await side.evaluate((one) => one.close())
  await drawn(first)
  // A crash of its page.
  other = await second(first, v)
  await (await other.app.browserWindow(other.page)).evaluate((one) => one.webContents.forcefullyCrashRenderer())
  await expect(first.at('room-notice')).toContainText('here again')
  await drawn(first)
  await first.page.keyboard.press('2')
  await expect(first.at('grade-2')).toHaveAttribute('data-picked', 'true')
  // Its monitor is taken away.
  other = await second(first, v)
  await other.app.evaluate(({ BrowserWindow, screen }) => {
    const side = BrowserWindow.getAllWindows().find((one) => one.webContents.getURL().endsWith('#/second'))
    screen.emit('display-removed', {}, screen.getDisplayMatching(side!.getBounds()))
  })
  await gone(other.page)
  await expect(first.at('room-notice')).toContainText('monitor')
  await drawn(first)
  // Another page of the first window.
  other = await second(first, v)
  await first.click('home')
  await gone(other.page)
  await first.page.goBack()
  await drawn(first)
  // The end of the session, asked for there.
  other = await second(first, v)
  await goneBy(other.page, 'Control+u')
  await first.at('sign-in-name').waitFor()
  expect(await first.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
})

test('it opens on the other monitor, where it stood there, and on the first one when that is gone', async ({
  data,
  open,
}) => {
  const first = await atDesk(data, open, 1)
  await drawn(first)
  await (await first.app.browserWindow(first.page)).evaluate((one) => one.setPosition(0, 0))
  // The test's screen has one monitor: the system is made to say that its halves are two.
  const monitors = (count: number) =>
    first.app.evaluate(({ screen }, of) => {
      const half = (id: number) => {
        const area = { x: 960 * (id - 1), y: 0, width: 960, height: 1080 }
        return { ...screen.getPrimaryDisplay(), id, bounds: area, workArea: area }
      }
      const all = [half(1), half(2)].slice(0, of)
      screen.getAllDisplays = () => all
      screen.getDisplayMatching = ({ x, width }) => all[x + width / 2 < 960 ? 0 : all.length - 1]!
    }, count)
  const bounds = async (window: Window) =>
    (await window.app.browserWindow(window.page)).evaluate((one) => one.getBounds())
  const v = () => first.page.keyboard.press('v')

  await monitors(2)
  let other = await second(first, v)
  expect(await bounds(other)).toEqual({ x: 960, y: 0, width: 960, height: 1080 })
  const own = { x: 1000, y: 120, width: 800, height: 700 }
  await (
    await other.app.browserWindow(other.page)
  ).evaluate((one, to) => {
    one.unmaximize()
    one.setBounds(to)
  }, own)
  await expect.poll(() => bounds(other)).toEqual(own)
  await goneBy(other.page, 'v')
  other = await second(first, v)
  expect(await bounds(other)).toEqual(own)
  await goneBy(other.page, 'v')

  await monitors(1)
  other = await second(first, v)
  expect(await bounds(other)).toEqual({ x: 480, y: 0, width: 480, height: 1080 })
  await goneBy(other.page, 'v')
  await monitors(2)
  // Whoever read on two monitors finds them so again; with one the window does not open by itself.
  other = await second(first, v)
  expect(await bounds(other)).toEqual(own)
  await first.click('home')
  await gone(other.page)
  const again = await second(first, async () => {
    await first.page.goBack()
  })
  expect(await bounds(again)).toEqual(own)
})
