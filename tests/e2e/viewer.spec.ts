import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { startProgram } from '../fixtures/program.ts'
import { votesSaid } from '../fixtures/votes.ts'
import { atDesk, brightness, canvas, drawn, picture, slices } from './asymmetric.ts'
import { expect, takeErrors, test } from './window.ts'

test('the picture lies right, and changes with the slice, the window and the scan', async ({ data, open }) => {
  const window = await atDesk(data, open, 2)
  const { keyboard } = window.page
  const first = await drawn(window)

  // Columns to the right, rows downwards: the block is at the top left, the bar at the bottom.
  await brightness(window, 0.1, 0.1).toBeGreaterThan(240)
  const start = await picture(window)
  expect(start.at(0.9, 0.1)).toBeLessThan(20)
  expect(start.at(0.5, 0.95)).toBeGreaterThan(60)
  expect(start.at(0.5, 0.95)).toBeLessThan(200)
  await expect(canvas(window)).toHaveAttribute('data-slice', String(slices / 2))

  await keyboard.press('End')
  await expect(canvas(window)).toHaveAttribute('data-slice', String(slices - 1))
  await expect(window.at('slice-readout')).toContainText(`${slices}/${slices}`)
  await brightness(window, 0.5, 0.5).toBeGreaterThan(start.at(0.5, 0.5) + 40)
  expect((await picture(window)).at(0.1, 0.1)).toBe(start.at(0.1, 0.1))
  await keyboard.press('Home')
  await brightness(window, 0.5, 0.5).toBeLessThan(start.at(0.5, 0.5) - 40)

  await keyboard.press('w')
  await expect(canvas(window)).toHaveAttribute('data-window', 'streaks')
  await brightness(window, 0.5, 0.95).toBeGreaterThan(240)
  await keyboard.press('i')
  await brightness(window, 0.5, 0.95).toBeLessThan(15)
  await keyboard.press('i')

  // The window stays from scan to scan, the slice goes to the middle.
  await keyboard.press('2')
  await keyboard.press('Enter')
  expect(await drawn(window, first)).not.toBe(first)
  await expect(canvas(window)).toHaveAttribute('data-window', 'streaks')
  await expect(canvas(window)).toHaveAttribute('data-slice', String(slices / 2))
})

test('wheel, drags and the contact sheet do what the keys do', async ({ data, open }) => {
  const window = await atDesk(data, open, 1)
  const { mouse, keyboard } = window.page
  await drawn(window)
  const box = (await canvas(window).boundingBox())!
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  await mouse.move(x, y)

  await mouse.wheel(0, 100)
  await expect(canvas(window)).toHaveAttribute('data-slice', '13')
  await keyboard.down('Shift')
  await mouse.wheel(0, -100)
  await keyboard.up('Shift')
  await expect(canvas(window)).toHaveAttribute('data-slice', '3')

  const before = await picture(window)
  await mouse.down({ button: 'right' })
  await mouse.move(x, y - 150, { steps: 3 })
  await mouse.up({ button: 'right' })
  await brightness(window, 0.1, 0.1).not.toBe(before.at(0.1, 0.1))
  await mouse.dblclick(x, y)
  await brightness(window, 0.1, 0.1).toBe(before.at(0.1, 0.1))
  await mouse.move(x, y)
  await mouse.down({ button: 'middle' })
  await mouse.move(x + box.height / 2, y, { steps: 3 })
  await mouse.up({ button: 'middle' })
  await brightness(window, 0.6, 0.1).toBeGreaterThan(240)
  await keyboard.press('f')

  // A click alone leaves the window as it is; a drag does not.
  await mouse.click(x, y)
  await expect(canvas(window)).toHaveAttribute('data-window', 'bone')
  await mouse.down()
  await mouse.move(x + 80, y + 40, { steps: 3 })
  await mouse.up()
  await expect(canvas(window)).toHaveAttribute('data-window', /^\d+(\.\d+)?,\d+(\.\d+)?$/)

  await window.at('sheet-8').waitFor()
  const numbers = await window.page
    .locator('[data-test^="sheet-"]')
    .evaluateAll((cells) => cells.map((c) => c.getAttribute('data-slice')))
  expect(numbers).toEqual(Array.from({ length: 8 }, (_, i) => String(Math.floor(((i + 0.5) * slices) / 8))))
  await window.click('sheet-7')
  await expect(canvas(window)).toHaveAttribute('data-slice', '19')
  await expect(window.at('sheet-7')).toHaveAttribute('aria-current', 'true')
})

test('a reader works by keys alone: reason, note, undo, pause, a key of the own', async ({ data, open }) => {
  const window = await atDesk(data, open, 3)
  const { keyboard } = window.page
  const first = await drawn(window)
  await expect(window.page.locator('[data-picked="true"]')).toHaveCount(0)

  await keyboard.press('Enter')
  await expect(window.at('hint')).toHaveAttribute('data-hint', 'nothing-picked')
  await keyboard.press('0')
  await keyboard.press('Enter')
  await expect(window.at('hint')).toHaveAttribute('data-hint', 'no-reason')
  await keyboard.press('6')
  await keyboard.type('the table is in the picture, 2 times')
  await keyboard.press('Enter')
  const second = await drawn(window, first)
  await expect(window.at('saved')).toContainText('cannot be graded')

  await keyboard.press('ArrowDown')
  await keyboard.press('m')
  await keyboard.press('n')
  await keyboard.type('double contour')
  await keyboard.press('Enter')
  await keyboard.press('4')
  await expect(window.at('grade-4')).toHaveAttribute('data-picked', 'true')
  await keyboard.press('Enter')
  await drawn(window, second)
  await expect(window.at('saved')).toContainText('Grade 4')

  await keyboard.press('Backspace')
  await expect(canvas(window)).toHaveAttribute('data-scan', second)
  await expect(window.at('taken-back')).toBeVisible()
  await expect(window.page.locator('[data-picked="true"]')).toHaveCount(0)
  await keyboard.press('Backspace')
  await expect(window.at('hint')).toHaveAttribute('data-hint', 'nothing-to-undo')

  await keyboard.press('l')
  await window.at('paused').waitFor()
  await keyboard.press('3')
  await keyboard.press('l')
  await expect(window.at('paused')).toHaveCount(0)
  await expect(window.page.locator('[data-picked="true"]')).toHaveCount(0)

  await keyboard.press('?')
  await window.page.locator('[data-test="key-cast"] button').click()
  await keyboard.press('o')
  await keyboard.press('Escape')
  await expect(window.at('key-help')).toHaveCount(0)
  await keyboard.press('1')
  await keyboard.press('Enter')
  await expect(canvas(window)).toHaveAttribute('data-scan', second)
  await keyboard.press('o')
  await drawn(window, second)
  await keyboard.press('5')
  await keyboard.press('o')
  await window.at('queue-finished').waitFor()

  const program = await startProgram(data)
  const votes = (await votesSaid(program)).map(({ position, kind, grade, reason, note, worst_slice }) => ({
    ...{ position, kind, grade, reason, note, worst_slice },
  }))
  await program.close()
  const plain = { kind: 'cast', reason: null, note: null, worst_slice: null }
  expect(votes).toEqual([
    { ...plain, position: 1, grade: null, reason: 'the table is in the picture, 2 times' },
    { ...plain, position: 2, grade: 4, note: 'double contour', worst_slice: 13 },
    { ...plain, position: 2, grade: null, kind: 'withdrawn' },
    // What was said of it came back with it.
    { ...plain, position: 2, grade: 1, note: 'double contour', worst_slice: 13 },
    { ...plain, position: 3, grade: 5 },
  ])
})

test('a scan whose pictures are gone says so, takes no grade, and does not hold up the queue', async ({
  data,
  open,
}) => {
  const window = await atDesk(
    data,
    async () => {
      const volumes = join(data, 'volumes')
      for (const name of await readdir(volumes)) await rm(join(volumes, name), { recursive: true })
      return open()
    },
    1,
  )
  const { keyboard } = window.page
  await expect(window.at('scan-failure')).toHaveAttribute('data-code', 'volume-missing')
  await keyboard.press('3')
  await expect(window.at('hint')).toHaveAttribute('data-hint', 'not-shown')
  await expect(window.page.locator('[data-picked="true"]')).toHaveCount(0)
  await keyboard.press('0')
  await keyboard.press('5')
  await keyboard.press('Enter')
  await window.at('queue-finished').waitFor()
  expect(takeErrors(window).every((line) => line.includes('404'))).toBe(true)
})

test('a vote that comes after the study was closed is refused in words, and nothing else is lost', async ({
  data,
  open,
}) => {
  const window = await atDesk(data, open, 2)
  const { keyboard } = window.page
  const first = await drawn(window)
  await keyboard.press('2')
  await keyboard.press('Enter')
  await drawn(window, first)
  const program = await startProgram(data)
  await program.db.updateTable('study').set({ state: 'sealed' }).execute()
  await keyboard.press('3')
  await keyboard.press('Enter')
  await window.at('study-not-open').waitFor()
  await expect(window.at('vote-trouble')).toHaveAttribute('data-code', 'study-not-open')
  await expect(window.at('study-not-open')).toContainText('graded 1 of 2')
  const votes = (await votesSaid(program)).map(({ grade }) => grade)
  await program.close()
  expect(votes).toEqual([2])
})

test('the picture comes back after the graphics process was lost', async ({ data, open }) => {
  const window = await atDesk(data, open, 1)
  await drawn(window)
  const before = await picture(window)
  await window.page.evaluate(() => {
    const old = document.querySelector<HTMLCanvasElement>('[data-test="reading-canvas"] canvas')!
    old.setAttribute('data-lost', '')
    old.getContext('webgl2')!.getExtension('WEBGL_lose_context')!.loseContext()
  })
  await expect(canvas(window).locator('canvas[data-lost]')).toHaveCount(0)
  await brightness(window, 0.1, 0.1).toBe(before.at(0.1, 0.1))
  await window.page.keyboard.press('End')
  await brightness(window, 0.5, 0.5).toBeGreaterThan(before.at(0.5, 0.5) + 40)
  takeErrors(window)
})
