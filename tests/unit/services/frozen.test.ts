import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LabelSet } from '../../../src/preload/contract/labels.ts'
import type { Study } from '../../../src/preload/contract/studies.ts'
import { verifyChain } from '../../../src/main/store/verify.ts'
import { disputedOf } from '../../fixtures/disputed.ts'
import { openStudy, readAll, startProgram, type Program, type ReadyStudy } from '../../fixtures/program.ts'

let program: Program
let study: ReadyStudy
const disputed = () => disputedOf(program, study.studyId)
const state = async () => (await program.get<Study>('lead', 'studies.get', { studyId: study.studyId })).state
const freeze = (name: string, rule = 'majority') =>
  program.get<LabelSet>('lead', 'labels.freeze', { studyId: study.studyId, name, rule })
const settle = (scanId: string, grade: number, more: object = { cause: 'definition', reason: '' }) =>
  program.ask('lead', 'analysis.adjudicate', { studyId: study.studyId, scanId, grade, ...more })
const acts = async (like: string) =>
  (await program.db.selectFrom('audit').select('act').where('act', 'like', like).execute()).map(({ act }) => act)

beforeAll(async () => {
  program = await startProgram()
  study = await openStudy(program, 12)
  for (const [index, reader] of ['r1', 'r2', 'r3'].entries())
    await readAll(program, reader, study.studyId, (pseudonym) => {
      const n = Number(pseudonym.replace(/\D/g, ''))
      return 1 + ((n + (n % 3 === index ? index + 1 : 0)) % 5)
    })
})
afterAll(() => program.close())

describe('the end of a reading', () => {
  it('can be neither unblinded, settled nor frozen before the seal', async () => {
    const { studyId } = study
    const notSealed = { error: { code: 'study-not-sealed' } }
    expect(await program.ask('lead', 'analysis.unblind', { studyId })).toMatchObject(notSealed)
    expect(await settle(study.scanIds[0]!, 3)).toMatchObject(notSealed)
    expect(await program.ask('lead', 'labels.freeze', { studyId, name: 'Early', rule: 'majority' })).toMatchObject(
      notSealed,
    )
    await program.get('lead', 'analysis.seal', { studyId, incomplete: false })
    expect(await state()).toBe('sealed')
    expect(await program.ask('lead', 'analysis.seal', { studyId, incomplete: false })).toMatchObject({
      error: { code: 'study-not-open' },
    })
  })

  it('moves on from "sealed" with the first decision, and needs a reason for it', async () => {
    const [first] = await disputed()
    expect(await settle(first!.scanId, 3, { reason: '' })).toMatchObject({ error: { code: 'reason-missing' } })
    expect(await settle(first!.scanId, 9)).toMatchObject({ error: { code: 'grade-unknown' } })
    expect(await state()).toBe('sealed')
    expect(await settle(first!.scanId, 3)).toMatchObject({ ok: true })
    expect(await state()).toBe('adjudicating')
  })

  it('is unblinded once, on record; disputed scans hold letters before and after', async () => {
    const before = JSON.stringify(await disputed())
    await program.get('lead', 'analysis.unblind', { studyId: study.studyId })
    expect(await program.ask('lead', 'analysis.unblind', { studyId: study.studyId })).toMatchObject({
      error: { code: 'study-unblinded' },
    })
    expect(await acts('study.unblinded')).toHaveLength(1)
    const after = JSON.stringify(await disputed())
    expect(after).toBe(before)
    expect(after).not.toMatch(/Dr r[123]|displayName/)
  })

  it('tells names of one scan only when asked, each time on record', async () => {
    const [first, second] = await disputed()
    for (const scan of [first!, second!, first!])
      await program.get('lead', 'analysis.showNames', { studyId: study.studyId, scanId: scan.scanId })
    const rows = await program.db.selectFrom('audit').select('subject').where('act', '=', 'scan.names-shown').execute()
    expect(rows.map(({ subject }) => subject)).toEqual([first!.scanId, second!.scanId, first!.scanId])
    expect(JSON.stringify(await disputed())).not.toMatch(/Dr r[123]/)
  })
})

describe('a label set', () => {
  let set: LabelSet
  const rows = async (id: string) =>
    JSON.stringify(await program.db.selectFrom('label').selectAll().where('label_set_id', '=', id).execute())

  it('has the same digest for the same votes and decisions, another for others', async () => {
    set = await freeze('First')
    const again = await freeze('Again')
    expect(again.digest).toBe(set.digest)
    expect(set.digest).toMatch(/^[0-9a-f]{64}$/)
    const [, second] = await disputed()
    await settle(second!.scanId, 5)
    expect((await freeze('Later')).digest).not.toBe(set.digest)
  })

  it('stays as it is when scans are settled anew and other rules are frozen', async () => {
    const before = await rows(set.id)
    for (const scan of await disputed()) await settle(scan.scanId, 1)
    await freeze('Mean', 'rounded-mean')
    expect(await rows(set.id)).toBe(before)
    const listed = await program.get<LabelSet[]>('lead', 'labels.list', { studyId: study.studyId })
    expect(listed.find(({ id }) => id === set.id)).toEqual(set)
    expect(
      await program.ask('lead', 'labels.freeze', { studyId: study.studyId, name: 'First', rule: 'median' }),
    ).toMatchObject({
      error: { code: 'name-taken' },
    })
  })

  it('cannot be changed or removed by any statement, and one that was is found', async () => {
    for (const statement of [
      `update label set grade = 1 where label_set_id = '${set.id}'`,
      `delete from label where label_set_id = '${set.id}'`,
      `update label_set set rule = 'median' where id = '${set.id}'`,
      `delete from label_set where id = '${set.id}'`,
      `update adjudication set grade = 1`,
      `update vote set grade = 1`,
    ])
      await expect(sql.raw(statement).execute(program.db)).rejects.toThrow(/never changed or removed/)
    expect((await verifyChain(program.db)).broken).toBeNull()
    // Somebody with the file in their hands, who takes the guard away first.
    await sql.raw('drop trigger label_no_update').execute(program.db)
    await sql.raw(`update label set grade = 6 - grade where label_set_id = '${set.id}'`).execute(program.db)
    expect((await verifyChain(program.db)).broken).toMatchObject({ subject: set.id })
  })
})
