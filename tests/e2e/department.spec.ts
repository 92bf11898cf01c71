import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addressText } from '../../src/main/store/server/address.ts'
import type { ServerPlace } from '../../src/main/store/server/pool.ts'
import { verifyChain } from '../../src/main/store/verify.ts'
import { writeDiscs } from '../fixtures/discs.ts'
import { noServer, startServer } from '../fixtures/postgres.ts'
import { createStudyWith, startProgram } from '../fixtures/program.ts'
import { wireTo } from '../fixtures/wire-cut.ts'
import { openWindow } from '../main-job/window.ts'
import { expect, takeErrors, test, visit, type Window } from './window.ts'

const why = noServer()
test.skip(why !== null, why ?? '')

/** What the administrator's page writes: the department's server, and the folder with the pictures that all share. */
function opensAt(data: string, { address }: ServerPlace, files: string): void {
  writeFileSync(join(data, 'database.json'), JSON.stringify({ database: addressText(address), files }))
}

async function openQueue(window: Window, reader: string): Promise<void> {
  await window.signIn(reader)
  await window.at('study-open').first().click()
  await drawn(window)
}

/** Waits for another scan than the last one on the screen; gives its pseudonym. */
async function drawn(window: Window, before = ''): Promise<string> {
  await window.page.waitForFunction((last) => {
    const text = document.querySelector('[data-test="pseudonym"]')?.textContent?.trim()
    return text && text !== last && document.querySelector('[data-test="reading-canvas"][data-drawn="true"]')
  }, before)
  return window.at('pseudonym').innerText()
}

/** The votes that the lead's page counts, of all readers. */
async function castOnPage(window: Window): Promise<number> {
  const rows = await window.at('overview-reader').allInnerTexts()
  return rows.reduce((sum, text) => sum + Number(/(\d+) \/ \d+/.exec(text)?.[1]), 0)
}

test('two windows at one server: votes at once, a lead who watches live, a wire that is cut and mended', async ({
  data,
}) => {
  const server = await startServer()
  const wire = await wireTo(server.port)
  const elsewhere = mkdtempSync(join(tmpdir(), 'concord-e2e-'))
  const windows: Window[] = []
  const place = await server.database({ name: 'department' })
  const program = await startProgram(data, { server: place })
  try {
    const folder = join(data, 'made')
    await writeDiscs(folder, 3)
    const { studyId } = await createStudyWith(program, [{ folder, purpose: 'reading' }])
    opensAt(data, place, data)
    opensAt(elsewhere, { ...place, address: { ...place.address, port: wire.port } }, data)
    const env = { PGPASSWORD: server.password }
    const size = { width: 1280, height: 800 }
    windows.push(...(await Promise.all([data, elsewhere].map((at) => openWindow({ data: at, env, size })))))
    const [first, second] = windows as [Window, Window]
    await Promise.all([openQueue(first, 'r1'), openQueue(second, 'r2')])

    // Both cast at the same time.
    const shown = await Promise.all([first, second].map((window) => window.at('pseudonym').innerText()))
    await Promise.all([first, second].map(({ page }) => page.keyboard.press('3')))
    await Promise.all([first, second].map(({ page }) => page.keyboard.press('Enter')))
    await Promise.all([first, second].map((window, index) => drawn(window, shown[index])))

    // The lead, at the first, sees the next vote of the second come in without touching anything.
    await first.page.keyboard.press('Escape')
    await visit(first, '/studies')
    await first.signOut()
    await first.signIn('lead')
    await visit(first, `/studies/${studyId}/overview`)
    await expect.poll(() => castOnPage(first)).toBe(2)
    const before = await second.at('pseudonym').innerText()
    await second.page.keyboard.press('4')
    await second.page.keyboard.press('Enter')
    const last = await drawn(second, before)
    await expect.poll(() => castOnPage(first)).toBe(3)

    // The wire to the second is cut: it says that this vote is not counted yet, keeps it, and sends it when it can.
    wire.cut()
    await expect(second.at('server-away')).toBeVisible()
    await second.page.keyboard.press('5')
    await second.page.keyboard.press('Enter')
    await expect(second.at('vote-trouble')).toHaveAttribute('data-code', 'database-unreachable')
    expect(await second.at('pseudonym').innerText()).toBe(last)
    await expect(second.page.locator('[data-picked="true"]')).toHaveCount(1)
    wire.mend()
    await expect(second.at('server-away')).toHaveCount(0)
    await expect(second.at('to-progress')).toBeVisible()
    await expect.poll(() => castOnPage(first)).toBe(4)

    // A page that could not be shown meanwhile comes by itself.
    wire.cut()
    await expect(second.at('server-away')).toBeVisible()
    await visit(second, `/studies/${studyId}/progress`)
    await expect(second.at('failure')).toHaveAttribute('data-code', 'database-unreachable')
    wire.mend()
    await expect(second.at('failure')).toHaveCount(0)
    await expect(second.at('server-away')).toHaveCount(0)

    expect(await verifyChain(program.db)).toMatchObject({ broken: null, votes: 4 })
    takeErrors(second)
    expect(first.errors).toEqual([])
  } finally {
    for (const window of windows) await window.close().catch(() => undefined)
    await program.close()
    await wire.close()
    await server.stop()
    rmSync(elsewhere, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }
})
