import { appendFileSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ConcordApi } from '../../src/preload/contract/index.ts'
import { createStudyWith, openStudy, readAll, startProgram } from '../fixtures/program.ts'
import { writeDiscs } from '../fixtures/discs.ts'
import { expect, password, takeErrors, test, visit, type Window } from './window.ts'

const asked = (window: Window, studyId: string): Promise<string[]> =>
  window.page.evaluate(async (id) => {
    const { concord } = globalThis as unknown as { concord: ConcordApi }
    const replies = await Promise.all([concord.studies.list({}), concord.reading.desk({ studyId: id })])
    return replies.map((reply) => (reply.ok ? 'ok' : reply.error.code))
  }, studyId)

test('a locked window shows nothing, answers nothing, and comes back to the very place', async ({ data, open }) => {
  const program = await startProgram(data)
  const folder = join(data, 'made')
  await writeDiscs(folder, 3)
  const { studyId } = await createStudyWith(program, [{ folder, purpose: 'reading' }])
  const [scan] = await program.db.selectFrom('scan').select('id').execute()
  await program.close()
  const window = await open()
  const { page } = window
  await window.signIn('r1')
  await window.at('study-open').first().click()
  const canvas = page.locator('[data-test="reading-canvas"]')
  await page.locator('[data-drawn="true"]').first().waitFor()
  await page.keyboard.press('End')
  await page.keyboard.press('4')
  await expect(canvas).toHaveAttribute('data-slice', '11')
  const place = await canvas.getAttribute('data-slice')
  const picked = page.locator('[data-test^="grade-"][aria-checked="true"]')
  await expect(picked).toHaveCount(1)

  await page.keyboard.press('Control+l')
  await window.at('locked').waitFor()
  await expect(canvas).toBeHidden()
  expect(await asked(window, studyId)).toEqual(['locked', 'locked'])
  expect(await page.evaluate((id) => fetch(`scan://volume/${id}`).then((reply) => reply.status), scan!.id)).toBe(403)
  // Nothing below hears the keys, wherever somebody clicks.
  await page.mouse.click(200, 200)
  for (const key of ['2', 'l', 'Enter']) await page.keyboard.press(key)
  await window.fill('unlock-password', 'not the password')
  await page.keyboard.press('Enter')
  await expect(window.at('failure')).toHaveAttribute('data-code', 'sign-in-refused')
  await window.fill('unlock-password', password)
  await page.keyboard.press('Enter')
  await expect(window.at('locked')).toHaveCount(0)
  await expect(canvas).toBeVisible()
  expect(await canvas.getAttribute('data-slice')).toBe(place)
  await expect(picked).toHaveCount(1)

  // The graphics process crashes: pictures come back, and the pick is still there.
  await window.at('sheet-1').waitFor()
  const contexts = (): Promise<{ lost: number; restored: number }> =>
    page.evaluate(() => (globalThis as unknown as { contexts: { lost: number; restored: number } }).contexts)
  await page.evaluate(() => {
    const seen = Object.assign(globalThis, { contexts: { lost: 0, restored: 0 } }).contexts
    const small = document.querySelector('[data-test="sheet-1"] canvas')!
    small.addEventListener('contextlost', () => seen.lost++)
    small.addEventListener('contextrestored', () => seen.restored++)
  })
  const bright = (): Promise<boolean> =>
    page.evaluate(() => {
      const small = document.querySelector<HTMLCanvasElement>('[data-test="sheet-1"] canvas')!
      const { data } = small.getContext('2d')!.getImageData(0, 0, small.width, small.height)
      return data.some((value, index) => index % 4 !== 3 && value > 30)
    })
  const gpu = (): Promise<number | null> =>
    window.app.evaluate(({ app }) => app.getAppMetrics().find(({ type }) => type === 'GPU')?.pid ?? null)
  const killed = (await gpu())!
  await window.app.evaluate((_, pid) => process.kill(pid, 'SIGKILL'), killed)
  await expect.poll(async () => ![null, killed].includes(await gpu())).toBe(true)
  // Where the graphics process held the small picture too (not on every machine), it was drawn anew.
  await expect
    .poll(async () => {
      const { lost, restored } = await contexts()
      return lost === restored && (await bright())
    })
    .toBe(true)
  await page.locator('[data-drawn="true"]').first().waitFor()
  await expect(picked).toHaveCount(1)
  await page.keyboard.press('Enter')
  await window.at('saved').waitFor()

  // Left alone for a quarter of an hour.
  await page.clock.install()
  await page.keyboard.press('ArrowUp')
  await page.clock.fastForward('16:00')
  await window.at('locked').waitFor()
  await expect(canvas).toBeHidden()
  await page.clock.resume()

  // The next reader, by keys alone: makes room, name, password, and is at the same study's desk.
  await page.keyboard.press('Control+u')
  await window.at('sign-in-name').waitFor()
  await page.keyboard.type('r2')
  await page.keyboard.press('Tab')
  await page.keyboard.type(password)
  await page.keyboard.press('Enter')
  await page.locator('[data-drawn="true"]').first().waitFor()
  expect(await page.evaluate(() => location.hash)).toBe(`#/studies/${studyId}/reading`)
  await expect(window.at('account-name')).toHaveText('Dr r2')
  takeErrors(window)
})

test('a password that was reset opens nothing but the choice of an own one', async ({ data, open }) => {
  const program = await startProgram(data)
  await program.person('anna', 'reader')
  await program.close()
  const window = await open()
  await window.signIn('admin')
  await visit(window, '/people')
  const row = window.page.locator('[data-test="person-row"][data-name="anna"]')
  await row.locator('[data-test="person-reset"]').click()
  await row.locator('[data-test="person-reset-confirm"]').click()
  await expect(row.locator('[data-test="person-reset-done"]')).toBeFocused()
  const told = await row.locator('[data-test="person-temporary"]').innerText()
  await window.signOut()

  await window.fill('sign-in-name', 'anna')
  await window.fill('sign-in-password', told)
  await window.page.keyboard.press('Enter')
  await window.at('password-current').waitFor()
  expect(await visit(window, '/studies')).toBe('#/password')
  await window.fill('password-current', told)
  await window.fill('password-next', 'annaanna12')
  await window.fill('password-repeat', 'annaanna12')
  await expect(window.at('strength')).toHaveAttribute('data-enough', 'false')
  await expect(window.at('password-submit')).toBeDisabled()
  await window.fill('password-next', 'seven wet umbrellas')
  await window.fill('password-repeat', 'seven wet umbrellas')
  await expect(window.at('strength')).toHaveAttribute('data-enough', 'true')
  await window.click('password-submit')
  await expect.poll(() => window.page.evaluate(() => location.hash)).toBe('#/studies')
})

test('a page that crashed comes back where it was, with its person', async ({ data, open }) => {
  const program = await startProgram(data)
  const { studyId } = await openStudy(program, 3)
  await program.close()
  const { app, page, at, signIn } = await open()
  await signIn('r1')
  await at('study-open').first().click()
  await at('account-name').waitFor()
  await page.waitForFunction(() => location.hash.includes('/reading'))
  const found = await app.evaluate(async ({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]!.webContents
    const gone = new Promise<string>((told) => contents.once('render-process-gone', (_e, { reason }) => told(reason)))
    const back = new Promise<void>((loaded) => contents.once('did-finish-load', () => loaded()))
    contents.forcefullyCrashRenderer()
    const reason = await gone
    await back
    // Two minutes, as any state is waited for.
    for (let n = 0; n < 1200; n++) {
      const name = (await contents.executeJavaScript(
        `document.querySelector('[data-test="account-name"]')?.textContent ?? null`,
      )) as string | null
      if (name) return { reason, name, url: contents.getURL() }
      await new Promise((soon) => setTimeout(soon, 100))
    }
    return { reason, name: null, url: contents.getURL() }
  })
  expect(found.name).toBe('Dr r1')
  expect(found.url).toBe(`app://concord/#/studies/${studyId}/reading`)
  expect(['crashed', 'killed']).toContain(found.reason)
})

test('a decoder that is killed costs the file it was at; the window, its person and the next file go on', async ({
  data,
  open,
}) => {
  const program = await startProgram(data)
  await program.person('admin')
  await program.person('lead', 'lead')
  const { id: studyId } = await program.get<{ id: string }>('lead', 'studies.create', {
    ...{ title: 'Killed', template: 'hrpqct-motion', readersPerScan: 1 },
  })
  await program.close()
  const folder = join(data, 'made')
  await writeDiscs(folder, 12, [160, 160, 40])
  const window = await open()
  await window.signIn('lead')
  const start = (): Promise<string> =>
    window.page.evaluate(
      async ({ studyId: study, folder: path }) => {
        const { concord } = globalThis as unknown as { concord: ConcordApi }
        const started = await concord.scans.preview({ studyId: study, paths: [path] })
        if (!started.ok) throw new Error(started.error.message)
        return started.value.previewId
      },
      { studyId, folder },
    )
  const look = (previewId: string) =>
    window.page.evaluate(async (id) => {
      const { concord } = globalThis as unknown as { concord: ConcordApi }
      const result = await concord.scans.previewResult({ previewId: id })
      if (!result.ok) throw new Error(result.error.message)
      const { ready, total, found } = result.value
      return { ready, total, rows: found.map(({ status, code }) => ({ status, code })) }
    }, previewId)
  const first = await start()
  // It is at the files by now, not at the list of them.
  await expect.poll(async () => (await look(first)).total, { intervals: [10] }).toBeGreaterThan(0)
  const killed = await window.app.evaluate(({ app }) => {
    const decoder = app.getAppMetrics().find(({ name, serviceName }) => `${name} ${serviceName}`.includes('decoder'))
    return decoder ? process.kill(decoder.pid, 'SIGKILL') : false
  })
  expect(killed).toBe(true)
  await expect.poll(async () => (await look(first)).ready).toBe(true)
  const { rows } = await look(first)
  expect(rows).toHaveLength(12)
  for (const row of rows)
    expect(row).toMatchObject(row.status === 'refused' ? { code: 'decoder-crashed' } : { status: 'new' })
  expect(rows.filter(({ status }) => status === 'refused').length).toBeLessThanOrEqual(1)
  // Looked at again, everything is there: a new decoder was started.
  const second = await start()
  await expect.poll(async () => (await look(second)).ready).toBe(true)
  expect((await look(second)).rows.map(({ status }) => status)).toEqual(Array.from({ length: 12 }, () => 'new'))
  await expect(window.at('account-name')).toHaveText('Dr lead')
})

test('backups, the audit trail and a restore, at the window', async ({ data, open }) => {
  const program = await startProgram(data)
  const { studyId } = await openStudy(program, 3)
  await readAll(program, 'r1', studyId, () => 3)
  await program.close()
  const window = await open()
  await window.signIn('admin')
  await visit(window, '/backups')
  await window.at('empty').waitFor()
  await window.click('backup-make')
  await expect(window.at('backup-made')).toContainText('3')
  await visit(window, '/audit')
  await expect(window.at('audit-row').first()).toHaveAttribute('data-act', 'backup.made')
  // Who cast a vote is not told while the study's readers are unnamed.
  const cast = window.page.locator('[data-test="audit-row"][data-act="vote.cast"]')
  await expect(cast).toHaveCount(3)
  await expect(cast.first()).toContainText('withheld')
  await window.at('audit-area').selectOption('study')
  await window.at('audit-act').selectOption('study.opened')
  await expect(window.at('audit-row')).toHaveCount(1)
  await expect(window.at('audit-about')).toHaveText('Motion')
  await window.click('audit-clear')
  const head = await window.at('audit-head').innerText()
  await window.fill('audit-printed', head)
  await window.click('audit-verify')
  await expect(window.at('audit-verified')).toHaveAttribute('data-broken', 'false')
  await window.fill('audit-printed', `${head.split(':')[0]!}:${'0'.repeat(64)}`)
  await window.click('audit-verify')
  await expect(window.at('audit-verified')).toHaveAttribute('data-broken', 'true')

  await visit(window, '/backups')
  // A number out of its limits is said below the field, in the program's language: the browser's own bubble speaks the system's.
  await window.fill('settings-lock', '999')
  await expect(window.at('settings-lock')).toContainText('from 0 to 240')
  const bubble = await window.page.locator('[data-test="settings-lock"] input').evaluate((field: HTMLInputElement) => {
    let shown = false
    field.addEventListener('invalid', (event) => (shown = !event.defaultPrevented), { once: true })
    return !field.checkValidity() && shown
  })
  expect(bubble).toBe(false)
  await window.at('backup-look').first().click()
  await expect(window.page.locator('[data-test="backup-looked"] h2')).toBeFocused()
  await window.click('restore-start')
  await window.click('restore-understood')
  await window.click('restore-confirm')
  await window.at('sign-in-name').waitFor()
  await expect(window.at('restored')).toContainText('The backup of ')
  await window.signIn('admin')
  await visit(window, '/audit')
  await expect(window.page.locator('[data-test="audit-row"][data-act="database.restored"]')).toHaveCount(1)
  await expect(window.page.locator('[data-act="database.restored"] [data-test="audit-about"]')).toContainText(
    'the backup of ',
  )
  expect(readdirSync(data).some((name) => /^concord\.db\.replaced-/.test(name))).toBe(true)
  takeErrors(window)
})

test('a damaged database is recognised and the last good backup offered', async ({ data, open }) => {
  const program = await startProgram(data)
  const { studyId } = await openStudy(program, 2)
  await readAll(program, 'r1', studyId, () => 4)
  await program.get('admin', 'backups.make')
  await program.close()
  writeFileSync(join(data, 'concord.db'), Buffer.alloc(40_000, 0x5a))
  // The disk with the backups is not in yet.
  renameSync(join(data, 'backups'), join(data, 'out'))
  const window = await open()
  await expect(window.at('recovery-none')).toContainText(join(data, 'backups'))
  renameSync(join(data, 'out'), join(data, 'backups'))
  await window.click('recovery-again')
  expect(await asked(window, studyId)).toEqual(['not-signed-in', 'not-signed-in'])
  await window.click('recovery-restore')
  await window.at('sign-in-name').waitFor()
  await window.signIn('lead')
  const votes = await window.page.evaluate(async (id) => {
    const { concord } = globalThis as unknown as { concord: ConcordApi }
    const overview = await concord.analysis.overview({ studyId: id })
    return overview.ok ? overview.value.votes.cast : overview.error.code
  }, studyId)
  expect(votes).toBe(2)
  takeErrors(window)
})

test('diagnostics and the log name nobody', async ({ data, open }) => {
  const program = await startProgram(data)
  await program.person('anna', 'lead')
  await program.close()
  const log = join(data, 'concord.log')
  appendFileSync(log, `2026-01-01 old: ENOENT, open '/scans/Muster_Hanna_1970/a.dcm'\n`)
  const window = await open()
  await window.signIn('anna')
  await visit(window, '/about')
  await window.click('diagnostics-copy')
  await expect(window.at('diagnostics-copied')).toBeVisible()
  const text = await window.at('diagnostics').innerText()
  for (const part of [
    'Concord 0.1.0',
    'Electron 42',
    'database version',
    'graphics',
    'last lines of the log',
    'ENOENT',
  ])
    expect(text).toContain(part)
  for (const name of ['Muster', 'Hanna', 'anna', data]) expect(text).not.toContain(name)
  expect(await window.app.evaluate(({ clipboard }) => clipboard.readText())).toBe(
    text.endsWith('\n') ? text : `${text}\n`,
  )
  expect(readFileSync(log, 'utf8')).not.toContain('Dr anna')
})
