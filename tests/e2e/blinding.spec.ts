import { join } from 'node:path'
import { allRoutes, type ConcordApi } from '../../src/preload/contract/index.ts'
import { newId, now } from '../../src/main/store/identity.ts'
import { addScans, createStudyWith, importAll, startProgram, type Program } from '../fixtures/program.ts'
import { writeDiscs } from '../fixtures/discs.ts'
import { expect, storeText, takeErrors, test, visit, type Window } from './window.ts'

/** Every identifier in the database: whatever a curious reader could have found somewhere. */
async function identifiers({ db }: Program): Promise<string[]> {
  const tables = [
    'study',
    'scan',
    'patient',
    'account',
    'assignment',
    'vote',
    'job',
    'label_set',
    'training_run',
    'model',
  ] as const
  const found = await Promise.all(tables.map((table) => db.selectFrom(table).select('id').execute()))
  return [...new Set(found.flat().map(({ id }) => String(id)))]
}

const fields = [
  'studyId',
  'scanId',
  'accountId',
  'assignmentId',
  'jobId',
  'runId',
  'modelId',
  'labelSetId',
  'previewId',
]

/** By route, those fields that its declaration does not refuse as unknown. */
const fitting = Object.fromEntries(
  allRoutes().map(({ area, verb, route }) => [
    `${area}.${verb}`,
    fields.filter((field) => {
      const issues = route.request.safeParse({ [field]: newId() }).error?.issues ?? []
      return !issues.some(({ code }) => code === 'unrecognized_keys')
    }),
  ]),
)

/**
 * All that the page can get out of the program as the person signed in: each route with nothing, with one identifier in each
 * field, and with each identifier in each field that it knows; and each scan's stream.
 */
function everything(window: Window, ids: string[]): Promise<string[]> {
  const asked = { known: ids, fields, fitting }
  return window.page.evaluate(async ({ known, fields, fitting }) => {
    const { concord } = globalThis as unknown as {
      concord: Record<string, Record<string, (request: unknown) => Promise<unknown>>>
    }
    const apart = ['signOut', 'lock', 'changePassword', 'undo']
    const replies: string[] = []
    for (const [area, verbs] of Object.entries(concord)) {
      if (typeof verbs === 'function') continue
      for (const [verb, ask] of Object.entries(verbs)) {
        if (apart.includes(verb)) continue
        const requests: unknown[] = [{}]
        for (const field of fields) {
          const fits = fitting[`${area}.${verb}`]?.includes(field) ?? true
          for (const id of fits ? known : known.slice(0, 1)) requests.push({ [field]: id })
        }
        for (const request of requests)
          replies.push(`${area}.${verb} ${JSON.stringify(request)} ${JSON.stringify(await ask(request))}`)
      }
    }
    for (const id of known) {
      const reply = await fetch(`scan://volume/${id}`)
      replies.push(`scan ${id} ${reply.status}`)
    }
    return replies
  }, asked)
}

/** Where the reader was last, and for how long: the own clock goes on while the others vote. */
const withoutPlace = (reply: string): string =>
  reply.replace(/"place":(null|\{"slice":\d+,"window":(null|\{[^}]*\}),"lookedMs":\d+\})/, '"place":…')

/** What stands on the page, in its elements and in its stores. */
async function onThePage(window: Window): Promise<string> {
  return `${await window.page.evaluate(() => document.documentElement.outerHTML)}\n${await storeText(window)}`
}

/** A model's grades for the scans of a study that is still being read: planted, as no honest way leads there. */
async function plantPredictions({ db, folders }: Program, studyId: string, by: string): Promise<void> {
  const { default: Sqlite } = await import('better-sqlite3')
  const sqlite = new Sqlite(folders.database)
  sqlite.pragma('foreign_keys = OFF')
  const insert = (table: string, row: Record<string, unknown>): void => {
    const columns = sqlite.pragma(`table_info(${table})`) as { name: string; type: string; notnull: number }[]
    const filled = columns.map(
      ({ name, type, notnull }) => row[name] ?? (notnull ? (type === 'TEXT' ? '{}' : 1) : null),
    )
    sqlite.prepare(`insert into ${table} values (${columns.map(() => '?').join(', ')})`).run(...filled)
  }
  const [labelSet, run, model] = [newId(), newId(), newId()]
  const common = { study_id: studyId, created_at: now(), created_by: by, started_by: by }
  insert('label_set', { ...common, id: labelSet, name: 'planted-labels', rule: 'majority' })
  insert('training_run', { ...common, id: run, label_set_id: labelSet, state: 'done', started_at: now() })
  insert('model', { ...common, id: model, run_id: run, origin: 'run', name: 'planted-model' })
  const scans = await db.selectFrom('scan').select('id').where('study_id', '=', studyId).execute()
  for (const { id } of scans)
    insert('prediction', {
      id: newId(),
      model_id: model,
      scan_id: id,
      grade: 5,
      expected_grade: 4.8765,
      uncertainty: 0.13579,
      rule: 'mean',
      created_at: now(),
    })
  sqlite.close()
}

test.describe('before the seal a reader gets nothing of the others', () => {
  test('from no route, in no element and in no store', async ({ data, open }) => {
    const program = await startProgram(data)
    const folder = join(data, 'made')
    await writeDiscs(folder, 3)
    const { studyId, lead } = await createStudyWith(program, [{ folder, purpose: 'reading' }])
    // A study that the reader has no part in.
    const { id: other } = await program.get<{ id: string }>('lead', 'studies.create', {
      title: 'planted-study',
      template: 'hrpqct-motion',
      readersPerScan: 1,
    })
    await addScans(program.db, other, lead.accountId, 2)
    await plantPredictions(program, studyId, lead.accountId)
    const ids = await identifiers(program)

    const window = await open()
    // A route that asks where to put or to find a file waits for an answer; nobody chooses one.
    await window.app.evaluate(({ dialog }) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: true, filePath: '' })
      dialog.showOpenDialog = () => Promise.resolve({ canceled: true, filePaths: [] })
    })
    await window.signIn('r1')
    await window.at('study-open').first().click()
    await window.page.locator('[data-drawn="true"]').waitFor()
    await window.at('sheet-8').waitFor()
    const before = await everything(window, ids)
    const pageBefore = await onThePage(window)
    expect(before.some((line) => line.startsWith('reading.desk') && line.includes('"ok":true'))).toBe(true)

    // The others vote on all, with words of their own.
    for (const reader of ['r2', 'r3']) {
      let desk = await program.get<{ current: { assignmentId: string } | null }>(reader, 'reading.desk', { studyId })
      while (desk.current)
        desk = await program.get(reader, 'reading.cast', {
          assignmentId: desk.current.assignmentId,
          grade: 5,
          reason: null,
          shownAt: now(),
          worstSlice: 3,
          note: 'planted-note',
        })
    }
    const after = await everything(window, ids)
    expect(after.map(withoutPlace)).toEqual(before.map(withoutPlace))
    expect(await onThePage(window)).toBe(pageBefore)
    await visit(window, '/studies')
    await visit(window, `/studies/${studyId}/progress`)
    await window.at('page-title').waitFor()
    await visit(window, `/studies/${studyId}/reading`)
    await window.page.locator('[data-drawn="true"]').waitFor()
    const text = (await onThePage(window)) + after.join('\n')
    for (const secret of ['planted-', '4.8765', '0.13579', 'Dr r2', 'Dr r3', 'Dr lead', '"letter"', '"majority"'])
      expect(text, secret).not.toContain(secret)
    // The comparison means something: the lead, at the same window, does get it.
    takeErrors(window)
    await window.signOut()
    await window.signIn('lead')
    const forLead = await window.page.evaluate(async (id) => {
      const { concord } = globalThis as unknown as { concord: ConcordApi }
      const overview = await concord.analysis.overview({ studyId: id })
      return overview.ok ? overview.value.readers.flatMap((reader) => reader.distribution) : overview.error.code
    }, studyId)
    expect(forLead).toEqual(expect.arrayContaining([{ grade: 5, count: 3 }]))
    await program.close()
  })

  test('no vote in another’s name', async ({ data, open }) => {
    const program = await startProgram(data)
    const folder = join(data, 'made')
    await writeDiscs(folder, 2)
    await createStudyWith(program, [{ folder, purpose: 'reading' }])
    const assignments = await program.db
      .selectFrom('assignment')
      .innerJoin('account', 'account.id', 'assignment.account_id')
      .select(['assignment.id', 'account.name'])
      .execute()
    const window = await open()
    await window.signIn('r1')
    const codes = await window.page.evaluate(
      async ({ theirs, shownAt }) => {
        const { concord } = globalThis as unknown as { concord: ConcordApi }
        const vote = { grade: 1, reason: null, shownAt, worstSlice: null, note: null }
        const replies = await Promise.all(theirs.map((assignmentId) => concord.reading.cast({ ...vote, assignmentId })))
        return replies.map((reply) => (reply.ok ? 'cast' : reply.error.code))
      },
      { theirs: assignments.filter((a) => a.name !== 'r1').map((a) => a.id), shownAt: now() },
    )
    expect(codes).toEqual(Array(4).fill('assignment-unknown'))
    expect(await program.db.selectFrom('vote').selectAll().execute()).toEqual([])
    await program.close()
  })

  test('no event but the end of the own session', async ({ data, open }) => {
    const program = await startProgram(data)
    const folder = join(data, 'made')
    await writeDiscs(folder, 2)
    await createStudyWith(program, [{ folder, purpose: 'reading' }])
    await program.close()
    const window = await open()
    const { page } = window
    const listen = (): void => {
      const { concord } = globalThis as unknown as { concord: ConcordApi }
      const heard: string[] = []
      Object.assign(globalThis, { heard })
      for (const name of ['job', 'run', 'study-changed', 'session-ended'] as const)
        concord.on(name, (payload) => void heard.push(`${name} ${JSON.stringify(payload)}`))
    }
    await page.evaluate(listen)
    const heard = (): Promise<string[]> =>
      page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard.splice(0))
    await window.signIn('r1')
    await window.at('study-open').first().click()
    await page.locator('[data-drawn="true"]').waitFor()
    await page.keyboard.press('3')
    await page.keyboard.press('Enter')
    await window.at('saved').waitFor()
    expect(await heard()).toEqual([])
    await window.signOut()
    await expect.poll(heard).toEqual(['session-ended {"reason":"signed-out"}'])

    // Such ears, for somebody who may know, whose page began anew: the study's own changes are heard.
    await window.signIn('lead')
    await page.evaluate(listen)
    await page.evaluate(async () => {
      const { concord } = globalThis as unknown as { concord: ConcordApi }
      const studies = await concord.studies.list({})
      if (studies.ok) await concord.analysis.seal({ studyId: studies.value[0]!.id, incomplete: true })
    })
    await expect.poll(heard).toEqual([expect.stringContaining('study-changed')])
  })
})

test('a scan’s stream is for those in whose queue it is', async ({ data, open }) => {
  const program = await startProgram(data)
  const folder = join(data, 'made')
  await writeDiscs(folder, 2)
  const { studyId, lead } = await createStudyWith(program, [{ folder, purpose: 'reading' }])
  const unread = join(data, 'unread')
  await writeDiscs(unread, 5, [64, 64, 9])
  await importAll(program, lead, studyId, [unread], 'unread')
  const all = await program.db.selectFrom('scan').select(['id', 'purpose', 'content_sha256', 'patient_id']).execute()
  const mine = all.filter((scan) => scan.purpose === 'reading')
  // Earlier scans of a patient in the queue may stand beside; those of others may not.
  const others = all.filter((scan) => !mine.some((own) => own.patient_id === scan.patient_id))
  expect([mine.length, others.length]).toEqual([2, 3])
  await program.person('stranger', 'reader')
  await program.close()

  const window = await open()
  const statuses = (addresses: string[]): Promise<number[]> =>
    window.page.evaluate(
      (urls) =>
        Promise.all(
          urls.map((url) =>
            fetch(url).then(
              (reply) => reply.status,
              () => 0,
            ),
          ),
        ),
      addresses,
    )
  const address = ({ id }: { id: string }): string => `scan://volume/${id}`
  const tricks = [
    'scan://volume/',
    'scan://volume/../concord.db',
    'scan://volume/..%2f..%2fconcord.db',
    'scan://volume/%2e%2e/%2e%2e/concord.db',
    'scan://volume/%2fetc%2fpasswd',
    `scan://volume/${mine[0]!.id}/../${others[0]!.id}`,
    `scan://volume/${mine[0]!.id}%2f..%2f${others[0]!.id}`,
    `scan://volume/${mine[0]!.id}%00`,
    `scan://volume/${mine[0]!.id}.vol`,
    `scan://volume/${mine[0]!.content_sha256}`,
    `scan://volumes/${mine[0]!.id}`,
    `scan://${mine[0]!.id}/`,
  ]
  const refused = (codes: number[]): boolean => codes.every((code) => code === 403 || code === 404)

  await window.at('sign-in-name').waitFor()
  expect(await statuses(all.map(address))).toEqual(Array(all.length).fill(403))
  await window.signIn('r1')
  expect(await statuses(mine.map(address))).toEqual([200, 200])
  expect(await statuses(others.map(address))).toEqual([403, 403, 403])
  const tricked = await statuses(tricks)
  expect(refused(tricked), String(tricked)).toBe(true)
  await window.signOut()
  expect(await statuses(mine.map(address))).toEqual([403, 403])
  await window.signIn('stranger')
  expect(await statuses(all.map(address))).toEqual(Array(all.length).fill(403))
  await window.signOut()
  await window.signIn('lead')
  expect(await statuses(all.map(address))).toEqual(Array(all.length).fill(200))
  takeErrors(window)
})
