import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { decode } from 'fast-png'
import { writeIsq } from '../../src/main/imaging/writers/isq.ts'
import { createStudyWith, startProgram } from '../fixtures/program.ts'
import { expect, takeErrors, test, visit, type Window } from './window.ts'

const columns = 96
const slices = 24

/**
 * A scan that looks different from every side: a bright block in the first columns and rows, a grey bar along the last
 * rows, and a field in the middle that gets brighter with each slice.
 */
async function asymmetric(path: string, number: number): Promise<void> {
  const voxels = new Int16Array(columns * columns * slices)
  for (let z = 0; z < slices; z++)
    for (let y = 0; y < columns; y++)
      for (let x = 0; x < columns; x++) {
        const density =
          x < 24 && y < 24 ? 1300 : y > 80 ? 400 : x > 36 && x < 60 && y > 36 && y < 60 ? -400 + 60 * z : -400
        voxels[(z * columns + y) * columns + x] = density + 20 * number + 1000
      }
  await writeIsq(path, {
    ...{ dims: [columns, columns, slices], spacing: [0.082, 0.082, 0.082], voxels, muScaling: 1000, slope: 1000 },
    ...{
      intercept: -1000,
      patientIndex: number,
      measurementIndex: number,
      site: 'tibia',
      side: 'left',
      date: new Date(0),
    },
    name: `Asymmetric ${number}`,
  })
}

/** A study of such scans that reader r1 has open in the window; resolves when the first picture is drawn. */
async function atDesk(data: string, open: () => Promise<Window>, scans: number): Promise<Window> {
  const folder = join(data, 'files')
  await mkdir(folder, { recursive: true })
  for (let n = 1; n <= scans; n++) await asymmetric(join(folder, `${n}.isq`), n)
  const program = await startProgram(data)
  const { studyId } = await createStudyWith(program, [{ folder, purpose: 'reading' }])
  await program.close()
  const window = await open()
  await window.signIn('r1')
  await visit(window, `/studies/${studyId}/reading`)
  return window
}

const canvas = (window: Window) => window.at('reading-canvas')

async function drawn(window: Window, before = ''): Promise<string> {
  await expect(canvas(window)).toHaveAttribute('data-drawn', 'true')
  await expect(canvas(window)).not.toHaveAttribute('data-scan', before)
  return (await canvas(window).getAttribute('data-scan'))!
}

interface Picture {
  width: number
  height: number
  /** Brightness 0..255 at a place of the slice: 0, 0 is its first column and row, 1, 1 its last. */
  at(column: number, row: number): number
}

/** The picture as it is on the screen; the slice is square and fitted with two percent to spare. */
async function picture(window: Window): Promise<Picture> {
  // Two frames: the one that draws, and the one that is shown.
  await window.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
  const { width, height, data, channels } = decode(await canvas(window).screenshot())
  const side = Math.min(width, height) / 1.02
  return {
    width,
    height,
    at(column, row) {
      const x = Math.round(width / 2 + (column - 0.5) * side)
      const y = Math.round(height / 2 + (row - 0.5) * side)
      return data[(y * width + x) * channels]!
    },
  }
}

test('the picture lies right, and changes with the slice, the window and the scan', async ({ data, open }) => {
  const window = await atDesk(data, open, 2)
  const { keyboard } = window.page
  const first = await drawn(window)

  // Columns to the right, rows downwards: the block is at the top left, the bar at the bottom.
  const start = await picture(window)
  expect(start.at(0.1, 0.1)).toBeGreaterThan(240)
  expect(start.at(0.9, 0.1)).toBeLessThan(20)
  expect(start.at(0.5, 0.95)).toBeGreaterThan(60)
  expect(start.at(0.5, 0.95)).toBeLessThan(200)
  await expect(canvas(window)).toHaveAttribute('data-slice', String(slices / 2))

  await keyboard.press('End')
  await expect(canvas(window)).toHaveAttribute('data-slice', String(slices - 1))
  await expect(window.at('slice-readout')).toContainText(`${slices}/${slices}`)
  const last = await picture(window)
  expect(last.at(0.5, 0.5)).toBeGreaterThan(start.at(0.5, 0.5) + 40)
  expect(last.at(0.1, 0.1)).toBe(start.at(0.1, 0.1))
  await keyboard.press('Home')
  expect((await picture(window)).at(0.5, 0.5)).toBeLessThan(start.at(0.5, 0.5) - 40)

  await keyboard.press('w')
  await expect(canvas(window)).toHaveAttribute('data-window', 'streaks')
  expect((await picture(window)).at(0.5, 0.95)).toBeGreaterThan(240)
  await keyboard.press('i')
  expect((await picture(window)).at(0.5, 0.95)).toBeLessThan(15)
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
  expect((await picture(window)).at(0.1, 0.1)).not.toBe(before.at(0.1, 0.1))
  await mouse.dblclick(x, y)
  expect((await picture(window)).at(0.1, 0.1)).toBe(before.at(0.1, 0.1))
  await mouse.move(x, y)
  await mouse.down({ button: 'middle' })
  await mouse.move(x + box.height / 2, y, { steps: 3 })
  await mouse.up({ button: 'middle' })
  expect((await picture(window)).at(0.6, 0.1)).toBeGreaterThan(240)
  await keyboard.press('f')

  // A click alone leaves the window as it is; a drag does not.
  await mouse.click(x, y)
  await expect(canvas(window)).toHaveAttribute('data-window', 'bone')
  await mouse.down()
  await mouse.move(x + 80, y + 40, { steps: 3 })
  await mouse.up()
  await expect(canvas(window)).toHaveAttribute('data-window', /^\d+(\.\d+)?,\d+(\.\d+)?$/)

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
  await expect(window.at('saved')).toContainText('cannot be graded saved')

  await keyboard.press('ArrowDown')
  await keyboard.press('m')
  await keyboard.press('n')
  await keyboard.type('double contour')
  await keyboard.press('Enter')
  await keyboard.press('4')
  await expect(window.at('grade-4')).toHaveAttribute('data-picked', 'true')
  await keyboard.press('Enter')
  await drawn(window, second)
  await expect(window.at('saved')).toContainText('4 saved')

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
  await keyboard.press('q')
  await keyboard.press('Escape')
  await expect(window.at('key-help')).toHaveCount(0)
  await keyboard.press('1')
  await keyboard.press('Enter')
  await expect(canvas(window)).toHaveAttribute('data-scan', second)
  await keyboard.press('q')
  await drawn(window, second)
  await keyboard.press('5')
  await keyboard.press('q')
  await window.at('queue-finished').waitFor()

  const program = await startProgram(data)
  const votes = await program.db
    .selectFrom('vote')
    .innerJoin('assignment', 'assignment.id', 'vote.assignment_id')
    .select(['assignment.position', 'vote.kind', 'grade', 'reason', 'note', 'worst_slice'])
    .orderBy('vote.id')
    .execute()
  await program.close()
  const plain = { kind: 'cast', reason: null, note: null, worst_slice: null }
  expect(votes).toEqual([
    { ...plain, position: 1, grade: null, reason: 'the table is in the picture, 2 times' },
    { ...plain, position: 2, grade: 4, note: 'double contour', worst_slice: 13 },
    { ...plain, position: 2, grade: null, kind: 'withdrawn' },
    { ...plain, position: 2, grade: 1 },
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
  await expect(window.at('study-not-open')).toContainText('1 of your 2 scans')
  const votes = await program.db.selectFrom('vote').select('grade').execute()
  await program.close()
  expect(votes).toEqual([{ grade: 2 }])
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
  await expect.poll(async () => (await picture(window)).at(0.1, 0.1)).toBe(before.at(0.1, 0.1))
  await window.page.keyboard.press('End')
  expect((await picture(window)).at(0.5, 0.5)).toBeGreaterThan(before.at(0.5, 0.5) + 40)
  takeErrors(window)
})
