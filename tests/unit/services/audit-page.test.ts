import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AuditEntry, AuditPage } from '../../../src/preload/contract/audit.ts'
import { openStudy, readAll, startProgram, type Program, type ReadyStudy } from '../../fixtures/program.ts'

let program: Program
let study: ReadyStudy
beforeAll(async () => {
  program = await startProgram()
  study = await openStudy(program, 2)
  for (const reader of ['r1', 'r2', 'r3']) await readAll(program, reader, study.studyId, () => 3)
  await program.ask('x', 'accounts.signIn', { name: 'r1', password: 'not this one' })
})
afterAll(() => program.close())

const entries = async (wanted: object = {}): Promise<AuditEntry[]> =>
  (await program.get<AuditPage>('lead', 'audit.list', wanted)).entries
const acts = async (wanted: object): Promise<string[]> => [...new Set((await entries(wanted)).map(({ act }) => act))]

describe('the audit trail, looked at', () => {
  it('says in names what each act was about', async () => {
    const about = new Map((await entries()).map((entry) => [entry.act, entry.about]))
    expect(about.get('study.opened')).toBe('Motion')
    expect(about.get('account.created')).toBe('Admin')
    expect(about.get('study.keys-made')).toBe('Motion')
  })

  it('is narrowed to an act, a day and a person', async () => {
    expect(await acts({ act: 'study.opened' })).toEqual(['study.opened'])
    expect(await acts({ area: 'study' })).toEqual(expect.arrayContaining(['study.created', 'study.opened']))
    const all = await entries()
    const middle = all[Math.floor(all.length / 2)]!.at
    const [before, after] = [await entries({ until: middle }), await entries({ from: middle })]
    expect(before.length + after.length).toBe(all.length)
    expect(before.every(({ at }) => at < middle) && after.every(({ at }) => at >= middle)).toBe(true)
    const own = await entries({ by: study.lead.accountId })
    expect(own.length).toBeGreaterThan(2)
    expect(own.every(({ accountId }) => accountId === study.lead.accountId)).toBe(true)
  })

  it('does not tell a reader’s votes by asking for the reader, nor who was held up, until the readers are named', async () => {
    const r1 = study.readers[0]!.accountId
    for (let n = 0; n < 5; n++) await program.ask('x', 'accounts.signIn', { name: 'r1', password: 'not this one' })
    expect(await entries({ by: r1 })).toEqual([])
    expect(await entries({ by: r1, act: 'vote.cast' })).toEqual([])
    for (const entry of [...(await entries({ act: 'vote.cast' })), ...(await entries({ act: 'session.refused' }))])
      expect(entry).toMatchObject({ secret: true, subject: null, about: null, accountId: null, name: null })
    expect(await entries({ act: 'session.refused' })).not.toEqual([])

    await program.get('lead', 'analysis.seal', { studyId: study.studyId, incomplete: false })
    await program.get('lead', 'analysis.unblind', { studyId: study.studyId })
    const cast = await entries({ by: r1, act: 'vote.cast' })
    expect(cast.map(({ about }) => about).sort()).toEqual(['P0001-1 · Motion', 'P0001-2 · Motion'])
    expect((await entries({ act: 'session.refused' }))[0]).toMatchObject({ secret: false, about: 'Dr r1' })
  })
})
