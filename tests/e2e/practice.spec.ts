import { join } from 'node:path'
import { startProgram } from '../fixtures/program.ts'
import { expect, test, type Window } from './window.ts'

const scans = 8

/** Scans made, as the list of sets says; its one set must be the one asked for. */
const madeOf = async (window: Window): Promise<number> =>
  Number(await window.at('practice-set').first().getAttribute('data-made'))

async function atPractice(open: () => Promise<Window>): Promise<Window> {
  const window = await open()
  await window.signIn('lead')
  await window.at('study-open').first().click()
  await window.goTo('scans')
  await window.click('practice-open')
  return window
}

/** Waits until the job at the foot of the window has counted to `count`. */
const counted = (window: Window, count: number) =>
  window.page.waitForFunction((least) => {
    const text = document.querySelector('[data-test="job"][data-kind="practice"] .count')?.textContent ?? ''
    return Number(/\d+/.exec(text)?.[0] ?? 0) >= least
  }, count)

test('practice scans are cancelled, outlive the program, are gone on with, imported and read', async ({
  data,
  open,
}) => {
  const program = await startProgram(data)
  await program.person('lead', 'lead')
  const { accountId } = await program.person('r1', 'reader')
  const { id: studyId } = await program.get<{ id: string }>('lead', 'studies.create', {
    ...{ title: 'Practice', template: 'hrpqct-motion', readersPerScan: 1 },
  })
  await program.close()

  // Cancelled after the first: what was made stays.
  const first = await atPractice(open)
  for (const [field, value] of Object.entries({ scans, size: 192, slices: 8, seed: 3 }))
    await first.fill(`practice-${field}`, String(value))
  await first.click('practice-start')
  await counted(first, 1)
  await first.click('job-cancel')
  await first.at('practice-stopped').waitFor()
  // The list of sets is looked at anew after the job has ended.
  await first.at('practice-set').waitFor()
  await expect.poll(() => madeOf(first)).toBeGreaterThanOrEqual(1)
  const stopped = await madeOf(first)
  expect(stopped).toBeLessThan(scans)

  // Gone on with, and the program is closed in the middle.
  await first.click('practice-go-on')
  await counted(first, stopped + 1)
  await first.close()

  const second = await atPractice(open)
  await second.at('practice-set').waitFor()
  await expect(second.at('practice-set')).toHaveCount(1)
  expect(await madeOf(second)).toBeGreaterThanOrEqual(stopped + 1)
  expect(await madeOf(second)).toBeLessThan(scans)
  await second.click('practice-go-on')
  await second.at('practice-done').waitFor()
  await expect.poll(() => madeOf(second)).toBe(scans)

  // The field above names them; each has its projections.
  const path = second.page.locator('input[data-test="import-path"], [data-test="import-path"] input').first()
  expect(await path.inputValue()).toContain(join(data, 'practice'))
  await second.click('import-look')
  await second.at('import-accept').waitFor()
  await expect(second.at('import-count-new')).toContainText(String(scans))
  await second.click('import-accept')
  await second.at('import-done').waitFor()
  await expect(second.at('scan-row').first()).toBeVisible()
  await second.close()

  const again = await startProgram(data)
  await again.get('lead', 'accounts.signIn', { name: 'lead', password: 'correct horse battery' })
  await again.get('lead', 'studies.setReaders', { studyId, readerIds: [accountId] })
  await again.get('lead', 'studies.open', { studyId })
  expect((await again.db.selectFrom('motion_estimate').selectAll().execute()).length).toBe(scans)
  await again.close()

  // The estimate stands beside a vote once that is final, one scan later, and not before.
  const third = await open()
  await third.signIn('r1')
  await third.at('study-open').first().click()
  const shown = async (position: number): Promise<void> => {
    await third.page.locator(`[data-test="scan-position"][data-position="${position}"]`).waitFor()
    await third.page.waitForSelector('[data-test="reading-canvas"][data-drawn="true"]')
  }
  await shown(1)
  await expect(third.at('motion-note')).toHaveCount(0)
  await third.page.keyboard.press('3')
  await third.page.keyboard.press('Enter')
  await shown(2)
  await expect(third.at('motion-note')).toHaveCount(0)
  await third.page.keyboard.press('4')
  await third.page.keyboard.press('Enter')
  await shown(3)
  await expect(third.at('motion-note')).toHaveAttribute('data-position', '1')
  await expect(third.at('motion-note')).toContainText(/3.*\d/)
  await third.close()
})
