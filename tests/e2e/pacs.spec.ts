import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ConcordApi } from '../../src/preload/contract/index.ts'
import { writeDicomSeries } from '../../src/main/imaging/writers/dicom.ts'
import { noOrthanc, startOrthanc, type Orthanc } from '../fixtures/pacs/orthanc.ts'
import { noOpenssl, startProxy, type Proxy } from '../fixtures/pacs/proxy.ts'
import { readAll, startProgram } from '../fixtures/program.ts'
import { dress, eyeOn, large, resize, small } from './looks.ts'
import { expect, test, type Window } from './window.ts'

const people = ['Ander^Anna', 'Berg^Björn', 'Castel^Clara', 'Dorn^Dora']
let pacs: Orthanc
let proxy: Proxy
const absent = noOrthanc ?? noOpenssl

test.beforeEach(async ({ data }) => {
  test.skip(absent !== null, absent ?? '')
  pacs = await startOrthanc()
  for (const [index, patientName] of people.entries()) {
    const own = join(data, 'patients', String(index))
    await writeDicomSeries(own, {
      ...{ dims: [32, 32, 4], spacing: [0.082, 0.082, 0.082], slope: 1, intercept: 0, bodyPart: 'TIBIA' },
      ...{ voxels: Int16Array.from({ length: 32 * 32 * 4 }, (_, i) => (i * (index + 3)) % 4001), patientName },
      ...{ patientId: `MRN-${10 + index}`, studyDate: new Date(2026, index, 15), description: 'Distal tibia' },
      laterality: index % 2 ? 'right' : 'left',
    })
    await pacs.upload(readdirSync(own).map((file) => readFileSync(join(own, file))))
  }
  mkdirSync(join(data, 'tls'))
  proxy = await startProxy(join(data, 'tls'), pacs)
})
test.afterEach(async () => {
  await proxy?.close()
  await pacs?.close()
})

async function draft(data: string): Promise<string> {
  const program = await startProgram(data)
  await program.person('lead', 'lead')
  await program.person('r1', 'reader')
  const request = { title: 'Motion', template: 'hrpqct-motion', readersPerScan: 1 }
  const { id } = await program.get<{ id: string }>('lead', 'studies.create', request)
  await program.close()
  return id
}

const pseudonyms = (window: Window, studyId: string): Promise<string[]> =>
  window.page.evaluate(async (id) => {
    const { concord } = globalThis as unknown as { concord: ConcordApi }
    const scans = await concord.scans.list({ studyId: id })
    if (!scans.ok) throw new Error(scans.error.message)
    return scans.value.map((scan) => scan.pseudonym).sort()
  }, studyId)

const pictures = join('test-results', 'pictures', 'pacs')

test('an archive is set up, searched, imported from and told the consensus', async ({ data, open }) => {
  const studyId = await draft(data)
  const window = await open()
  const eye = eyeOn(window, pictures)

  await window.signIn('admin')
  await window.goTo('pacs')
  await window.at('empty').waitFor()
  // The chosen page has the keyboard, not its link; F6 goes to the list of pages and back.
  await expect(window.at('page-title')).toBeFocused()
  await window.page.keyboard.press('F6')
  await expect(window.at('nav-pacs')).toBeFocused()
  await window.page.keyboard.press('F6')
  await expect(window.at('page')).toBeFocused()
  await window.click('pacs-new')
  await expect(window.at('pacs-name').locator('input')).toBeFocused()
  await window.fill('pacs-name', 'Hospital archive')
  await window.fill('pacs-url', proxy.url)
  await window.at('pacs-auth').selectOption('token')
  await window.fill('pacs-token', proxy.token)
  await window.app.evaluate(({ dialog }, path) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] })
  }, proxy.ca)
  await window.click('pacs-ca-choose')
  await expect(window.at('pacs-ca')).toContainText('Own authority')
  await eye.look('form')
  await window.click('pacs-save')
  await window.at('pacs-saved').waitFor()
  await expect(window.at('pacs-test')).toBeFocused()
  await window.click('pacs-test')
  await window.at('pacs-works').waitFor()
  await eye.look('set-up')
  await window.signOut()

  await window.signIn('lead')
  await window.at('study-open').first().click()
  await window.goTo('scans')
  await window.at('import-from-archive').check()
  // Without a keychain, as here, each person gives the credential once.
  await window.at('archive').waitFor()
  await window.at('pacs-give').or(window.at('archive-form')).waitFor()
  if (await window.at('pacs-give').isVisible()) {
    await eye.look('give', { axe: true })
    await window.fill('pacs-token', proxy.token)
    await window.click('pacs-give-use')
  }
  await window.fill('archive-part', 'tibia')
  await window.click('archive-search')
  await expect(window.at('archive-study')).toHaveCount(4)
  await window.at('archive-open').first().click()
  await expect(window.at('archive-series')).toHaveCount(1)
  for (const box of await window.at('archive-study-choose').all()) await box.check()
  await expect(window.at('archive-chosen')).toContainText('4')
  await eye.look('found')
  await window.click('archive-fetch')
  await window.at('import-accept').waitFor()
  await expect(window.at('import-row')).toHaveCount(4)
  await eye.look('preview')
  await window.page.keyboard.press('Control+Enter')
  await window.at('import-done').waitFor()
  expect(await pseudonyms(window, studyId)).toEqual(['P0001-1', 'P0002-1', 'P0003-1', 'P0004-1'])
  // The same list, looked at anew after the import.
  await window.at('archive-open').first().click()
  await expect(window.at('archive-series').first()).toContainText(/P000\d-1/)
  await window.close()

  const program = await startProgram(data)
  const password = 'correct horse battery'
  const signIn = (name: string) => program.get<{ accountId: string }>(name, 'accounts.signIn', { name, password })
  await signIn('lead')
  const { accountId } = await signIn('r1')
  await program.get('lead', 'studies.setReaders', { studyId, readerIds: [accountId] })
  await program.get('lead', 'studies.open', { studyId })
  await readAll(program, 'r1', studyId, (pseudonym) => (pseudonym === 'P0002-1' ? 4 : 2))
  await program.get('lead', 'analysis.seal', { studyId, incomplete: false })
  await program.get('lead', 'labels.freeze', { studyId, name: 'Consensus', rule: 'median' })
  await program.close()

  const second = await open()
  const look = eyeOn(second, pictures)
  await second.signIn('lead')
  await second.at('study-open').first().click()
  await second.goTo('labels')
  await second.click('labels-send')
  await second.at('send-look').waitFor()
  if (await second.at('pacs-give').isVisible()) {
    await second.fill('pacs-token', proxy.token)
    await second.click('pacs-give-use')
    await second.at('pacs-give').waitFor({ state: 'detached' })
  }
  await second.click('send-look')
  await expect(second.at('send-row')).toHaveCount(4)
  await look.look('plan')
  const before = (await pacs.instances()).length
  await second.click('send-confirm')
  await second.at('send-done').waitFor()
  expect((await pacs.instances()).length - before).toBe(8)
  await expect(second.at('send-nothing')).toBeVisible()
  await look.look('sent')
  expect([...eye.problems, ...look.problems]).toEqual([])
})

test('every state of the archive’s pages fits in both sizes, languages and themes', async ({ data, open }) => {
  test.skip(!process.env['CONCORD_PICTURES'], 'only for pictures')
  const studyId = await draft(data)
  expect(studyId).not.toBe('')
  const window = await open()
  const eye = eyeOn(window, pictures)
  await window.signIn('admin')
  await window.page.evaluate(
    async ([url, token, ca]) => {
      const { concord } = globalThis as unknown as { concord: ConcordApi }
      await concord.pacs.save({
        ...{ id: null, name: 'Hospital archive', url: url!, auth: 'token', plain: false, ca: ca! },
        credential: { kind: 'token', token: token! },
      })
    },
    [proxy.url, proxy.token, readFileSync(proxy.ca, 'utf8')],
  )
  for (const [language, theme, size] of [
    ['en', 'dark', small],
    ['de', 'light', large],
    ['de', 'dark', small],
    ['en', 'light', large],
  ] as const) {
    const name = `${language}-${theme}-${size.width}`
    await resize(window, size)
    await dress(window, language, theme)
    await window.goTo('pacs')
    await window.at('pacs-card').waitFor()
    await eye.look(`${name}-archives`)
    await window.click('pacs-edit')
    await window.at('pacs-form').waitFor()
    await eye.look(`${name}-form`)
    await window.signOut()
    await window.signIn('lead')
    await window.at('study-open').first().click()
    await window.goTo('scans')
    await window.at('import-from-archive').check()
    await window.at('pacs-give').or(window.at('archive-form')).first().waitFor()
    if (await window.at('pacs-give').isVisible()) {
      await eye.look(`${name}-give`)
      await window.fill('pacs-token', proxy.token)
      await window.click('pacs-give-use')
    }
    await window.click('archive-search')
    await expect(window.at('archive-study')).toHaveCount(4)
    await window.at('archive-open').nth(1).click()
    await window.at('archive-series').waitFor()
    await window.at('archive-study-choose').first().check()
    await eye.look(`${name}-found`)
    await window.signOut()
    await window.signIn('admin')
  }
  expect(eye.problems).toEqual([])
})
