import { startProgram } from '../fixtures/program.ts'
import { expect, test, visit } from './window.ts'

test('a lead goes through the pages and names the readers by keys alone', async ({ data, open }) => {
  const program = await startProgram(data)
  await program.person('lead', 'lead')
  for (const reader of ['r1', 'r2']) await program.person(reader, 'reader')
  const request = { title: 'Motion', template: 'hrpqct-motion', readersPerScan: 2 }
  const { id } = await program.get<{ id: string }>('lead', 'studies.create', request)
  await program.close()
  const window = await open()
  const { page, at } = window
  await window.signIn('lead')
  await visit(window, `/studies/${id}/setup`)

  await at('setup-reader-r1').waitFor()
  await expect(at('page-title')).toBeFocused()
  await page.keyboard.press('F6')
  await expect(at('nav-setup')).toBeFocused()
  await page.keyboard.press('ArrowUp')
  await expect(at('nav-studies')).toBeFocused()
  await page.keyboard.press('End')
  await expect(at('nav-about')).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(at('nav-about')).toBeFocused()
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowDown')
  await expect(at('nav-setup')).toBeFocused()
  await page.keyboard.press('F6')
  await expect(at('page')).toBeFocused()

  // Enter in any of the fields saves; the button itself, with nothing more to save, leaves the keyboard in its panel.
  const count = at('setup-readers-count')
  await at('setup-reader-r1').focus()
  await page.keyboard.press('Space')
  await page.keyboard.press('Enter')
  await expect(count).toContainText('1')
  await expect(at('setup-reader-r1')).toBeFocused()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Space')
  await at('setup-save-readers').focus()
  await page.keyboard.press('Enter')
  await expect(count).toContainText('2')
  await expect(at('setup-readers')).toBeFocused()
  await page.keyboard.press('Tab')
  await expect(at('setup-reader-r1')).toBeFocused()
})
