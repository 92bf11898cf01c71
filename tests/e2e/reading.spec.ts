import { join } from 'node:path'
import type { Program } from '../fixtures/program.ts'
import { createStudyWith, startProgram } from '../fixtures/program.ts'
import { votesSaid } from '../fixtures/votes.ts'
import { writeDiscs } from '../fixtures/discs.ts'
import { expect, password, test, type Window } from './window.ts'

interface Cast {
  grade: number | null
  reason: string | null
  kind: string
  revision: number
  note: string | null
  worst_slice: number | null
}

/** A reader's votes as they lie in the database, opened with their own key, first to last. */
async function votesOf(program: Program, reader: string): Promise<Cast[]> {
  const { id } = await program.db
    .selectFrom('account')
    .select('id')
    .where('name', '=', reader)
    .executeTakeFirstOrThrow()
  return (await votesSaid(program))
    .filter((vote) => vote.account_id === id)
    .map(({ grade, reason, kind, revision, note, worst_slice }) => ({
      ...{ grade, reason, kind, revision, note, worst_slice },
    }))
}

async function prepare(data: string, scans: number): Promise<Program> {
  const program = await startProgram(data)
  const folder = join(data, 'made')
  await writeDiscs(folder, scans)
  await createStudyWith(program, [{ folder, purpose: 'reading' }])
  return program
}

const canvas = (window: Window) => window.at('reading-canvas')
const pseudonym = (window: Window): Promise<string> => window.at('pseudonym').innerText()

/** Waits for another scan than the last one on the screen; returns its pseudonym. */
async function shown(window: Window, before = ''): Promise<string> {
  await window.page.waitForFunction((last) => {
    const text = document.querySelector('[data-test="pseudonym"]')?.textContent?.trim()
    return text && text !== last && document.querySelector('[data-test="reading-canvas"][data-drawn="true"]')
  }, before)
  return pseudonym(window)
}

/** What is to be seen of the scan: the picture's own pixels, without the page's texts above it. */
async function pixels(window: Window): Promise<string> {
  // Two frames: one that takes the change over, one that is drawn with it.
  await window.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
  const box = (await canvas(window).boundingBox())!
  const clip = {
    x: box.x + box.width * 0.3,
    y: box.y + box.height * 0.25,
    width: box.width * 0.4,
    height: box.height * 0.5,
  }
  return (await window.page.screenshot({ clip })).toString('base64')
}

async function openQueue(window: Window, reader: string): Promise<string> {
  await window.signIn(reader)
  await window.at('study-open').first().click()
  return shown(window)
}

test('a queue is read with the keyboard alone', async ({ data, open }) => {
  const program = await prepare(data, 4)
  const window = await open()
  const { keyboard } = window.page
  await window.signIn('r1')
  await expect(window.at('study-queue')).toHaveText('0 of 4 scans graded')
  await expect(window.at('study-open')).toBeFocused()
  await keyboard.press('Enter')
  const first = await shown(window)

  // Nothing is picked before a key says so, and Enter says that.
  await expect(window.page.locator('[data-picked="true"], [aria-checked="true"]')).toHaveCount(0)
  await keyboard.press('Enter')
  await expect(window.at('hint')).toHaveAttribute('data-hint', 'nothing-picked')
  expect(await pseudonym(window)).toBe(first)
  expect(await votesOf(program, 'r1')).toEqual([])

  // Picking changes the mind as often as it likes; only Enter casts, also where Tab had led to a button.
  await keyboard.press('Tab')
  await expect(window.page.locator('button:focus')).toHaveCount(1)
  await keyboard.press('5')
  await expect(window.at('grade-5')).toHaveAttribute('data-picked', 'true')
  await keyboard.press('2')
  await expect(window.at('grade-2')).toHaveAttribute('data-picked', 'true')
  await expect(window.page.locator('[data-picked="true"]')).toHaveCount(1)
  expect(await votesOf(program, 'r1')).toEqual([])
  await keyboard.press('m')
  await keyboard.press('n')
  await keyboard.type('streaks in slice 5')
  await keyboard.press('Enter')
  expect(await votesOf(program, 'r1')).toEqual([])
  await keyboard.press('Enter')
  const second = await shown(window, first)
  expect(await votesOf(program, 'r1')).toEqual([
    { grade: 2, reason: null, kind: 'cast', revision: 1, note: 'streaks in slice 5', worst_slice: 6 },
  ])
  await expect(window.at('saved')).toHaveAttribute('data-position', '1')
  await expect(window.page.locator('[data-picked="true"]')).toHaveCount(0)

  // Backspace brings the scan back with nothing picked; what was cast stays as an earlier revision.
  await keyboard.press('Backspace')
  expect(await shown(window, second)).toBe(first)
  await expect(window.at('taken-back')).toBeVisible()
  await expect(window.at('remarks')).toHaveText('worst slice: 7 · with a note')
  await expect(window.page.locator('[data-picked="true"]')).toHaveCount(0)
  await keyboard.press('Backspace')
  await expect(window.at('hint')).toHaveAttribute('data-hint', 'nothing-to-undo')
  await keyboard.press('4')
  await keyboard.press('Enter')
  expect(await shown(window, first)).toBe(second)
  expect((await votesOf(program, 'r1')).map(({ grade, kind, revision }) => ({ grade, kind, revision }))).toEqual([
    { grade: 2, kind: 'cast', revision: 1 },
    { grade: null, kind: 'withdrawn', revision: 2 },
    { grade: 4, kind: 'cast', revision: 3 },
  ])

  // 0 asks why; without a reason nothing is cast, Escape leaves.
  await keyboard.press('0')
  await window.at('cannot-panel').waitFor()
  await keyboard.press('Enter')
  await expect(window.at('hint')).toHaveAttribute('data-hint', 'no-reason')
  await keyboard.press('Escape')
  await expect(window.at('cannot-panel')).toHaveCount(0)
  await keyboard.press('0')
  await keyboard.press('3')
  await expect(window.at('reason-metal')).toHaveAttribute('aria-pressed', 'true')
  await keyboard.press('Enter')
  const third = await shown(window, second)
  expect((await votesOf(program, 'r1')).at(-1)).toMatchObject({ grade: null, reason: 'metal', kind: 'cast' })

  // Its own words as the reason.
  await keyboard.press('0')
  await keyboard.press('6')
  await window.at('reason-text').waitFor()
  await keyboard.type('a cast on the leg 3')
  await keyboard.press('Enter')
  const fourth = await shown(window, third)
  expect((await votesOf(program, 'r1')).at(-1)).toMatchObject({ grade: null, reason: 'a cast on the leg 3' })
  await keyboard.press('1')
  await keyboard.press('Enter')
  await window.at('queue-finished').waitFor()
  await keyboard.press('Tab')
  await expect(window.at('to-progress')).toBeFocused()
  expect(new Set([first, second, third, fourth]).size).toBe(4)
  await program.close()
})

test('help lists the keys, a changed key counts at once, and pause hides the scan', async ({ data, open }) => {
  const program = await prepare(data, 2)
  const window = await open()
  const { keyboard } = window.page
  await openQueue(window, 'r1')

  await keyboard.press('?')
  const help = window.page.getByRole('dialog')
  await help.waitFor()
  // No key goes through to the page behind.
  await keyboard.press('4')
  await expect(window.page.locator('[data-picked="true"]')).toHaveCount(0)
  await window.page.locator('[data-test="key-invert"] button').press('Enter')
  await keyboard.press('m')
  await expect(window.at('key-invert').getByRole('alert')).toContainText('M already')
  await keyboard.press('y')
  await keyboard.press('Escape')
  await expect(help).toHaveCount(0)
  await keyboard.press('y')
  await expect(canvas(window)).toHaveAttribute('data-inverted', 'true')
  await keyboard.press('i')
  await expect(canvas(window)).toHaveAttribute('data-inverted', 'true')

  const before = await pixels(window)
  await keyboard.press('l')
  await window.at('paused').waitFor()
  await expect.poll(() => pixels(window)).not.toBe(before)
  const hidden = await pixels(window)
  await keyboard.press('4')
  await keyboard.press('ArrowDown')
  await keyboard.press('Enter')
  expect(await pixels(window)).toBe(hidden)
  expect(await votesOf(program, 'r1')).toEqual([])
  // What is left of the page holds no picture: neither the large one nor the contact sheet.
  const visible = await window.page
    .locator('[data-test="contact-sheet"] canvas, [data-test="contact-sheet"] img')
    .evaluateAll(
      (all) => all.filter((one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true })).length,
    )
  expect(visible).toBe(0)
  await keyboard.press('l')
  await expect(window.at('paused')).toHaveCount(0)
  await expect(window.page.locator('[data-picked="true"]')).toHaveCount(0)
  await expect.poll(() => pixels(window)).toBe(before)

  // Locked and opened again, the keyboard is where it was.
  await window.at('tool-help').focus()
  await keyboard.press('Control+l')
  await window.fill('unlock-password', password)
  await keyboard.press('Enter')
  await expect(window.at('tool-help')).toBeFocused()
  await program.close()
})

test('arrows, wheel and drags change what is to be seen', async ({ data, open }) => {
  const program = await prepare(data, 2)
  await program.close()
  const window = await open()
  const { keyboard, mouse } = window.page
  const first = await openQueue(window, 'r1')
  const slice = (n: number) => expect(canvas(window)).toHaveAttribute('data-slice', String(n))

  await slice(6)
  // All of the scan is here: until then its slices come after their numbers.
  await window.at('sheet-8').waitFor()
  const middle = await pixels(window)
  await keyboard.press('ArrowDown')
  await slice(7)
  await expect.poll(() => pixels(window)).not.toBe(middle)
  await keyboard.press('ArrowUp')
  await slice(6)
  await expect.poll(() => pixels(window)).toBe(middle)
  await keyboard.press('End')
  await slice(11)
  await keyboard.press('ArrowDown')
  await slice(11)
  await keyboard.press('Home')
  await slice(0)
  await keyboard.press('Shift+ArrowDown')
  await slice(10)

  const box = (await canvas(window).boundingBox())!
  await mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  await mouse.wheel(0, -100)
  await slice(9)
  await mouse.wheel(0, 100)
  await slice(10)

  const preset = await canvas(window).getAttribute('data-window')
  const unmoved = await pixels(window)
  await mouse.down()
  await mouse.move(box.x + box.width / 2 + 60, box.y + box.height / 2 + 40, { steps: 4 })
  await mouse.up()
  await expect(canvas(window)).toHaveAttribute('data-window', /^-?[\d.]+,[\d.]+$/)
  await expect.poll(() => pixels(window)).not.toBe(unmoved)
  await keyboard.press('w')
  await expect(canvas(window)).toHaveAttribute('data-window', /^(bone|streaks|full)$/)
  for (let turns = 0; turns < 3 && (await canvas(window).getAttribute('data-window')) !== preset; turns++)
    await keyboard.press('w')
  await expect.poll(() => pixels(window)).toBe(unmoved)

  // A slice from the contact sheet; the nearest says so.
  await window.click('sheet-8')
  const chosen = await window.at('sheet-8').getAttribute('data-slice')
  await slice(Number(chosen))
  await expect(window.at('sheet-8')).toHaveAttribute('aria-current', 'true')

  // The next scan is another picture, in the middle of its stack.
  await keyboard.press('3')
  await keyboard.press('Enter')
  await shown(window, first)
  await slice(6)
  await expect.poll(() => pixels(window)).not.toBe(middle)
})

test('an interrupted reader finds the place again', async ({ data, open }) => {
  const program = await prepare(data, 3)
  const before = await open()
  const first = await openQueue(before, 'r1')
  await before.page.keyboard.press('4')
  // A click at the top of the window does not take Enter from the vote.
  await before.click('theme')
  await before.page.keyboard.press('Enter')
  const second = await shown(before, first)
  // Picked and not cast: this is not a vote.
  await before.page.keyboard.press('5')
  await before.close()

  const after = await open()
  expect(await openQueue(after, 'r1')).toBe(second)
  await expect(after.page.locator('[data-picked="true"]')).toHaveCount(0)
  await expect(after.at('scan-position')).toHaveAttribute('data-position', '2')
  expect((await votesOf(program, 'r1')).map((vote) => vote.grade)).toEqual([4])
  await program.close()
})

test('the next reader at the same window sees nothing of the one before', async ({ data, open }) => {
  const program = await prepare(data, 4)
  const window = await open()
  const { keyboard } = window.page
  const first = await openQueue(window, 'r1')
  await keyboard.press('5')
  await keyboard.press('n')
  await keyboard.type('a word of the first reader')
  await keyboard.press('Enter')
  await keyboard.press('Enter')
  await shown(window, first)
  await keyboard.press('0')
  await keyboard.press('6')
  await keyboard.type('unsaved word of the first reader')
  await window.signOut()

  await openQueue(window, 'r2')
  await expect(window.at('scan-position')).toHaveAttribute('data-position', '1')
  await expect(window.page.locator('[data-picked="true"]')).toHaveCount(0)
  await expect(window.at('saved')).toHaveCount(0)
  await expect(window.at('remarks')).toHaveCount(0)
  await keyboard.press('Backspace')
  await expect(window.at('hint')).toHaveAttribute('data-hint', 'nothing-to-undo')
  expect(await window.page.content()).not.toContain('word of the first reader')
  expect((await votesOf(program, 'r1')).length).toBe(1)
  expect(await votesOf(program, 'r2')).toEqual([])
  await program.close()
})
