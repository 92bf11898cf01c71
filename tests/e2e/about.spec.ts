import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../scripts/lib/runtime.mjs'
import { productPackages } from '../../packaging/parts/packages.ts'
import { startProgram } from '../fixtures/program.ts'
import { expect, test, visit } from './window.ts'

test('About lists every part with the words of its licence, by keyboard, and looks for no update', async ({
  data,
  open,
}) => {
  const program = await startProgram(data)
  await program.person('admin')
  await program.close()
  const window = await open()
  const { page, at } = window
  await window.signIn('admin')
  await visit(window, '/about')
  await at('licence').first().waitFor()
  await expect(at('about-device')).toHaveText(/^(CPU|GPU): ./)
  await expect(at('licence-text')).toContainText('Apache License')

  // What is bundled and what is packed stands in the list, under its version; its end brings all its rows.
  await at('licence-list').focus()
  await page.keyboard.press('End')
  await expect(at('licence').last()).toHaveAttribute('aria-selected', 'true')
  const rows = (await at('licence').allTextContents()).map((row) => row.trim())
  const listed = new Set(rows)
  for (const { name, version, licence } of productPackages(root))
    expect(listed).toContain(`${name}${version} · ${licence}`)
  const all = (await at('licence-count').innerText()).match(/\d+/g)!.map(Number)
  expect(all).toEqual([rows.length, rows.length])

  await window.fill('licence-search', 'sqlite')
  await expect(at('licence').first()).toContainText(/sqlite/i)
  expect(await at('licence').count()).toBeLessThan(10)
  await window.fill('licence-search', 'electron')
  // Out of the search by Tab, past its clear button where it has one, to the list; then the arrows choose.
  await page.locator('[data-test="licence-search"] input, input[data-test="licence-search"]').first().focus()
  for (let n = 0; n < 3; n++) {
    await page.keyboard.press('Tab')
    if (await at('licence-list').evaluate((list) => list === document.activeElement)) break
  }
  await expect(at('licence-list')).toBeFocused()
  const before = await at('licence-text').innerText()
  await page.keyboard.press('End')
  await expect(at('licence').last()).toHaveAttribute('aria-selected', 'true')
  await expect(at('licence-text')).not.toHaveText(before)
  await page.keyboard.press('Tab')
  await expect(at('licence-text')).toBeFocused()

  // As delivered: no key in this build, or a place nobody has named; either way nothing is there to look.
  if (existsSync(join(root, 'packaging/update-key.pem'))) await expect(at('updates-look')).toBeDisabled()
  else await expect(at('updates-unkeyed')).toBeVisible()
})
