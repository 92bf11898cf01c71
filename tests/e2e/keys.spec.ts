import { join } from 'node:path'
import { writeDiscs } from '../fixtures/discs.ts'
import { createStudyWith, readAll, startProgram } from '../fixtures/program.ts'
import { dress, eyeOn } from './looks.ts'
import { expect, takeErrors, test, visit } from './window.ts'

const own = 'seven wet umbrellas'

/** The other dress with CONCORD_DRESSES=all; tests/e2e/looks.spec.ts looks at the panel in both. */
const dresses = (
  [
    { language: 'en', theme: 'dark' },
    { language: 'de', theme: 'light' },
  ] as const
).slice(0, process.env['CONCORD_DRESSES'] === 'all' ? 2 : 1)

for (const { language, theme } of dresses)
  test(`a lead who lost the password opens the votes with the printed key, ${language}, ${theme}`, async ({
    data,
    open,
  }, info) => {
    const program = await startProgram(data)
    await writeDiscs(join(data, 'made'), 4, [16, 16, 4])
    const { studyId } = await createStudyWith(program, [{ folder: join(data, 'made'), purpose: 'reading' }])
    for (const [reader, grade] of [2, 3, 2].entries()) await readAll(program, `r${reader + 1}`, studyId, () => grade)
    await program.close()
    const window = await open()
    const { page, at } = window
    await at('sign-in-name').waitFor()
    await dress(window, language, theme)
    const eye = eyeOn(window, info.outputPath('pictures'))

    await window.signIn('lead')
    await window.click('study-new')
    await at('study-form').waitFor()
    await at('study-encrypted').scrollIntoViewIfNeeded()
    await eye.look('tick', { axe: false })
    const setup = `/studies/${studyId}/setup`
    await visit(window, setup)
    await expect(at('keys-panel')).toHaveAttribute('data-mine', 'true')
    await expect(at('recovery-reminder')).toBeVisible()
    await eye.look('reminder')
    await window.click('recovery-show')
    const code = await at('recovery-code').innerText()
    expect(code).toMatch(/^([0-9A-Z]{4}-){8}[0-9A-Z]{4}$/)
    await eye.look('code')
    await window.click('recovery-have')
    await at('recovery-kept').waitFor()
    await expect(at('recovery-code')).toHaveCount(0)
    await eye.look('kept')
    await window.signOut()

    await window.signIn('admin')
    await visit(window, '/people')
    const row = page.locator('[data-test="person-row"][data-name="lead"]')
    await row.locator('[data-test="person-reset"]').click()
    await row.locator('[data-test="person-reset-confirm"]').click()
    const told = await row.locator('[data-test="person-temporary"]').innerText()
    await window.signOut()

    await window.fill('sign-in-name', 'lead')
    await window.fill('sign-in-password', told)
    await page.keyboard.press('Enter')
    await at('password-current').waitFor()
    await window.fill('password-current', told)
    for (const field of ['password-next', 'password-repeat']) await window.fill(field, own)
    await window.click('password-submit')
    await at('study-row').first().waitFor()
    await visit(window, `/studies/${studyId}/overview`)
    await expect(at('failure').first()).toHaveAttribute('data-code', 'study-locked')
    await eye.look('locked-overview')
    await visit(window, setup)
    await expect(at('keys-panel')).toHaveAttribute('data-mine', 'false')
    await window.fill('recovery-typed', `${code.slice(0, -1)}${code.endsWith('0') ? '1' : '0'}`)
    await window.click('recovery-unlock')
    await expect(at('keys-panel').locator('[data-test="failure"]')).toHaveAttribute('data-code', 'recovery-mistyped')
    await eye.look('mistyped')
    await window.fill('recovery-typed', code.toLowerCase().replaceAll('-', ' '))
    await window.click('recovery-unlock')
    await expect(at('keys-panel')).toHaveAttribute('data-mine', 'true')
    await visit(window, `/studies/${studyId}/overview`)
    await at('overview-rescan').waitFor()
    await expect(at('failure')).toHaveCount(0)

    // From now on by the new password alone.
    await window.signOut()
    await window.fill('sign-in-name', 'lead')
    await window.fill('sign-in-password', own)
    await page.keyboard.press('Enter')
    await at('account-menu').waitFor()
    await visit(window, `/studies/${studyId}/overview`)
    await at('overview-rescan').waitFor()
    takeErrors(window)
    expect(eye.problems).toEqual([])
  })
