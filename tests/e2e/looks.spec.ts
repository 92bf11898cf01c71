import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConcordApi } from '../../src/preload/contract/index.ts'
import { plainDesign } from '../../src/preload/contract/design.ts'
import { defaultRecipe } from '../../src/preload/contract/training.ts'
import { disputedOf } from '../fixtures/disputed.ts'
import { createStudyWith, importAll, readAll, startProgram, type Program } from '../fixtures/program.ts'
import { writeDiscs } from '../fixtures/discs.ts'
import { writeDrawnHeels } from '../fixtures/heels.ts'
import { dress, eyeOn, large, small, type Eye } from './looks.ts'
import { expect, password, takeErrors, test as base, visit, windowOpenedBy, type Window } from './window.ts'

interface Studies {
  folder: string
  done: string
  open: string
  draft: string
  heels: string
  classes: string
}

const grades = [1, 2, 3, 4, 5, 2, 4, 3]

/** A study with everything in it: votes that differ, a label set, a trained network and its grades. */
async function finishedStudy(program: Program, made: string): Promise<string> {
  await writeDiscs(join(made, 'reading'), 16)
  await writeDiscs(join(made, 'unread'), 4, [64, 64, 10])
  const { studyId } = await createStudyWith(program, [
    { folder: join(made, 'reading'), purpose: 'reading' },
    { folder: join(made, 'unread'), purpose: 'unread' },
  ])
  for (const [index, reader] of ['r1', 'r2', 'r3'].entries())
    await readAll(program, reader, studyId, (pseudonym) => {
      const [patient, scan] = pseudonym.slice(1).split('-').map(Number)
      const grade = grades[(2 * patient! + scan!) % grades.length]!
      return (patient! + index) % 4 === 0 ? Math.min(5, grade + 1 + (index % 2)) : grade
    })
  await program.get('lead', 'analysis.seal', { studyId, incomplete: false })
  await program.get('lead', 'analysis.unblind', { studyId })
  const [first] = await disputedOf(program, studyId)
  await program.get('lead', 'analysis.adjudicate', {
    studyId,
    scanId: first!.scanId,
    grade: 4,
    reason: 'Streaks cross the cortex.',
  })
  const { id: labelSetId } = await program.get<{ id: string }>('lead', 'labels.freeze', {
    studyId,
    name: 'Majority of three',
    rule: 'rounded-mean',
  })
  const theo = await program.person('theo', 'trainer')
  const recipe = { ...defaultRecipe, imageSize: 64, epochs: 4, batch: 4, testShare: 0.25, validationShare: 0.25 }
  const run = await program.get<{ id: string }>('theo', 'training.start', { labelSetId, recipe })
  const look = () => program.get<{ state: string; modelId: string | null }>('theo', 'training.run', { runId: run.id })
  let now = await look()
  while (now.state === 'running') {
    await new Promise((soon) => setTimeout(soon, 200))
    now = await look()
  }
  const { ended } = await program.services.models.predict(theo, { modelId: now.modelId!, scope: 'unread' })
  await ended
  return studyId
}

/** Prepared once a worker; each test works on a copy of its own. */
const test = base.extend<{ studies: Studies }, { prepared: Studies }>({
  prepared: [
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), 'concord-looks-'))
      const made = mkdtempSync(join(tmpdir(), 'concord-looks-made-'))
      const program = await startProgram(folder)
      const done = await finishedStudy(program, made)
      const accounts = await program.get<{ id: string; name: string }[]>('lead', 'accounts.list')
      const lead = await program.person('second.lead', 'lead')
      const create = (title: string) =>
        program.get<{ id: string }>('lead', 'studies.create', { title, template: 'hrpqct-motion', readersPerScan: 2 })
      const { id: open } = await create('Motion in the radius, repeated measurements 2026')
      await importAll(program, lead, open, [join(made, 'reading')], 'reading')
      const readerIds = accounts.filter(({ name }) => /^r[12]$/.test(name)).map(({ id }) => id)
      await program.get('lead', 'studies.setReaders', { studyId: open, readerIds })
      await program.get('lead', 'studies.open', { studyId: open })
      await readAll(program, 'r2', open, () => 3)
      const { id: draft } = await create('A draft without scans')
      const { id: heels } = await program.get<{ id: string }>('lead', 'studies.create', {
        ...{ title: 'Heels with regions', template: 'calcaneus-osteoporosis', readersPerScan: 1 },
      })
      const region = { ask: 'own' as const, required: true, placers: [] }
      await program.get('lead', 'designs.set', { studyId: heels, design: { ...plainDesign, region } })
      await writeDrawnHeels(join(made, 'heels'), 2)
      await importAll(program, lead, heels, [join(made, 'heels')], 'reading')
      await program.get('lead', 'studies.setReaders', {
        studyId: heels,
        readerIds: [accounts.find(({ name }) => name === 'r1')!.id],
      })
      await program.get('lead', 'studies.open', { studyId: heels })
      const { id: classes } = await program.services.heelStudies.make(lead, {
        ...{ title: 'Heels 2026', pairs: 2, seed: 5, readerIds: [] },
      })
      // The experiment that docs/osteoporosis.md is about, as it lies on the disk when it is done.
      cpSync(join(import.meta.dirname, '../fixtures/experiment'), join(folder, 'experiments'), { recursive: true })
      await program.close()
      await use({ folder, done, open, draft, heels, classes })
      for (const one of [folder, made]) rmSync(one, { recursive: true, force: true })
    },
    { scope: 'worker', timeout: 600_000 },
  ],
  studies: async ({ prepared, data }, use) => {
    cpSync(prepared.folder, data, { recursive: true })
    await use(prepared)
  },
})

/** Each language and each theme once; the other two pairings too with CONCORD_DRESSES=all. */
const dresses = (
  [
    { language: 'en', theme: 'dark' },
    { language: 'de', theme: 'light' },
    { language: 'en', theme: 'light' },
    { language: 'de', theme: 'dark' },
  ] as const
).slice(0, process.env['CONCORD_DRESSES'] === 'all' ? 4 : 2)

/** Pages of a study; those with a note are the same pages in another state, whose elements axe saw already. */
async function pages(eye: Eye, window: Window, names: string[], studyId: string, note = ''): Promise<void> {
  for (const name of names) {
    await visit(window, `/studies/${studyId}/${name}`)
    await window.page.locator('[data-test="page"] h1, [data-test="page"] h2').first().waitFor()
    await eye.look(`${name}${note}`, { axe: note === '' })
  }
}

test('what is wrong with a page is seen', async ({ open }, info) => {
  const window = await open()
  await window.at('first-start-name').waitFor()
  const eye = eyeOn(window, info.outputPath('pictures'))
  await eye.look('as it is')
  expect(eye.problems).toEqual([])
  await window.page.evaluate(() => {
    const planted = document.createElement('div')
    planted.innerHTML = `
      <p style="width: 3000px">wide</p>
      <p style="width: 60px; overflow: hidden; white-space: nowrap">words that do not fit</p>
      <p style="color: #777; background: #888">pale</p>
      <button style="width: 20px; height: 20px"></button>`
    document.querySelector('.v-application')!.append(planted)
  })
  await eye.look('planted')
  const all = eye.problems.join('\n')
  for (const found of ['scrolls sideways', 'cut: "words that do not fit"', 'color-contrast', 'button-name'])
    expect(all).toContain(found)
})

/** German is the longer and stands in the narrower window; where pictures are left for people, in both. */
const sizesIn = (language: 'en' | 'de') =>
  language === 'en' || process.env['CONCORD_PICTURES'] || process.env['CONCORD_DRESSES'] ? [small, large] : [small]

for (const { language, theme } of dresses)
  test(`every page of a full study, ${language}, ${theme}`, async ({ studies, open }, info) => {
    const { done, open: reading, draft, heels, classes } = studies
    const problems: string[] = []
    const window = await open()
    await window.at('sign-in-name').waitFor()
    await dress(window, language, theme)
    const eye = eyeOn(window, info.outputPath('pictures'), sizesIn(language))
    await window.at('sign-in-name').waitFor()
    await eye.look('sign-in')

    await window.signIn('lead')
    await window.at('study-row').first().waitFor()
    await eye.look('studies')
    await window.click('study-new')
    await window.at('study-form').waitFor()
    await eye.look('study-new')
    await pages(
      eye,
      window,
      ['setup', 'scans', 'overview', 'agreement-help', 'disagreement', 'sealing', 'labels', 'report'],
      done,
    )
    await visit(window, `/studies/${done}/adjudication`)
    await window.page.locator('[data-drawn="true"]').waitFor()
    await eye.look('adjudication')
    await pages(eye, window, ['design', 'quality', 'regions'], done)
    await pages(eye, window, ['design'], heels, '-heels')
    await visit(window, `/studies/${classes}/overview`)
    await window.at('overview-sensitivity').waitFor()
    await eye.look('overview-classes')
    await visit(window, `/studies/${heels}/regions`)
    await window.at('region-square').waitFor()
    await window.page.keyboard.press('ArrowUp')
    await eye.look('regions-heels')
    // With the panel of the study's keys.
    await pages(eye, window, ['setup'], reading)
    await pages(eye, window, ['packets'], reading)
    await pages(eye, window, ['overview', 'sealing', 'adjudication', 'design'], reading, '-open')
    await pages(eye, window, ['setup', 'scans', 'overview', 'labels', 'report'], draft, '-draft')
    await window.signOut()

    await window.signIn('theo')
    await visit(window, '/experiment')
    await window.click('experiment-tables')
    await eye.look('experiment')
    await pages(eye, window, ['training', 'runs', 'models', 'predictions'], done)
    await window.at('prediction-row').first().click()
    await window.at('prediction-detail').waitFor()
    await eye.look('prediction')
    await pages(eye, window, ['training', 'runs', 'models', 'predictions'], draft, '-draft')
    await window.signOut()

    await window.signIn('admin')
    await window.page.evaluate(async () => {
      const { concord } = globalThis as unknown as { concord: ConcordApi }
      const named = { name: 'adelheid.hohenlohe', displayName: 'Prof. Dr. Adelheid Freifrau von Württemberg-Hohenlohe' }
      await concord.accounts.create({ ...named, password: null, roles: ['reader', 'lead', 'trainer'] })
    })
    await visit(window, '/people')
    await window.at('person-row').first().waitFor()
    await window.click('person-new')
    await eye.look('people')
    await visit(window, '/about')
    await window.at('about').waitFor()
    await eye.look('about')
    await visit(window, '/password')
    await eye.look('password')
    await visit(window, '/backups')
    await window.click('backup-make')
    await window.at('backup-row').first().waitFor()
    await eye.look('backups')
    await visit(window, '/place')
    await window.at('place-now').waitFor()
    await eye.look('place')
    await visit(window, '/audit')
    await window.at('audit-row').first().waitFor()
    await eye.look('audit')
    await window.page.keyboard.press('Control+l')
    await window.at('locked').waitFor()
    await eye.look('locked')
    await window.fill('unlock-password', password)
    await window.click('unlock')
    await window.signOut()

    await window.signIn('r1')
    await window.at('study-row').first().waitFor()
    await eye.look('studies-reader')
    await pages(eye, window, ['progress', 'comparison'], done)
    await visit(window, `/studies/${done}/reading`)
    await window.at('study-not-open').waitFor()
    await eye.look('reading-sealed')
    await visit(window, `/studies/${reading}/reading`)
    await window.page.locator('[data-drawn="true"]').waitFor()
    await window.page.keyboard.press('3')
    await eye.look('reading')
    await window.page.keyboard.press('0')
    await window.at('cannot-panel').waitFor()
    await eye.look('reading-cannot')
    await window.page.keyboard.press('Escape')
    await window.page.keyboard.press('?')
    await window.page.getByRole('dialog').waitFor()
    await eye.look('reading-help')
    await window.page.keyboard.press('Escape')
    await window.page.keyboard.press('l')
    await window.at('paused').waitFor()
    await eye.look('reading-paused')
    await window.page.keyboard.press('l')
    const page = await windowOpenedBy(window.app, () => window.page.keyboard.press('v'))
    const second = { ...window, page }
    await page.locator('[data-drawn="true"]').waitFor()
    const eyeThere = eyeOn(second, info.outputPath('pictures', 'second'), sizesIn(language))
    await eyeThere.look('second-window')
    await page.keyboard.press('?')
    await page.getByRole('dialog').waitFor()
    await eyeThere.look('second-window-help', { axe: false })
    await eye.look('reading-elsewhere')
    problems.push(...eyeThere.problems)
    await window.page.keyboard.press('v')
    await window.at('reading-canvas').waitFor()
    await visit(window, `/studies/${heels}/reading`)
    await window.page.locator('[data-test="region-square"][data-state="open"]').waitFor()
    await eye.look('reading-region')
    await window.signOut()
    await window.signIn('r2')
    await visit(window, `/studies/${reading}/reading`)
    await window.at('queue-finished').waitFor()
    await eye.look('queue-finished')
    expect([...problems, ...eye.problems]).toEqual([])
  })

test('a failure is said in words on every page, and what works goes on', async ({ data, studies, open }, info) => {
  const window = await open()
  await dress(window, 'en', 'dark')
  const eye = eyeOn(window, info.outputPath('pictures'))
  // Pictures that are gone from the disk.
  for (const file of readdirSync(join(data, 'volumes'))) rmSync(join(data, 'volumes', file))
  await window.signIn('r1')
  await visit(window, `/studies/${studies.open}/reading`)
  await window.at('scan-failure').waitFor()
  await expect(window.at('scan-failure')).toContainText(/missing on this machine.*again/i)
  await expect(window.at('scan-retry')).toBeVisible()
  await eye.look('no-picture')
  await window.signOut()

  // A study that is not there.
  const nobody = '01900000-0000-7000-8000-000000000000'
  for (const [name, places] of Object.entries({
    lead: [
      'setup',
      'design',
      'packets',
      'scans',
      'overview',
      'disagreement',
      'quality',
      'adjudication',
      'sealing',
      'labels',
      'report',
    ],
    theo: ['training', 'runs', 'models', 'predictions'],
    r1: ['reading', 'progress', 'comparison'],
  })) {
    await window.signIn(name)
    for (const place of places) {
      await visit(window, `/studies/${nobody}/${place}`)
      const failure = window.at('failure').first()
      await expect(failure, place).toBeVisible()
      expect((await failure.innerText()).trim(), place).toMatch(/^\S.{10,}\./)
      await expect(window.at('failure-studies').first(), place).toBeVisible()
      await expect(window.at('loading'), place).toHaveCount(0)
      await eye.look(`${place}-unknown-study`, { axe: false })
    }
    await visit(window, '/studies')
    await window.at('study-row').first().waitFor()
    await window.signOut()
  }
  takeErrors(window)
  expect(eye.problems).toEqual([])
})

for (const { language, theme } of dresses)
  test(`a new installation and an import, ${language}, ${theme}`, async ({ data, open }, info) => {
    const window = await open()
    await window.at('first-start-name').waitFor()
    await dress(window, language, theme)
    const eye = eyeOn(window, info.outputPath('pictures'), sizesIn(language))
    await window.at('first-start-name').waitFor()
    await eye.look('first-start')
    await window.click('to-open-packet')
    await window.at('packet-drop').waitFor()
    await eye.look('open-packet')
    await window.click('packet-back')
    await window.at('first-start-name').waitFor()
    const program = await startProgram(data)
    await program.person('lead', 'lead')
    await program.person('r1', 'reader')
    await program.close()
    await window.page.reload()
    await window.at('sign-in-name').waitFor()
    await window.fill('sign-in-name', 'lead')
    await window.fill('sign-in-password', 'not the password')
    await window.page.keyboard.press('Enter')
    await window.at('failure').waitFor()
    await eye.look('sign-in-refused')
    await window.signIn('r1')
    await window.at('empty').waitFor()
    await eye.look('no-studies-reader')
    await window.signOut()
    await window.signIn('lead')
    await window.at('empty').waitFor()
    await eye.look('no-studies')
    await window.click('study-new')
    await window.fill('study-title', 'Motion')
    await window.click('study-create')
    await window.page.waitForFunction(() => location.hash.includes('/setup'))
    await window.goTo('scans')
    const folder = join(data, 'files')
    await writeDiscs(folder, 2)
    mkdirSync(join(folder, 'bad'))
    writeFileSync(join(folder, 'bad', 'empty.dcm'), '')
    writeFileSync(
      join(folder, 'bad', 'a rather long name of a file that is only notes 2026-01-02.isq'),
      'Notes of Tuesday',
    )
    await window.fill('import-path', folder)
    await window.click('import-look')
    await window.at('import-accept').waitFor()
    await eye.look('import-preview')
    await window.at('import-quick-look').first().click()
    await window.page.locator('[data-test="quick-look-why"], [data-drawn="true"]').first().waitFor()
    await eye.look('quick-look')
    await window.page.keyboard.press('b')
    await window.at('quick-look-why').waitFor()
    await eye.look('quick-look-refused')
    await window.page.keyboard.press('Escape')
    await window.click('import-accept')
    await window.at('import-done').waitFor()
    await eye.look('import-done')
    expect(eye.problems).toEqual([])
  })
