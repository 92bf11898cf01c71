import { atDesk, brightness, canvas, columns, drawn, picture, slices } from './asymmetric.ts'
import { dress, eyeOn } from './looks.ts'
import { expect, test } from './window.ts'

test('three planes show one place of the scan, and follow the crosshair by key and by hand', async ({ data, open }) => {
  const window = await atDesk(data, open, 1)
  const { keyboard, mouse } = window.page
  await drawn(window)
  await keyboard.press('p')
  await expect(window.at('plane-1')).toHaveAttribute('data-index', String(columns / 2))
  await expect(window.at('plane-0')).toHaveAttribute('data-index', String(columns / 2))

  // Through the middle of the slices: the field gets brighter from slice to slice, first at the top.
  const flat = slices / columns
  const inPlane = (name: string, across: number, down: number) =>
    brightness(window, across, 0.5 + (down - 0.5) * flat, name, true)
  await expect
    .poll(async () => {
      const side = await picture(window, 'plane-1', true)
      return side.at(0.5, 0.5 + 0.45 * flat) - side.at(0.5, 0.5 - 0.45 * flat)
    })
    .toBeGreaterThan(100)
  await inPlane('plane-1', 0.1, 0.5).toBeLessThan(20)
  // Along the columns: the bar of the last rows stands at the right edge.
  await inPlane('plane-0', 0.95, 0.5).toBeGreaterThan(60)

  // The arrows move the crosshair; the plane along the rows goes through the bright block then.
  await keyboard.press('x')
  for (let n = 0; n < 4; n++) await keyboard.press('Shift+ArrowUp')
  await expect(window.at('plane-1')).toHaveAttribute('data-index', String(columns / 2 - 40))
  await inPlane('plane-1', 0.1, 0.5).toBeGreaterThan(240)
  await expect(canvas(window)).toHaveAttribute('data-slice', String(slices / 2))
  await keyboard.press('PageDown')
  await expect(canvas(window)).toHaveAttribute('data-slice', String(slices / 2 + 1))
  await expect(window.at('cursor-value')).toContainText(`${columns / 2 + 1}, ${columns / 2 - 39}, ${slices / 2 + 2}:`)

  // A press in another plane goes to its slice, and the wheel there through that plane.
  const box = (await window.at('plane-1').boundingBox())!
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  await mouse.click(x, y - box.width * 0.4 * flat)
  await expect(canvas(window)).toHaveAttribute('data-slice', /^[1-5]$/)
  await mouse.wheel(0, 100)
  await expect(window.at('plane-1')).toHaveAttribute('data-index', String(columns / 2 - 39))
  await keyboard.press('x')
  await keyboard.press('p')
  await expect(window.at('plane-1')).toHaveCount(0)
})

test('slab, length, profile, histogram, magnifier and zoom answer to their keys', async ({ data, open }) => {
  const window = await atDesk(data, open, 1)
  const { keyboard } = window.page
  await drawn(window)
  const plain = await picture(window)

  await keyboard.press('s')
  await expect(window.at('slab-readout')).toHaveText('largest of 5 slices (0.41 mm)')
  await brightness(window, 0.5, 0.5).toBeGreaterThan(plain.at(0.5, 0.5) + 8)
  await keyboard.press('Shift+S')
  await expect(canvas(window)).toHaveAttribute('data-slab', 'max 11')
  await keyboard.press('s')
  await expect(canvas(window)).toHaveAttribute('data-slab', 'mean 11')
  // The field's values rise evenly: their mean over slices on both sides is the value in the middle.
  await expect.poll(async () => Math.abs((await picture(window)).at(0.5, 0.5) - plain.at(0.5, 0.5))).toBeLessThan(3)
  await keyboard.press('s')

  // From the middle 40 columns to the left: out of the field into the dark.
  await keyboard.press('d')
  await keyboard.press('d')
  for (let n = 0; n < 4; n++) await keyboard.press('Shift+ArrowLeft')
  await keyboard.press('d')
  await expect(window.at('measure-length')).toHaveText(`${(40 * 0.082).toFixed(2)} mm`)
  await expect(window.at('profile-range')).toHaveText('-380 – 340 mg HA/cm³')
  await keyboard.press('ArrowLeft')
  await expect(window.at('measure-length')).toHaveText(`${(40 * 0.082).toFixed(2)} mm`)
  await keyboard.press('d')
  await expect(window.at('measure')).toHaveCount(0)

  await keyboard.press('g')
  await expect(window.at('slice-mean')).toContainText('mean')
  await keyboard.press('g')

  await keyboard.press('z')
  const box = (await canvas(window).boundingBox())!
  await window.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  await window.at('lens').waitFor()
  await keyboard.press('z')
  await expect(window.at('lens')).toHaveCount(0)

  await keyboard.press('+')
  await keyboard.press('+')
  await brightness(window, 0.22, 0.22).not.toBe(plain.at(0.22, 0.22))
  await keyboard.press('f')
  await brightness(window, 0.22, 0.22).toBe(plain.at(0.22, 0.22))
  await brightness(window, 0.1, 0.1).toBe(plain.at(0.1, 0.1))
  await keyboard.press('u')
  await keyboard.press('k')
  await expect(canvas(window)).toHaveAttribute('data-window', '535,1870')
  await brightness(window, 0.5, 0.95).not.toBe(plain.at(0.5, 0.95))
})

test('the picture has the whole screen by key, and gives it back by key and by Escape', async ({ data, open }) => {
  const window = await atDesk(data, open, 1)
  const { keyboard } = window.page
  await drawn(window)
  const own = await window.app.browserWindow(window.page)
  const whole = async (on: boolean) => {
    await expect.poll(() => own.evaluate((one) => one.isFullScreen())).toBe(on)
    await expect.poll(() => window.page.evaluate(() => document.fullscreenElement !== null)).toBe(on)
    await expect(canvas(window)).toHaveAttribute('data-drawn', 'true')
    await brightness(window, 0.1, 0.1).toBeGreaterThan(240)
  }
  for (const back of ['F11', 'Escape']) {
    await keyboard.press('F11')
    await whole(true)
    // Nothing of the reading is lost by it.
    await keyboard.press('3')
    await expect(window.at('grade-3')).toHaveAttribute('data-picked', 'true')
    if (back === 'F11') await keyboard.press(back)
    // Given to the window as the system gives it: the browser takes it before the page.
    else
      await own.evaluate(({ webContents }) => {
        for (const type of ['keyDown', 'keyUp'] as const) webContents.sendInputEvent({ type, keyCode: 'Escape' })
      })
    await whole(false)
    await expect(window.at('grade-3')).toHaveAttribute('data-picked', 'true')
  }
})

test('the same patient’s earlier scan stands beside, linked in slice, window and magnification', async ({
  data,
  open,
}) => {
  // Two scans of one patient, a day apart.
  const window = await atDesk(data, open, 2, 1)
  const { keyboard, mouse } = window.page
  let first = await drawn(window)
  if (!(await window.at('pseudonym').textContent())!.includes('-2')) {
    await keyboard.press('e')
    await window.at('linked-none').waitFor()
    await keyboard.press('e')
    await keyboard.press('2')
    await keyboard.press('Enter')
    first = await drawn(window, first)
  }
  await keyboard.press('e')
  const beside = window.at('linked-canvas')
  await expect(beside).toHaveAttribute('data-drawn', 'true')
  await expect(window.at('linked-choice')).toHaveText('1 day before')
  await expect(beside).not.toHaveAttribute('data-scan', first)
  await expect(beside).toHaveAttribute('data-slice', String(slices / 2))

  const before = await picture(window, 'linked-canvas')
  await keyboard.press('End')
  await expect(beside).toHaveAttribute('data-slice', String(slices - 1))
  await brightness(window, 0.5, 0.5, 'linked-canvas').toBeGreaterThan(before.at(0.5, 0.5) + 40)
  await keyboard.press('w')
  await brightness(window, 0.5, 0.95, 'linked-canvas').toBeGreaterThan(240)
  await keyboard.press('i')
  await brightness(window, 0.5, 0.95, 'linked-canvas').toBeLessThan(15)
  await keyboard.press('i')
  await keyboard.press('+')
  await brightness(window, 0.26, 0.26, 'linked-canvas').not.toBe(before.at(0.26, 0.26))
  await keyboard.press('f')

  // The wheel over it shifts it alone.
  await keyboard.press('Home')
  const box = (await beside.boundingBox())!
  await mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  await mouse.wheel(0, 100)
  await expect(window.at('linked-offset')).toHaveText('shifted by +1')
  await expect(canvas(window)).toHaveAttribute('data-slice', '0')
  await keyboard.press('ArrowDown')
  await expect(beside).toHaveAttribute('data-slice', '2')

  // A pause hides both.
  await keyboard.press('l')
  await window.at('paused').waitFor()
  expect(await beside.locator('canvas').evaluate((one) => one.checkVisibility({ visibilityProperty: true }))).toBe(
    false,
  )
})

test('everything laid over and beside the picture fits and is accessible, in both languages and themes', async ({
  data,
  open,
}, info) => {
  const window = await atDesk(data, open, 2, 1)
  const { keyboard } = window.page
  const first = await drawn(window)
  if (!(await window.at('pseudonym').textContent())!.includes('-2')) {
    await keyboard.press('2')
    await keyboard.press('Enter')
    await drawn(window, first)
  }
  const eye = eyeOn(window, info.outputPath('pictures'))
  for (const [language, theme] of [
    ['en', 'dark'],
    ['de', 'light'],
  ] as const) {
    await dress(window, language, theme)
    await drawn(window)
    for (const key of ['g', 'd', 'd', 'ArrowLeft', 's', 'e']) await keyboard.press(key)
    await expect(window.at('linked-canvas')).toHaveAttribute('data-drawn', 'true')
    await eye.look(`tools-${language}-${theme}`)
    await keyboard.press('p')
    await window.at('plane-0').waitFor()
    await eye.look(`planes-${language}-${theme}`)
  }
  expect(eye.problems).toEqual([])
})
