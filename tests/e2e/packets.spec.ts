import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeDiscs } from '../fixtures/discs.ts'
import { createStudyWith, startProgram } from '../fixtures/program.ts'
import { answerSaveDialog, openWindow } from '../main-job/window.ts'
import { expect, takeErrors, test, visit, type Window } from './window.ts'

/** Answers the system's dialog for a file to be opened. */
const answerOpenDialog = (window: Window, path: string): Promise<void> =>
  window.app.evaluate(({ dialog }, file) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [file] })
  }, path)

/** Drops a file of the disk on a part of the page, as from the desktop. */
async function drop(window: Window, name: string, path: string): Promise<void> {
  await window.at(name).scrollIntoViewIfNeeded()
  const box = (await window.at(name).boundingBox())!
  const at = { x: box.x + box.width - 8, y: box.y + 8 }
  const browser = await window.page.context().newCDPSession(window.page)
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await browser.send('Input.dispatchDragEvent', {
      ...{ type, ...at, data: { items: [], files: [path], dragOperationsMask: 1 } },
    })
}

/** The votes that the lead's page counts, of all readers. */
async function castOnPage(window: Window): Promise<number> {
  const rows = await window.at('overview-reader').allInnerTexts()
  return rows.reduce((sum, text) => sum + Number(/(\d+) \/ \d+/.exec(text)?.[1]), 0)
}

test('a queue goes to a workstation that is offline on a stick, and its votes come home on one', async ({
  data,
  open,
}) => {
  const stick = mkdtempSync(join(tmpdir(), 'concord-stick-'))
  const away = mkdtempSync(join(tmpdir(), 'concord-e2e-'))
  const program = await startProgram(data)
  await writeDiscs(join(data, 'made'), 3)
  const { studyId } = await createStudyWith(program, [{ folder: join(data, 'made'), purpose: 'reading' }])
  await program.close()
  let there: Window | undefined
  try {
    const [home, other] = await Promise.all([
      open(),
      openWindow({ data: away, env: {}, size: { width: 1280, height: 800 } }),
    ])
    there = other
    // At home: a packet for one of the readers.
    const packet = join(stick, 'r1.concord-study')
    await home.signIn('lead')
    await visit(home, `/studies/${studyId}/overview`)
    await home.at('empty').waitFor()
    await home.goTo('packets')
    await home.at('empty').waitFor()
    await answerSaveDialog(home, packet)
    await home.page.locator('select[data-test="packet-reader"]').selectOption({ label: 'Dr r1' })
    await home.click('packet-make')
    await home.at('packet-made').waitFor()
    const signer = await home.at('packet-signer').innerText()
    await expect(home.page.locator('[data-test="packet-row"][data-act="made"]')).toContainText('Dr r1')

    // There: nobody has an account yet. The packet says whose key signed it before anything is opened.
    await answerOpenDialog(other, packet)
    await other.click('to-open-packet')
    await other.click('packet-choose')
    await other.at('packet-found').waitFor()
    expect(await other.at('packet-signer').innerText()).toBe(signer)
    await other.click('packet-open')
    await other.click('packet-go-on')
    await other.signIn('r1')
    await other.click('study-open')
    const drawn = async (before = ''): Promise<string> => {
      await other.page.waitForFunction((last) => {
        const picture = document.querySelector<HTMLElement>('[data-test="reading-canvas"][data-drawn="true"]')
        return picture && picture.dataset['scan'] !== last
      }, before)
      return (await other.at('reading-canvas').getAttribute('data-scan'))!
    }
    let scan = await drawn()
    for (const [index, grade] of ['2', '4', '5'].entries()) {
      await other.page.keyboard.press(grade)
      await other.page.keyboard.press('Enter')
      if (index < 2) scan = await drawn(scan)
    }
    await other.at('queue-finished').waitFor()
    const votes = join(stick, 'back.concord-votes')
    await answerSaveDialog(other, votes)
    await other.click('packet-take')
    await expect(other.at('packet-taken')).toHaveAttribute('data-votes', '3')
    await expect(other.at('take-along')).toHaveAttribute('data-since', '0')
    expect(existsSync(votes)).toBe(true)

    // Home again: the wrong file is refused in words, the right one shows what it would do, then does it.
    await drop(home, 'packet-drop', packet)
    await expect(home.at('failure')).toHaveAttribute('data-code', 'packet-other-kind')
    await drop(home, 'packet-drop', votes)
    const preview = home.at('packet-preview')
    await expect(preview).toContainText('3 new votes')
    await expect(preview).toContainText('nothing conflicts')
    // Before unblinding no name stands beside a count.
    await expect(preview).not.toContainText('r1')
    await home.click('packet-merge')
    await expect(home.at('packet-merged')).toHaveAttribute('data-votes', '3')
    await expect(home.page.locator('[data-test="packet-row"][data-act="merged"]')).not.toContainText('r1')
    await home.click('packet-figures')
    await expect.poll(() => castOnPage(home)).toBe(3)

    // The same once more says that there is nothing new.
    await home.goTo('packets')
    await answerOpenDialog(home, votes)
    await home.click('packet-choose')
    await expect(home.at('packet-preview')).toHaveAttribute('data-known', '3')
    await expect(home.at('packet-merge')).toHaveCount(0)
    takeErrors(home)
    expect(other.errors).toEqual([])
  } finally {
    await there?.close().catch(() => undefined)
    rmSync(stick, { recursive: true, force: true })
    rmSync(away, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }
})
