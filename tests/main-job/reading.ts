import type { Window } from './window.ts'

export interface Typed {
  reader: string
  pseudonym: string
  grade: number
}

/** A reader grades the whole queue with the keyboard alone: a number, Enter, and the next scan is there. */
export async function readQueue(
  window: Window,
  reader: string,
  gradeOf: (reader: string, pseudonym: string) => number,
  tell: (line: string) => void,
  shots: boolean,
): Promise<Typed[]> {
  await window.signIn(reader)
  if (shots) await window.shot('studies-reader')
  await window.page.locator('[data-test="study-open"]').first().click()
  const typed: Typed[] = []
  const { page } = window
  let undone = false
  for (;;) {
    const shown = await nextScan(window, typed.at(-1)?.pseudonym ?? null)
    if (shown === null) break
    const grade = gradeOf(reader, shown)
    if (shots && typed.length === 0) {
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press(String(grade))
      await window.shot('reading')
      await page.keyboard.press('?')
      await window.shot('reading-keys')
      await page.keyboard.press('Escape')
    } else await page.keyboard.press(String(grade))
    await page.keyboard.press('Enter')
    typed.push({ reader, pseudonym: shown, grade })
    if (typed.length === 3 && !undone) {
      undone = true
      await takeBackAndCastAgain(window, typed, grade)
    }
    if (typed.length % 10 === 0) tell(`${reader}: ${typed.length} votes cast`)
  }
  if (shots) {
    await window.shot('queue-finished')
    await window.click('to-progress')
    await window.shot('my-progress')
  } else await page.keyboard.press('Escape')
  await window.signOut()
  return typed
}

/** Waits for another scan than the last one to be drawn; null when the queue is finished. */
async function nextScan(window: Window, last: string | null): Promise<string | null> {
  const found = await window.page.waitForFunction((before) => {
    if (document.querySelector('[data-test="queue-finished"]')) return { done: true, pseudonym: '' }
    const pseudonym = document.querySelector('[data-test="pseudonym"]')?.textContent?.trim() ?? ''
    const drawn = document.querySelector('[data-drawn="true"]')
    return drawn && pseudonym && pseudonym !== before ? { done: false, pseudonym } : null
  }, last)
  const { done, pseudonym } = (await found.jsonValue())!
  return done ? null : pseudonym
}

/** Backspace brings the scan back; the same grade is cast once more. */
async function takeBackAndCastAgain(window: Window, typed: Typed[], grade: number): Promise<void> {
  const last = typed.at(-1)!
  const next = await nextScan(window, last.pseudonym)
  if (next === null) return
  await window.page.keyboard.press('Backspace')
  const back = await nextScan(window, next)
  if (back !== last.pseudonym) throw new Error(`Backspace brought ${back} and not ${last.pseudonym}`)
  await window.page.keyboard.press(String(grade))
  await window.page.keyboard.press('Enter')
}
