import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { temporaryPassword } from '../../../src/main/services/accounts/passwords.ts'
import { passwordCost } from '../../../src/main/store/sealed/password.ts'
import { password, startProgram, type Program } from '../../fixtures/program.ts'

let program: Program
beforeAll(async () => {
  program = await startProgram(undefined, undefined, passwordCost)
  await program.person('anna', 'reader')
})
afterAll(() => program.close())

const signIn = (name: string, text: string) =>
  program.ask(`desk of ${name}`, 'accounts.signIn', { name, password: text })
const code = async (name: string, text: string): Promise<string> => {
  const outcome = await signIn(name, text)
  return outcome.ok ? 'signed in' : outcome.error.code
}
const account = (name: string) =>
  program.db.selectFrom('account').selectAll().where('name', '=', name).executeTakeFirstOrThrow()
const acts = async (subject: string): Promise<string[]> =>
  (await program.db.selectFrom('audit').select('act').where('subject', '=', subject).orderBy('sequence').execute()).map(
    ({ act }) => act,
  )

describe('passwords', () => {
  it('are kept as argon2id alone', async () => {
    const { password_hash } = await account('anna')
    expect(password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(password_hash).not.toContain(password)
    const locks = await program.db.selectFrom('account_key_lock').select('derivation').execute()
    expect(new Set(locks.map(({ derivation }) => derivation))).toEqual(new Set(['argon2id:19456:2:1']))
  })

  it.each(['password123', 'Password1234', 'administrator', 'qwertzuiop12', 'aaaaaaaaaaaa', 'annaanna12', '1234567890'])(
    '%s is refused as guessed too easily, wherever one is set',
    async (weak) => {
      const person = { name: `n${Math.floor(performance.now() * 1000)}`, displayName: 'Anna', password: weak }
      expect(await program.ask('admin', 'accounts.create', { ...person, roles: ['reader'] })).toMatchObject({
        error: { code: 'password-weak', field: 'password' },
      })
      expect(await program.ask('anna', 'accounts.changePassword', { current: password, next: weak })).toMatchObject({
        error: { code: 'password-weak' },
      })
      const judged = await program.get<{ enough: boolean }>('nobody', 'accounts.strength', {
        password: weak,
        names: ['anna'],
      })
      expect(judged.enough).toBe(false)
    },
  )

  it('may be long, and are judged quickly then', async () => {
    const long = 'ab'.repeat(100)
    expect(await program.get('nobody', 'accounts.strength', { password: long, names: [] })).toMatchObject({
      enough: false,
    })
    expect(
      await program.get('nobody', 'accounts.strength', { password: 'seven wet umbrellas dance', names: [] }),
    ).toEqual({ score: 4, enough: true, why: null })
  })

  it.each([
    ['qwertzuiop', 'keys'],
    ['aaaaaaaaaaaa', 'repeats'],
    ['abcdefghij', 'sequence'],
    ['01.12.1985', 'date'],
    ['password123', 'common'],
    ['krankenhaus1', 'word'],
    ['schmetterling1', 'word'],
    ['umbrella2024', 'common'],
    ['röntgenbild', 'word'],
    ['schneider1', 'name'],
    ['annaconcord', 'own'],
    ['x7', 'short'],
  ])('are told what makes %s weak: %s', async (weak, why) => {
    expect(await program.get('nobody', 'accounts.strength', { password: weak, names: ['Anna'] })).toMatchObject({
      enough: false,
      why,
    })
  })
})

describe('wrong passwords', () => {
  // The clock stands still: a slow machine does not wait a lockout out.
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }))
  afterEach(() => void vi.useRealTimers())

  it('lock for a second after the fifth, twice as long each time, at most a quarter of an hour, and are recorded', async () => {
    await program.person('bert', 'reader')
    const { id } = await account('bert')
    const waits: number[] = []
    for (let n = 1; n <= 16; n++) {
      await program.db.updateTable('account').set({ locked_until: null }).where('id', '=', id).execute()
      expect(await code('bert', 'not the password')).toBe('sign-in-refused')
      const { locked_until } = await account('bert')
      waits.push(locked_until ? (Date.parse(locked_until) - Date.now()) / 1000 : 0)
    }
    expect(waits).toEqual([0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900])
    const refused = await signIn('bert', password)
    expect(refused).toMatchObject({ error: { code: 'sign-in-locked', wait: 900 } })
    expect(refused.ok ? '' : refused.error.message).toContain('(15 min)')
    expect((await acts(id)).filter((act) => act === 'session.refused')).toHaveLength(12)

    const past = new Date(Date.now() - 1000).toISOString()
    await program.db.updateTable('account').set({ locked_until: past }).where('id', '=', id).execute()
    expect(await code('bert', password)).toBe('signed in')
    expect(await account('bert')).toMatchObject({ failed_attempts: 0, locked_until: null })
  })

  it('lock a name that nobody has in the same way, so that the wait tells nothing', async () => {
    const answers: unknown[] = []
    for (let n = 0; n < 6; n++) {
      const outcome = await signIn('no.such.person', 'whatever it is')
      answers.push(outcome.ok ? 'signed in' : [outcome.error.code, outcome.error.wait])
    }
    const refused = ['sign-in-refused', undefined]
    expect(answers).toEqual([refused, refused, refused, refused, ['sign-in-refused', 1], ['sign-in-locked', 1]])
  })
})

describe('an administrator', () => {
  it('resets a password: told once, changed at once, recorded, and it ends a lockout', async () => {
    const { accountId } = await program.person('carla', 'reader')
    await program.db
      .updateTable('account')
      .set({ failed_attempts: 9, locked_until: '2999-01-01T00:00:00.000Z' })
      .where('id', '=', accountId)
      .execute()
    const { password: told } = await program.get<{ password: string }>('admin', 'accounts.resetPassword', { accountId })
    expect(told).toMatch(/^([a-z2-9]{4}-){3}[a-z2-9]{4}$/)
    expect(program.events.at(-1)).toMatchObject({ to: 'carla', name: 'session-ended' })
    expect(await code('carla', password)).toBe('sign-in-refused')
    expect(await program.get('carla', 'accounts.signIn', { name: 'carla', password: told })).toMatchObject({
      mustChangePassword: true,
    })
    expect(await program.ask('carla', 'studies.list')).toMatchObject({ error: { code: 'password-must-change' } })
    expect(await program.ask('carla', 'accounts.changePassword', { current: told, next: told })).toMatchObject({
      error: { code: 'password-same' },
    })
    await program.get('carla', 'accounts.changePassword', { current: told, next: 'seven wet umbrellas' })
    expect(await program.ask('carla', 'studies.list')).toMatchObject({ ok: true })
    expect(
      await program.get('carla', 'accounts.signIn', { name: 'carla', password: 'seven wet umbrellas' }),
    ).not.toHaveProperty('mustChangePassword')
    expect(await acts(accountId)).toEqual(
      expect.arrayContaining([
        'account.created',
        'session.opened',
        'account.password-reset',
        'account.password-changed',
      ]),
    )
  })

  it('cannot reset the own one, a closed one or none', async () => {
    const admin = await program.person('admin')
    expect(await program.ask('admin', 'accounts.resetPassword', { accountId: admin.accountId })).toMatchObject({
      error: { code: 'account-own' },
    })
    const { accountId } = await program.person('dora', 'reader')
    await program.get('admin', 'accounts.close', { accountId })
    expect(await program.ask('admin', 'accounts.resetPassword', { accountId })).toMatchObject({
      error: { code: 'account-unknown' },
    })
  })

  it('makes an account whose password nobody else keeps: one for the first sign-in', async () => {
    const wanted = { name: 'emma', displayName: 'Emma', password: null, roles: ['reader'] }
    const made = await program.get<{ id: string; password: string }>('admin', 'accounts.create', wanted)
    expect(made).toMatchObject({ mustChangePassword: true })
    expect(await program.get('emma', 'accounts.signIn', { name: 'emma', password: made.password })).toMatchObject({
      mustChangePassword: true,
    })
    await program.get('emma', 'accounts.changePassword', { current: made.password, next: 'seven wet umbrellas' })
    expect(await program.ask('emma', 'studies.list')).toMatchObject({ ok: true })
  })

  it('changes a name and roles: the person signs in again, and the trail holds what is so now', async () => {
    const { accountId } = await program.person('fritz', 'reader')
    const change = { accountId, displayName: 'Dr Fritz', roles: ['lead', 'reader'] }
    expect(await program.get('admin', 'accounts.change', change)).toMatchObject({ displayName: 'Dr Fritz' })
    expect(program.events.at(-1)).toMatchObject({ to: 'fritz', name: 'session-ended' })
    expect(await program.get('fritz', 'accounts.signIn', { name: 'fritz', password })).toMatchObject({
      roles: ['lead', 'reader'],
    })
    expect(await program.services.audit.check()).toMatchObject({ broken: null })
    await program.db.updateTable('account').set({ roles: '["administrator"]' }).where('id', '=', accountId).execute()
    expect(await program.services.audit.check()).toMatchObject({ broken: { subject: accountId } })
    await program.db.updateTable('account').set({ roles: '["lead","reader"]' }).where('id', '=', accountId).execute()
  })

  it('opens a closed account again; one administrator always remains', async () => {
    const { accountId } = await program.person('gina', 'administrator')
    const admin = await program.person('admin')
    await program.get('admin', 'accounts.close', { accountId })
    expect(await code('gina', password)).toBe('sign-in-refused')
    expect(await program.get('admin', 'accounts.openAgain', { accountId })).toMatchObject({ state: 'active' })
    expect(await code('gina', password)).toBe('signed in')

    const own = { accountId: admin.accountId, displayName: 'Admin', roles: ['lead'] }
    expect(await program.ask('admin', 'accounts.change', own)).toMatchObject({ error: { code: 'account-own' } })
    expect(await program.ask('admin', 'accounts.close', own)).toMatchObject({ error: { code: 'request-invalid' } })
    // Each of two closes the other at the same moment, at two workstations.
    const { accounts } = program.services
    const gina = { ...admin, accountId }
    await accounts.close(admin, accountId)
    await expect(accounts.close(gina, admin.accountId)).rejects.toMatchObject({ code: 'account-last' })
    expect(await account('admin')).toMatchObject({ state: 'active' })
  })

  it('sees who is held up and who must choose a password; a lead does not', async () => {
    const { accountId } = await program.person('hugo', 'lead')
    await program.get('admin', 'accounts.resetPassword', { accountId })
    const until = new Date(Date.now() + 86_400_000).toISOString()
    await program.db.updateTable('account').set({ locked_until: until }).where('id', '=', accountId).execute()
    const seen = async (by: string) =>
      (await program.get<{ id: string }[]>(by, 'accounts.list')).find(({ id }) => id === accountId)
    expect(await seen('admin')).toMatchObject({ mustChangePassword: true, lockedUntil: until })
    await program.get('fritz', 'accounts.signIn', { name: 'fritz', password })
    expect(await seen('fritz')).toMatchObject({ lockedUntil: null })
  })

  it('gives passwords that nobody guesses', () => {
    const made = new Set(Array.from({ length: 500 }, temporaryPassword))
    expect(made.size).toBe(500)
  })
})
