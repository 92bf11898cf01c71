import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DisputedScan } from '../../src/preload/contract/analysis.ts'
import type { ConcordApi } from '../../src/preload/contract/index.ts'
import { firstDisputed } from '../fixtures/disputed.ts'
import { writeDiscs } from '../fixtures/discs.ts'
import { createStudyWith, startProgram, type Program } from '../fixtures/program.ts'
import { answerSaveDialog } from '../main-job/window.ts'
import { dress, eyeOn, large, resize, small } from './looks.ts'
import { expect, test as base, visit, type Window } from './window.ts'

/** Six scans on which the readers differ, with a mark and a note of one of them, sealed; and the words that must not show. */
interface Prepared {
  folder: string
  studyId: string
}
const note = 'Doubled cortex, medial.'
const names = /Dr r[123]/

interface DeskView {
  current: { assignmentId: string; pseudonym: string } | null
}
async function read(program: Program, reader: string, studyId: string, grade: (n: number) => number): Promise<void> {
  let desk = await program.get<DeskView>(reader, 'reading.desk', { studyId })
  for (let n = 0; desk.current; n++) {
    const number = Number(desk.current.pseudonym.replace(/\D/g, ''))
    desk = await program.get<DeskView>(reader, 'reading.cast', {
      ...{ assignmentId: desk.current.assignmentId, grade: grade(number), reason: null },
      ...{
        shownAt: new Date().toISOString(),
        worstSlice: reader === 'r1' ? 2 : null,
        note: reader === 'r1' ? note : null,
      },
    })
  }
}

const test = base.extend<{ study: Prepared }>({
  study: async ({ data }, use) => {
    const made = mkdtempSync(join(tmpdir(), 'concord-settling-'))
    await writeDiscs(made, 6, [160, 160, 12])
    const program = await startProgram(data)
    const { studyId } = await createStudyWith(program, [{ folder: made, purpose: 'reading' }])
    await read(program, 'r1', studyId, () => 4)
    await read(program, 'r2', studyId, (n) => (n % 2 === 0 ? 5 : 2))
    await read(program, 'r3', studyId, (n) => (n % 2 === 0 ? 4 : 3))
    await program.close()
    rmSync(made, { recursive: true, force: true })
    await use({ folder: data, studyId })
  },
})

const settled = (window: Window, studyId: string): Promise<DisputedScan['adjudicated'][]> =>
  window.page.evaluate(async (request) => {
    const { concord } = globalThis as unknown as { concord: ConcordApi }
    const reply = await concord.analysis.disputedPage(request)
    return reply.ok ? reply.value.rows.map((scan) => scan.adjudicated) : []
  }, firstDisputed(studyId))

test('a lead seals, settles by key alone, unblinds with two confirmations and asks for names', async ({
  study,
  open,
}, info) => {
  const { studyId } = study
  const window = await open()
  const { page } = window
  await window.at('sign-in-name').waitFor()
  await window.signIn('lead')
  await visit(window, `/studies/${studyId}/adjudication`)
  await window.at('adjudicate-not-sealed').waitFor()

  await window.goTo('sealing')
  await window.click('seal-start')
  await expect(window.at('seal-confirm')).toBeDisabled()
  await window.at('seal-understood').check()
  await window.click('seal-confirm')
  await window.at('seal-done').waitFor()

  await visit(window, `/studies/${studyId}/adjudication`)
  await page.locator('[data-drawn="true"]').waitFor()
  await expect(window.at('adjudicate-reader')).toHaveText(['Reader A', 'Reader B', 'Reader C'])
  await expect(window.at('adjudicate-note')).toHaveText(note)
  await expect(window.at('adjudicate-names')).toHaveCount(0)
  const letter = (await window.at('adjudicate-vote').filter({ hasText: note }).innerText()).slice(7, 8)
  await page.keyboard.press(letter)
  await expect(window.at('adjudication-canvas')).toHaveAttribute('data-slice', '2')
  await page.keyboard.press('ArrowUp')
  await expect(window.at('adjudication-canvas')).not.toHaveAttribute('data-slice', '2')
  await window.click(`adjudicate-slice-${letter}`)
  await expect(window.at('adjudication-canvas')).toHaveAttribute('data-slice', '2')

  // Nothing is saved without a reason; the digit after the grade is one.
  await expect(window.at('adjudicate-position')).toHaveText('1 / 6')
  await page.keyboard.press('4')
  await page.keyboard.press('Enter')
  await expect(window.at('adjudicate-position')).toHaveText('1 / 6')
  await page.keyboard.press('1')
  await page.keyboard.press('Enter')
  await expect(window.at('adjudicate-position')).toHaveText('2 / 6')
  // A button that has the keyboard gives it back: Enter saves what was decided, and does not press the button.
  await window.at('adjudicate-next').focus()
  await page.keyboard.press('5')
  await page.keyboard.press('Backspace')
  await page.keyboard.press('3')
  await page.keyboard.press('t')
  await page.keyboard.type('Only the last 5 slices, all distal.')
  await page.keyboard.press('Enter')
  await expect(window.at('adjudicate-position')).toHaveText('3 / 6')
  expect((await settled(window, studyId)).slice(0, 3)).toMatchObject([
    { grade: 4, cause: 'streaksInside', reason: '' },
    { grade: 3, cause: 'other', reason: 'Only the last 5 slices, all distal.' },
    null,
  ])
  await page.keyboard.press('Alt+ArrowLeft')
  await expect(window.at('adjudicate-settled')).toContainText('Only the last 5 slices')
  const eye = eyeOn(window, info.outputPath('pictures'))
  for (const language of ['en', 'de'] as const) {
    await dress(window, language, language === 'en' ? 'dark' : 'light')
    await page.locator('[data-drawn="true"]').waitFor()
    await page.keyboard.press('4')
    await eye.look(`adjudication-${language}`, { axe: false })
  }
  await window.goTo('sealing')
  await eye.look('sealing', { axe: false })
  expect(eye.problems).toEqual([])
  await dress(window, 'en', 'dark')

  await window.goTo('sealing')
  await expect(page.getByText(names)).toHaveCount(0)
  await window.click('unblind-start')
  await expect(window.at('unblind-confirm')).toBeDisabled()
  await window.at('unblind-understood').check()
  await window.click('unblind-confirm')
  await window.at('unblind-done').waitFor()

  await visit(window, `/studies/${studyId}/adjudication`)
  await window.at('adjudicate-vote').first().waitFor()
  await expect(window.at('adjudicate-reader')).toHaveText(['Reader A', 'Reader B', 'Reader C'])
  await page.keyboard.press('n')
  await expect(window.at('adjudicate-reader').first()).toHaveText(names)
  await page.keyboard.press('Alt+ArrowRight')
  await expect(window.at('adjudicate-reader').first()).toHaveText('Reader A')

  // What was frozen is said, and the keyboard is on its card.
  await window.goTo('labels')
  await window.fill('freeze-name', 'First round')
  await page.keyboard.press('Enter')
  await expect(window.at('freeze-done')).toContainText('“First round”')
  await expect(window.at('label-set')).toBeFocused()
})

test('a meeting settles the rest on the whole screen, large, without names', async ({ study, open }, info) => {
  const { studyId } = study
  const program = await startProgram(study.folder)
  await program.get('lead', 'accounts.signIn', { name: 'lead', password: 'correct horse battery' })
  await program.get('lead', 'analysis.seal', { studyId, incomplete: false })
  await program.get('lead', 'analysis.unblind', { studyId })
  await program.close()
  const window = await open()
  const { page } = window
  await window.at('sign-in-name').waitFor()
  await window.signIn('lead')
  await visit(window, `/studies/${studyId}/adjudication`)
  await window.at('adjudicate-vote').first().waitFor()
  const wholeScreen = await screenAsked(window)
  await page.keyboard.press('m')
  await window.at('meeting').waitFor()
  await expect.poll(wholeScreen).toEqual([true])
  await page.locator('[data-drawn="true"]').waitFor()
  await expect(window.at('meeting-position')).toHaveText('1')
  await expect(page.locator('header.top-bar, nav')).toHaveCount(0)
  await expect(window.at('meeting-vote')).toHaveCount(3)

  const eye = eyeOn(window, info.outputPath('pictures'))
  for (const language of ['en', 'de'] as const) {
    await dress(window, language, language === 'en' ? 'dark' : 'light')
    await page.locator('[data-drawn="true"]').waitFor()
    await eye.look(`meeting-${language}`)
    await page.keyboard.press('4')
    await eye.look(`meeting-why-${language}`)
    await page.keyboard.press('Backspace')
  }
  expect(eye.problems).toEqual([])
  for (const size of [small, large]) {
    await resize(window, size)
    expect(await smallestLetters(window)).toBeGreaterThanOrEqual(0.0165 * size.width)
  }
  await dress(window, 'en', 'dark')

  for (let n = 1; n <= 6; n++) {
    await expect(window.at('meeting-position')).toHaveText(String(n))
    await page.keyboard.press('3')
    await expect(window.at('meeting-decision')).toHaveAttribute('data-step', 'cause')
    if (n === 2) {
      await page.keyboard.press('7')
      await page.keyboard.type('The streak 1 is a vessel.')
    } else await page.keyboard.press('2')
    await expect(window.at('meeting-ready')).not.toBeEmpty()
    await page.keyboard.press('Enter')
  }
  await window.at('meeting-done').waitFor()
  expect(await settled(window, studyId)).toMatchObject(
    [2, 1, 2, 2, 2, 2].map((_, i) =>
      i === 1 ? { cause: 'other', reason: 'The streak 1 is a vessel.' } : { grade: 3, cause: 'streaksOutside' },
    ),
  )
  expect(await page.locator('body').innerText()).not.toMatch(names)
  await page.keyboard.press('n')
  expect(await page.locator('body').innerText()).not.toMatch(names)
  await page.keyboard.press('Escape')
  await window.at('adjudicate-form').waitFor()
  await expect.poll(async () => (await wholeScreen()).at(-1)).toBe(false)
})

/** What the window was asked, in order: whether it takes the whole screen is the window manager's matter, and here is none. */
async function screenAsked({ app }: Window): Promise<() => Promise<boolean[]>> {
  const asked = await app.evaluateHandle(({ BrowserWindow }) => {
    const list: boolean[] = []
    BrowserWindow.getAllWindows()[0]!.setFullScreen = (on) => void list.push(on)
    return list
  })
  return () => asked.jsonValue()
}

/** Font size in pixels of the smallest words in sight. */
function smallestLetters({ page }: Window): Promise<number> {
  return page.evaluate(() => {
    const sizes = [...document.querySelectorAll<HTMLElement>('[data-test="meeting"] *')]
      .filter((element) =>
        [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent!.trim() !== ''),
      )
      .filter((element) => element.checkVisibility() && element.getBoundingClientRect().width > 2)
      .map((element) => parseFloat(getComputedStyle(element).fontSize))
    return Math.min(...sizes)
  })
}

test('a lead writes what only authors know, prints the report and takes the folder', async ({ study, open }, info) => {
  const { studyId, folder } = study
  const window = await open()
  await window.at('sign-in-name').waitFor()
  await window.signIn('lead')
  await visit(window, `/studies/${studyId}/report`)
  await window.at('report-preview').waitFor()
  await window.fill('report-note-population', 'Outpatients of one clinic.')
  await window.click('report-notes-save')
  await expect(window.at('report-notes-given')).toContainText('1')
  const eye = eyeOn(window, info.outputPath('pictures'))
  await eye.look('report')
  expect(eye.problems).toEqual([])
  for (const language of ['en', 'de'] as const) {
    await dress(window, language, 'light')
    await window.at('report-preview').waitFor()
    const path = join(folder, `report-${language}.pdf`)
    await answerSaveDialog(window, path)
    await window.click('report-pdf')
    await window.at('report-pdf-saved').waitFor()
    const pdf = readFileSync(path)
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
    // Several pages, tagged for screen readers, with an outline of the headings.
    for (const mark of ['/StructTreeRoot', '/Outlines', `/Lang (${language})`])
      expect(pdf.includes(mark), mark).toBe(true)
    if (process.env['CONCORD_PICTURES']) copyFileSync(path, info.outputPath(`report-${language}.pdf`))
  }
  await window.app.evaluate(({ dialog }, filePath) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [filePath] })
  }, folder)
  await expect(window.at('export-named')).toHaveCount(0)
  await window.click('export-folder')
  // The folder's path, then the end of the audit trail on a line of its own.
  const [saved] = (await window.at('export-folder-saved').innerText()).split('\n')
  expect(readdirSync(saved!.replace(/^[^/]*/, '')).sort()).toContain('analysis.R')
})

test('a reader sees afterwards how the own grades lie to the consensus, and no other reader', async ({
  study,
  open,
}, info) => {
  const { studyId } = study
  const program = await startProgram(study.folder)
  await program.get('lead', 'accounts.signIn', { name: 'lead', password: 'correct horse battery' })
  await program.get('lead', 'analysis.seal', { studyId, incomplete: false })
  await program.get('lead', 'labels.freeze', { studyId, name: 'First round', rule: 'rounded-mean' })
  await program.close()
  const window = await open()
  const { page } = window
  await window.at('sign-in-name').waitFor()
  const comparison = async () => {
    await window.signIn('r2')
    await visit(window, `/studies/${studyId}/comparison`)
  }
  await comparison()
  await window.at('empty').waitFor()
  await window.signOut()

  await window.signIn('lead')
  await visit(window, `/studies/${studyId}/sealing`)
  await window.at('readers-see').check()
  await window.click('unblind-start')
  await window.at('unblind-understood').check()
  await window.click('unblind-confirm')
  await window.at('unblind-done').waitFor()
  await window.signOut()

  await comparison()
  await window.at('comparison-same').waitFor()
  await expect(window.at('comparison-reference')).toContainText('First round')
  const eye = eyeOn(window, info.outputPath('pictures'))
  for (const language of ['en', 'de'] as const) {
    await dress(window, language, language === 'en' ? 'dark' : 'light')
    await window.at('comparison-same').waitFor()
    await eye.look(`comparison-${language}`)
  }
  expect(eye.problems).toEqual([])
  expect(await page.locator('main').innerText()).not.toMatch(/Dr r|Reader [ABC]|Person [ABC]/)
  await window.at('comparison-row').first().focus()
  await page.keyboard.press('Enter')
  await page.locator('[data-test="comparison-canvas"][data-drawn="true"]').waitFor()
  await eye.look('comparison-scan')
  await page.keyboard.press('Escape')
  await window.at('comparison-list').waitFor()
})
