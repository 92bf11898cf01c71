import { readers } from './accounts.ts'
import type { Window } from './window.ts'

/** The lead makes the study from its template and imports both parts of the scans. */
export async function makeStudy(
  window: Window,
  wanted: { title: string; readingFolder: string; unreadFolder: string },
): Promise<void> {
  await window.signIn('lead')
  await window.click('study-new')
  await window.fill('study-title', wanted.title)
  await window.shot('new-study')
  await window.click('study-create')
  await window.page.waitForFunction(() => location.hash.includes('/setup'))
  await window.goTo('scans')
  await importFolder(window, wanted.readingFolder, 'reading')
  await importFolder(window, wanted.unreadFolder, 'unread')
  await window.shot('scans')
  await window.goTo('setup')
  for (const reader of readers) await window.at(`setup-reader-${reader}`).check()
  await window.click('setup-save-readers')
  await window.page.locator('[data-test="setup-open-start"]:not([disabled])').waitFor()
  await window.shot('set-up')
  await window.click('setup-open-start')
  await window.at('setup-open-understood').check()
  await window.click('setup-open-confirm')
  await window.page.locator('[data-test="setup-state"][data-state="open"]').waitFor()
  await window.signOut()
}

async function importFolder(window: Window, folder: string, purpose: 'reading' | 'unread'): Promise<void> {
  await window.fill('import-path', folder)
  await window.click('import-look')
  await window.page.locator('[data-test="import-accept"]').waitFor()
  if (purpose === 'reading') await window.shot('import-preview')
  await window.at(`import-purpose-${purpose}`).check()
  await window.click('import-accept')
  await window.at('import-done').waitFor()
}
