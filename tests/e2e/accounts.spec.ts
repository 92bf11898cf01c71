import type { ConcordApi } from '../../src/preload/contract/index.ts'
import { openStudy, startProgram } from '../fixtures/program.ts'
import { expect, password, routes, test, visit, type Window } from './window.ts'

async function tryPassword(window: Window, name: string, text: string): Promise<void> {
  await window.fill('sign-in-name', name)
  await window.fill('sign-in-password', text)
  await window.page.keyboard.press('Enter')
}

const hashOf = (window: Window): Promise<string> => window.page.evaluate(() => location.hash)

test('the first start makes the administrator, once', async ({ open }) => {
  const window = await open()
  await window.at('first-start-name').waitFor()
  await window.page.evaluate(() => (location.hash = '#/people'))
  await expect.poll(() => hashOf(window)).toBe('#/first-start')

  await window.fill('first-start-display-name', 'Ada Administrator')
  await window.fill('first-start-name', 'Admin')
  await window.fill('first-start-password', 'too short')
  await window.fill('first-start-repeat', 'too short')
  await expect(window.at('first-start-submit')).toBeDisabled()
  await window.fill('first-start-password', password)
  await window.fill('first-start-repeat', `${password}!`)
  await expect(window.at('first-start-submit')).toBeDisabled()
  await window.fill('first-start-repeat', password)
  // What a sign-in name may be is said at its field.
  await window.fill('first-start-name', 'Frau Björn')
  await window.click('first-start-submit')
  await expect(window.at('first-start-name')).toContainText('take two to forty letters from a to z')
  await window.fill('first-start-name', 'Admin')
  await window.click('first-start-submit')
  await expect(window.at('account-name')).toHaveText('Ada Administrator')

  await window.signOut()
  const second = await window.page.evaluate(async (text) => {
    const { concord } = globalThis as unknown as { concord: ConcordApi }
    return concord.accounts.createAdministrator({ name: 'mallory', displayName: 'Mallory', password: text })
  }, password)
  expect(second).toMatchObject({ ok: false, error: { code: 'administrator-exists' } })
  // Names are the same person in capitals and without.
  await window.signIn('ADMIN')
  await expect(window.at('account-name')).toHaveText('Ada Administrator')
})

test('a wrong password and an unknown name are answered alike; many wrong ones lock for a while', async ({
  data,
  open,
}) => {
  const program = await startProgram(data)
  await program.person('anna', 'reader')
  const window = await open()
  await window.at('sign-in-name').waitFor()

  await tryPassword(window, 'anna', 'not the password')
  const failure = window.at('failure')
  await expect(failure).toHaveAttribute('data-code', 'sign-in-refused')
  const said = await failure.innerText()
  await expect(window.page.locator('[data-test="sign-in-password"] input')).toHaveValue('')
  await tryPassword(window, 'nobody', 'not the password')
  await expect(window.page.locator('[data-test="sign-in-password"] input')).toHaveValue('')
  await expect(failure).toHaveText(said)

  // As after ten wrong passwords: the next one locks for a minute and more.
  const account = program.db.updateTable('account').where('name', '=', 'anna')
  await account.set({ failed_attempts: 10 }).execute()
  await tryPassword(window, 'anna', 'still not the password')
  await expect
    .poll(
      async () =>
        (
          await program.db
            .selectFrom('account')
            .select('locked_until')
            .where('name', '=', 'anna')
            .executeTakeFirstOrThrow()
        ).locked_until,
    )
    .not.toBeNull()
  // The page has the answer too, and takes the next password.
  await expect(window.page.locator('[data-test="sign-in-password"] input')).toHaveValue('')
  await tryPassword(window, 'anna', password)
  await expect(failure).toHaveAttribute('data-code', 'sign-in-locked')
  await expect(failure).toContainText('Wait a little')
  await expect(window.at('wait')).toContainText(/^Possible again in (1 min|\d+ s)/)

  await account.set({ locked_until: new Date(Date.now() - 1000).toISOString() }).execute()
  await tryPassword(window, 'anna', password)
  await expect(window.at('account-name')).toHaveText('Dr anna')
  await program.close()
})

test('signing out and switching leave nothing of the one before', async ({ data, open }) => {
  const program = await startProgram(data)
  const { studyId } = await openStudy(program, 4)
  await program.close()
  const window = await open()
  const ask = (): Promise<string[]> =>
    window.page.evaluate(async (id) => {
      const { concord } = globalThis as unknown as { concord: ConcordApi }
      const replies = await Promise.all([
        concord.studies.list({}),
        concord.analysis.overview({ studyId: id }),
        concord.reading.desk({ studyId: id }),
      ])
      return replies.map((reply) => (reply.ok ? 'ok' : reply.error.code))
    }, studyId)

  await window.signIn('lead')
  await window.at('study-open').first().click()
  await window.at('empty').waitFor()
  expect(await ask()).toEqual(['ok', 'ok', 'not-allowed'])
  await window.signOut()
  expect(await ask()).toEqual(['not-signed-in', 'not-signed-in', 'not-signed-in'])
  await window.page.evaluate((id) => (location.hash = `#/studies/${id}/overview`), studyId)
  await expect.poll(() => hashOf(window)).toBe('#/sign-in')
  await expect(window.page.locator('body')).not.toContainText('Motion')

  await window.signIn('r1')
  await expect(window.at('account-name')).toHaveText('Dr r1')
  expect(await ask()).toEqual(['ok', 'not-allowed', 'ok'])
  await window.click('account-menu')
  await window.click('account-switch')
  await window.at('sign-in-name').waitFor()
  await window.signIn('lead')
  await expect(window.at('account-name')).toHaveText('Dr lead')
})

test('a changed password is asked for from then on', async ({ data, open }) => {
  const program = await startProgram(data)
  await program.person('anna', 'reader')
  await program.close()
  const window = await open()
  await window.signIn('anna')
  await window.click('account-menu')
  await window.click('account-password')
  await window.fill('password-current', 'not the password')
  await window.fill('password-next', 'a new password of mine')
  await window.fill('password-repeat', 'a new password of mine')
  await window.click('password-submit')
  await expect(window.page.locator('body')).toContainText('The password now is not the one you typed.')
  await window.fill('password-current', password)
  await window.click('password-submit')
  await window.at('password-changed').waitFor()
  await window.signOut()
  await tryPassword(window, 'anna', password)
  await expect(window.at('failure')).toHaveAttribute('data-code', 'sign-in-refused')
  await tryPassword(window, 'anna', 'a new password of mine')
  await expect(window.at('account-name')).toHaveText('Dr anna')
})

/** The pages of each role, by name, beside those of everybody who is signed in. */
const everybody = ['studies', 'password', 'about', 'packet']
const own: Record<string, string[]> = {
  r1: ['reading', 'progress', 'comparison'],
  lead: [
    ...['setup', 'design', 'scans', 'overview', 'agreement-help', 'disagreement', 'adjudication', 'meeting', 'quality'],
    ...['packets', 'regions', 'experiment'],
    ...['sealing', 'labels', 'report', 'runs', 'models', 'compare', 'predictions', 'backups', 'audit'],
  ],
  theo: ['scans', 'regions', 'experiment', 'labels', 'training', 'runs', 'models', 'compare', 'predictions'],
  admin: ['setup', 'design', 'scans', 'packets', 'people', 'pacs', 'backups', 'place', 'audit'],
}

test('each role reaches its own pages and no other', async ({ data, open }) => {
  const program = await startProgram(data)
  const { studyId } = await openStudy(program, 4)
  await program.person('theo', 'trainer')
  await program.close()
  const window = await open()
  await window.at('sign-in-name').waitFor()
  const all = Object.entries(await routes(window)).filter(([name]) => name !== 'undefined')
  expect(all.length).toBeGreaterThan(18)
  for (const [name, pages] of Object.entries(own)) {
    await window.signIn(name)
    const mine = [...everybody, ...pages]
    for (const [page, pattern] of all) {
      const path = pattern.replace(':studyId', studyId).replace(/\/:\w+\?$/, '')
      const reached = (await visit(window, path)).replace(/\?.*/, '')
      expect(reached, `${name} at ${path}`).toMatch(mine.includes(page) ? new RegExp(`^#${path}(/|$)`) : /^#\/studies$/)
    }
    await visit(window, '/about')
    await window.at('about').waitFor()
    const shown = await window.page
      .locator('[data-test^="nav-"]')
      .evaluateAll((links) => links.map((link) => link.getAttribute('data-test')!.slice('nav-'.length)))
    expect(shown.length).toBeGreaterThan(0)
    expect(shown.filter((page) => !mine.includes(page))).toEqual([])
    await window.signOut()
  }
})
