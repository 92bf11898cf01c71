import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { plainDesign } from '../../src/preload/contract/design.ts'
import { importAll, startProgram } from '../fixtures/program.ts'
import { target, writeDrawnHeels } from '../fixtures/heels.ts'
import { expect, test, visit, windowOpenedBy } from './window.ts'

/** Two studies of drawn heels: one in which each reader places an own region first, one whose regions a lead places. */
async function prepare(data: string): Promise<{ own: string; shared: string }> {
  const program = await startProgram(data)
  const lead = await program.person('lead', 'lead')
  const { accountId } = await program.person('r1', 'reader')
  await writeDrawnHeels(join(data, 'files'), 3)
  const studies: string[] = []
  for (const ask of ['own', 'shared'] as const) {
    const { id: studyId } = await program.get<{ id: string }>('lead', 'studies.create', {
      ...{ title: `Heels, ${ask}`, template: 'calcaneus-osteoporosis', readersPerScan: 1 },
    })
    const design = { ...plainDesign, region: { ask, required: true, placers: [] } }
    await program.get('lead', 'designs.set', { studyId, design })
    await importAll(program, lead, studyId, [join(data, 'files')], 'reading')
    await program.get('lead', 'studies.setReaders', { studyId, readerIds: [accountId] })
    if (ask === 'own') await program.get('lead', 'studies.open', { studyId })
    studies.push(studyId)
  }
  await program.close()
  return { own: studies[0]!, shared: studies[1]! }
}

/** Grey values of the preview: a corner, the middle of the upper edge, five pixels inside of it, the middle. */
const preview = (page: Page) =>
  page.locator('[data-test="region-preview"]').evaluate((canvas) => {
    const context = (canvas as HTMLCanvasElement).getContext('2d')!
    const grey = (x: number, y: number) => context.getImageData(x, y, 1, 1).data[0]!
    return { corner: grey(0, 0), edge: grey(200, 0), inside: grey(200, 5), middle: grey(200, 200) }
  })
const place = async (page: Page) => {
  const square = page.locator('[data-test="region-square"]')
  return { x: Number(await square.getAttribute('data-x')), y: Number(await square.getAttribute('data-y')) }
}

/** Waits until the square is that near, in pixels of the radiograph. */
const near = (page: Page, to: { x: number; y: number }, within: number) =>
  expect
    .poll(async () => {
      const { x, y } = await place(page)
      return Math.max(Math.abs(x - to.x), Math.abs(y - to.y))
    })
    .toBeLessThan(within)

test('a region is placed by hand and by keys, before the vote and for a whole study', async ({ data, open }) => {
  const { own, shared } = await prepare(data)
  const window = await open()
  const { page } = window
  const square = window.at('region-square')
  await window.signIn('r1')
  await visit(window, `/studies/${own}/reading`)
  await page.locator('[data-test="reading-canvas"][data-drawn="true"]').waitFor()
  await expect(square).toHaveAttribute('data-state', 'open')
  expect(await place(page)).toEqual({ x: 349.5, y: 249.5 })

  // Without it no grade.
  await page.keyboard.press('2')
  await page.keyboard.press('Enter')
  await expect(window.at('hint')).toHaveAttribute('data-hint', 'no-region')

  // By hand: twenty pixels of the screen to the right are so many of the radiograph; it does not leave the picture.
  const edge = window.at('region-edge')
  const box = (await edge.boundingBox())!
  const pixels = 320 / box.width
  const [cx, cy] = [box.x + box.width / 2, box.y + box.height / 2]
  await page.mouse.move(cx, cy)
  await page.mouse.down()
  await page.mouse.move(cx + 2000, cy, { steps: 4 })
  await expect(square).toHaveAttribute('data-x', String(700 - 0.5 - 160))
  await page.mouse.move(cx + 20, cy - 8, { steps: 6 })
  await page.mouse.up()
  await near(page, { x: 349.5 + 20 * pixels, y: 249.5 - 8 * pixels }, 2)

  // By keys, one pixel and ten, onto the drawn square of 1000 on a ground of 100 with a patch of 3000. A new pixel is 0.8 old ones:
  // the outermost one is sampled a tenth of a pixel outside, so the edge is 0.9 x 1000 + 0.1 x 100 and the corner, the darkest, 829.
  for (const [axis, back, on] of [
    ['x', 'ArrowLeft', 'ArrowRight'],
    ['y', 'ArrowUp', 'ArrowDown'],
  ] as const) {
    let off = Math.round(target[axis] - (await place(page))[axis])
    while (off !== 0) {
      const step = Math.abs(off) >= 10 ? 10 : 1
      await page.keyboard.press(`${step === 10 ? 'Shift+' : ''}${off > 0 ? on : back}`)
      off -= Math.sign(off) * step
    }
  }
  await near(page, target, 0.1)
  await expect.poll(() => preview(page)).toEqual({ corner: 0, edge: 10, inside: 20, middle: 255 })
  // One pixel higher the edge shows the ground alone.
  await page.keyboard.press('ArrowUp')
  await expect.poll(() => preview(page)).toEqual({ corner: 0, edge: 0, inside: 79, middle: 255 })
  await page.keyboard.press('ArrowDown')

  // Kept, and then the vote; it is there again when the vote is taken back.
  await page.keyboard.press('r')
  await expect(square).toHaveAttribute('data-state', 'kept')
  await page.keyboard.press('2')
  await page.keyboard.press('Enter')
  await expect(window.at('saved')).toBeVisible()
  await expect(square).toHaveAttribute('data-state', 'open')
  await page.keyboard.press('Backspace')
  await expect(square).toHaveAttribute('data-state', 'kept')
  expect(await place(page)).toEqual({ x: target.x, y: target.y })

  // In the second window it is seen, and moved by keys and hand, as in the first.
  const other = await windowOpenedBy(window.app, () => page.keyboard.press('v'))
  const there = other.locator('[data-test="region-square"]')
  await expect(there).toHaveAttribute('data-state', 'kept')
  expect(await place(other)).toEqual({ x: target.x, y: target.y })
  await other.locator('[data-test="reading-canvas"][data-drawn="true"]').waitFor()
  await other.keyboard.press('r')
  await other.keyboard.press('Shift+ArrowRight')
  await expect(there).toHaveAttribute('data-x', String(target.x + 10))
  await expect(there).toHaveAttribute('data-state', 'open')
  const held = (await other.locator('[data-test="region-edge"]').boundingBox())!
  await other.mouse.move(held.x + held.width / 2, held.y + held.height / 2)
  await other.mouse.down()
  await other.mouse.move(held.x, held.y + held.height / 2, { steps: 3 })
  await other.mouse.up()
  // The first window keeps the square and tells the second one where it is: the last step of the hand came with it.
  await near(other, { x: target.x + 10 - 160, y: target.y }, 3)
  await other.keyboard.press('r')
  await expect(there).toHaveAttribute('data-state', 'kept')
  const moved = await place(other)
  await page.keyboard.press('v')
  await expect(square).toHaveAttribute('data-state', 'kept')
  expect(await place(page)).toEqual(moved)
  await window.signOut()

  // For a whole study by keyboard alone: Enter keeps and goes on; the other side begins as its mirror image.
  await window.signIn('lead')
  await visit(window, `/studies/${shared}/regions`)
  await page.locator('[data-test="regions-canvas"][data-drawn="true"]').waitFor()
  await page.keyboard.press('ArrowLeft')
  for (let placed = 1; placed <= 3; placed++) {
    await expect(square).toHaveAttribute('data-state', 'open')
    expect((await place(page)).x).toBe([348.5, 351, 348][placed - 1])
    await page.keyboard.press('Enter')
    await expect(window.at('regions-placed')).toHaveAttribute('data-placed', String(placed))
  }
  await expect(window.at('regions-all')).toBeVisible()
  await window.signOut()
})
