import { votesSaid } from '../fixtures/votes.ts'
import { join } from 'node:path'
import { plainDesign } from '../../src/preload/contract/design.ts'
import { newId, now } from '../../src/main/store/identity.ts'
import { importAll, startProgram, type Program } from '../fixtures/program.ts'
import { writeDiscs } from '../fixtures/discs.ts'
import { dress, eyeOn } from './looks.ts'
import { expect, test, visit, type Window } from './window.ts'

const canvas = (window: Window) => window.at('reading-canvas')
async function drawn(window: Window, before = ''): Promise<string> {
  await window.page.waitForFunction((last) => {
    const picture = document.querySelector('[data-test="reading-canvas"][data-drawn="true"]')
    return picture && picture.getAttribute('data-scan') !== last
  }, before)
  return (await canvas(window).getAttribute('data-scan'))!
}

async function people(program: Program): Promise<void> {
  await program.person('lead', 'lead')
  await program.person('r1', 'reader')
  await program.person('r2', 'reader')
}

test('a practice study is made in the window; the reader sees the known grade after each vote', async ({
  data,
  open,
}, info) => {
  const program = await startProgram(data)
  await people(program)
  const window = await open()
  const eye = eyeOn(window, info.outputPath('pictures'))
  const { keyboard } = window.page
  await window.signIn('lead')
  await window.click('practice-study-new')
  await window.at('practice-reader-r1').waitFor()
  await window.fill('practice-study-scans', '14')
  await window.fill('practice-study-size', '64')
  await window.fill('practice-study-slices', '8')
  await window.at('practice-reader-r2').uncheck()
  await eye.look('practice-study')
  await window.click('practice-study-make')
  await expect(window.at('practice-study-form')).toHaveCount(0)
  await window.signOut()

  await window.signIn('r1')
  await window.at('study-open').first().click()
  const known = new Map(
    (
      await program.db
        .selectFrom('assignment')
        .innerJoin('known_case', 'known_case.scan_id', 'assignment.scan_id')
        .select(['assignment.id', 'known_case.grade'])
        .execute()
    ).map(({ id, grade }) => [id, grade]),
  )
  // Fourteen scans, seven a site; of each five are exemplars.
  expect(known.size).toBe(4)
  let scan = await drawn(window)
  let right = 0
  for (const [index] of [...known].entries()) {
    await expect(window.at('scan-tag')).toBeVisible()
    await expect(window.at('lesson')).toHaveCount(0)
    const grade = index === 1 ? ((known.get(scan)! + 1) % 5) + 1 : known.get(scan)!
    if (grade === known.get(scan)) right++
    await keyboard.press(String(grade))
    await keyboard.press('Enter')
    const lesson = window.at('lesson')
    await expect(lesson).toHaveAttribute('data-known', String(known.get(scan)))
    await expect(lesson).toHaveAttribute('data-own', String(grade))
    // The scan stays in front, and what was learned cannot be taken back.
    expect(await canvas(window).getAttribute('data-scan')).toBe(scan)
    await keyboard.press('Backspace')
    await expect(lesson).toBeVisible()
    await expect(window.at('lesson-why')).toContainText(/\d mm/)
    if (index === 1) {
      await eye.look('lesson-differs')
      await keyboard.press('e')
      await window.page.locator('[data-test="linked-choice"]').nth(4).waitFor()
      await eye.look('lesson-exemplars')
      await keyboard.press('e')
    }
    if (index === 3) {
      await expect(window.at('calibration-same')).toHaveAttribute('data-same', String(right))
      await expect(window.at('calibration-same')).toHaveAttribute('data-n', '4')
      await eye.look('lesson-last')
    }
    await keyboard.press('Enter')
    if (index < 3) scan = await drawn(window, scan)
  }
  await window.at('queue-finished').waitFor()
  await eye.look('practice-finished')
  await window.click('to-progress')
  await window.at('calibration-result').waitFor()
  await eye.look('progress-calibration')
  await window.signOut()
  await window.signIn('lead')
  await window.at('study-row').first().waitFor()
  await visit(
    window,
    `/studies/${(await program.db.selectFrom('study').select('id').executeTakeFirstOrThrow()).id}/quality`,
  )
  await window.at('quality-calibration').waitFor()
  await eye.look('quality-calibration')
  expect(eye.problems).toEqual([])
  await program.close()
})

/** An open study that asks for all it can, with a model's grade for each scan. */
async function fullDesign(program: Program, folder: string): Promise<string> {
  await writeDiscs(folder, 5, [64, 64, 16])
  const lead = (await program.get<{ session: never }>('lead', 'accounts.state')).session
  const create = async (title: string) =>
    (
      await program.get<{ id: string }>('lead', 'studies.create', {
        ...{ title, template: 'hrpqct-motion', readersPerScan: 1 },
      })
    ).id
  const trained = await create('Trained on before')
  const studyId = await create('Paired, with stacks')
  await importAll(program, lead, studyId, [folder], 'reading')
  const modelId = newId()
  const setId = newId()
  const runId = newId()
  const { db } = program
  const by = { created_at: now() }
  const { accountId } = lead as { accountId: string }
  await db
    .insertInto('label_set')
    .values({
      ...{ id: setId, study_id: trained, name: 'Labels', rule: 'majority', digest: 'd', unresolved: 0 },
      ...{ created_by: accountId, ...by },
    } as never)
    .execute()
  await db
    .insertInto('training_run')
    .values({
      ...{ id: runId, study_id: trained, label_set_id: setId, recipe: '{}', folds: '{}', state: 'done' },
      ...{ started_by: accountId, started_at: now(), seconds: 1 },
    } as never)
    .execute()
  await db
    .insertInto('model')
    .values({
      ...{ id: modelId, study_id: trained, run_id: runId, name: 'walle2023, first', sha256: 'x', parameters: 1 },
      ...{ origin: 'run', ...by },
    } as never)
    .execute()
  const scans = await db.selectFrom('scan').select('id').where('study_id', '=', studyId).execute()
  for (const { id } of scans)
    await db
      .insertInto('prediction')
      .values({
        ...{ model_id: modelId, scan_id: id, grade: 4, expected_grade: 4, uncertainty: 0, rule: 'mean', tie: 0 },
        ...{ probabilities: '[]', slices: '[]', at: now() },
      } as never)
      .execute()
  await program.get('lead', 'designs.set', {
    studyId,
    design: { ...plainDesign, pairedModelId: modelId, confidence: true, worstSlice: 'required', slicesPerStack: 8 },
  })
  const r1 = await program.get<{ session: { accountId: string } }>('r1', 'accounts.state')
  await program.get('lead', 'studies.setReaders', { studyId, readerIds: [r1.session.accountId] })
  await program.get('lead', 'studies.open', { studyId })
  return studyId
}

test('stacks, confidence, the worst slice, the model’s grade and a break, by keyboard', async ({
  data,
  open,
}, info) => {
  const program = await startProgram(data)
  await people(program)
  const studyId = await fullDesign(program, join(data, 'files'))
  const window = await open()
  const { keyboard } = window.page
  await window.at('sign-in-name').waitFor()
  await dress(window, 'de', 'light')
  const eye = eyeOn(window, info.outputPath('pictures'))
  await window.signIn('r1')
  await visit(window, `/studies/${studyId}/reading`)
  const scan = await drawn(window)
  await expect(window.at('second-vote')).toHaveCount(0)

  // A digit is for the marked stack; the next one without a grade is marked then, and shown.
  await keyboard.press('2')
  await expect(window.at('stack-1')).toHaveAttribute('data-grade', '2')
  await expect(window.at('stack-2')).toHaveAttribute('aria-current', 'true')
  await expect(canvas(window)).toHaveAttribute('data-slice', '12')
  await keyboard.press('Enter')
  await expect(window.at('hint')).toHaveAttribute('data-hint', 'stacks-left')
  await keyboard.press('3')
  await keyboard.press('Enter')
  await expect(window.at('hint')).toHaveAttribute('data-hint', 'no-confidence')
  await eye.look('stacks-and-confidence')
  await keyboard.press('q')
  await keyboard.press('q')
  await expect(window.at('confidence-2')).toHaveAttribute('aria-checked', 'true')
  await keyboard.press('Enter')
  await expect(window.at('hint')).toHaveAttribute('data-hint', 'no-worst-slice')
  await keyboard.press('t')
  await expect(window.at('stack-1')).toHaveAttribute('aria-current', 'true')
  await keyboard.press('m')
  await keyboard.press('Enter')

  // The same pictures again, with the model's grade; nothing is picked by it.
  await window.at('second-vote').waitFor()
  expect(await canvas(window).getAttribute('data-scan')).toBe(scan)
  await expect(window.at('second-vote')).toHaveAttribute('data-model', '4')
  await expect(window.at('second-vote')).toHaveAttribute('data-first', '3')
  await expect(window.page.locator('[data-picked="true"]')).toHaveCount(0)
  await keyboard.press('Backspace')
  await expect(window.at('hint')).toHaveAttribute('data-hint', 'nothing-to-undo')
  await eye.look('second-vote')
  for (const key of ['2', '4', 'q', 'm', 'Enter']) await keyboard.press(key)
  await drawn(window, scan)
  await expect(window.at('second-vote')).toHaveCount(0)
  const votes = await votesSaid(program)
  expect(votes.map((one) => [one.grade, one.stack_grades, one.confidence, one.worst_slice])).toEqual([
    [3, '[2,3]', 2, 4],
    [4, '[2,4]', 1, 12],
  ])

  // A break is suggested after so many minutes; Escape says not now, and it can be turned off.
  await window.page.clock.install()
  /** Seven minutes at a time, with a key between them: an idle window would be locked. */
  const readFor = async (sevens: number): Promise<void> => {
    for (let i = 0; i < sevens; i++) {
      await window.page.clock.fastForward('07:00')
      await keyboard.press('ArrowDown')
    }
  }
  await window.page.reload()
  await drawn(window)
  await keyboard.press('?')
  await window.at('break-after').selectOption('20')
  await eye.look('keys-and-breaks')
  await keyboard.press('Escape')
  await expect(window.at('break-due')).toHaveCount(0)
  await readFor(3)
  await expect(window.at('break-due')).toContainText('21')
  await eye.look('break-suggested')
  await keyboard.press('Escape')
  await expect(window.at('break-due')).toHaveCount(0)
  await keyboard.press('?')
  await window.at('break-after').selectOption('0')
  await keyboard.press('Escape')
  await readFor(6)
  await expect(window.at('break-due')).toHaveCount(0)
  const kept = await program.db.selectFrom('account_setting').select('value').executeTakeFirstOrThrow()
  expect(JSON.parse(kept.value)).toEqual({ keys: {}, breakMinutes: null })
  await window.signOut()

  await window.signIn('lead')
  await visit(window, `/studies/${studyId}/quality`)
  await window.at('quality-paired').waitFor()
  await eye.look('quality-paired')
  expect(eye.problems).toEqual([])
  await program.close()
})

test('the lead designs a study with an own scale and known cases', async ({ data, open }, info) => {
  const program = await startProgram(data)
  await people(program)
  const window = await open({ width: 1280, height: 800 })
  const eye = eyeOn(window, info.outputPath('pictures'))
  await window.signIn('lead')
  await window.click('study-new')
  await window.fill('study-title', 'Own scale')
  await window.at('study-template-own').check()
  await expect(window.at('study-create')).toBeDisabled()
  for (const [i, word] of ['clear', 'hazy', 'dense'].entries()) await window.fill(`own-word-${i + 1}`, word)
  await window.fill('own-description-3', 'Nothing can be made out.')
  await window.at('own-colour-2').fill('#3366aa')
  await window.at('own-cut').selectOption('3')
  // Its cut asks for a condition; which class that is, and what both are called in either language.
  await window.at('own-means').selectOption('positive')
  await expect(window.at('own-side-positive')).toContainText('3 dense')
  await window.click('own-turn')
  await expect(window.at('own-side-positive')).toContainText('2 hazy, 3 clear')
  await window.click('own-turn')
  await window.fill('own-positive-en', 'clouded')
  await window.fill('own-positive-de', 'trüb')
  await expect(window.at('own-reads')).toContainText('clouded')
  await eye.look('own-scale')
  await window.click('study-create')
  await window.at('setup-scale').waitFor()
  await expect(window.at('setup-scale')).toContainText('hazy')
  await expect(window.at('setup-scale')).toContainText('clouded from here on')
  const study = await program.db.selectFrom('study').selectAll().executeTakeFirstOrThrow()
  expect(study.template).toBe('own')
  expect(JSON.parse(study.scale)).toMatchObject({
    ...{ rescanFrom: 3, grades: [{ word: 'clear' }, { word: 'hazy', colour: '#3366aa' }, { word: 'dense' }] },
    ...{ cutMeans: 'positive', cutWords: { positive: { en: 'clouded', de: 'trüb' }, negative: {} } },
  })

  await writeDiscs(join(data, 'files'), 2)
  const lead = (await program.get<{ session: never }>('lead', 'accounts.signIn', {
    ...{ name: 'lead', password: 'correct horse battery' },
  })) as never
  await importAll(program, lead, study.id, [join(data, 'files')], 'unread')
  await window.goTo('design')
  await window.at('design-form').waitFor()
  await expect(window.at('size-needed')).toHaveAttribute('data-n', /^\d+$/)
  const needed = Number(await window.at('size-needed').getAttribute('data-n'))
  await window.fill('size-width', '0.3')
  await expect.poll(async () => Number(await window.at('size-needed').getAttribute('data-n'))).toBeLessThan(needed / 3)
  await window.fill('design-repeats', '10')
  await window.fill('design-rounds', '2')
  await window.at('design-confidence').check()
  await window.at('design-worst-required').check()
  await window.click('design-save')
  await expect(window.at('design-state')).toHaveAttribute('data-saved', 'true')
  await window.click('cases-add')
  await window.at('case-use').selectOption('calibration')
  await window.at('candidate-grade').first().selectOption('2')
  await window.at('candidate-take').first().click()
  await expect(window.at('case-row')).toHaveCount(1)
  await expect(window.at('case-row')).toHaveAttribute('data-use', 'calibration')
  await eye.look('design')
  await dress(window, 'de', 'light')
  await window.at('design-form').waitFor()
  await eye.look('design-de', { axe: true })
  const kept = await program.db.selectFrom('study').select('design').executeTakeFirstOrThrow()
  expect(JSON.parse(kept.design)).toMatchObject({ repeats: 10, rounds: 2, confidence: true, worstSlice: 'required' })
  expect(await program.db.selectFrom('known_case').select(['use', 'grade', 'origin']).execute()).toEqual([
    { use: 'calibration', grade: 2, origin: 'named' },
  ])
  expect(eye.problems).toEqual([])
  await program.close()
})
