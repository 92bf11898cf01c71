import { answerSaveDialog, type Window } from './window.ts'
import { join } from 'node:path'

/** The lead looks, seals, unblinds, settles one scan, freezes a label set, and takes the report away. */
export async function leadWork(window: Window, out: string, rule: 'majority' | 'rounded-mean'): Promise<void> {
  const { page } = window
  await window.signIn('lead')
  await window.page.locator('[data-test="study-open"]').first().click()
  await window.goTo('overview')
  await window.at('overview-rescan-value').waitFor()
  await window.shot('overview')
  await page.evaluate(() => document.querySelector('[data-test="overview-pairs"]')?.scrollIntoView())
  await window.shot('overview-agreement')
  await window.goTo('disagreement')
  await window.at('disputed-row').first().waitFor()
  await window.shot('disagreement')
  await window.goTo('sealing')
  await window.click('seal-start')
  await window.at('seal-understood').check()
  await window.shot('sealing')
  await window.click('seal-confirm')
  await window.at('seal-done').waitFor()
  await window.click('unblind-start')
  await window.at('unblind-understood').check()
  await window.click('unblind-confirm')
  await window.at('unblind-done').waitFor()
  await window.goTo('adjudication')
  await window.at('adjudicate-form').waitFor()
  await page.locator('[data-drawn="true"]').waitFor()
  await page.locator('[data-test^="adjudicate-grade-"]').nth(3).click()
  await window.fill('adjudicate-reason', 'Cortex doubled in the lower third.')
  await window.shot('adjudication')
  const open = (): string => document.querySelector('[data-test="adjudicate-open"]')?.textContent?.trim() ?? ''
  const before = await page.evaluate(open)
  await window.click('adjudicate-save')
  await page.waitForFunction(
    (said) => document.querySelector('[data-test="adjudicate-open"]')?.textContent?.trim() !== said,
    before,
  )
  await window.goTo('labels')
  await window.fill('freeze-name', `By ${rule}`)
  await window.at(`freeze-rule-${rule}`).check()
  await window.shot('freeze-labels')
  await window.click('freeze-submit')
  await window.at('label-set').waitFor()
  await window.shot('label-sets')
  await window.goTo('report')
  await window.at('report-preview').waitFor()
  await window.shot('report')
  await save(window, 'export-votes', join(out, 'votes.csv'))
  await save(window, 'export-agreement', join(out, 'agreement.json'))
  await save(window, 'report-pdf', join(out, 'report.pdf'))
  await window.signOut()
}

export async function save(window: Window, button: string, path: string): Promise<void> {
  await answerSaveDialog(window, path)
  await window.click(button)
  await window.at(`${button}-saved`).first().waitFor()
}
