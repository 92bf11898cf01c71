import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allRoutes } from '../../../src/preload/contract/index.ts'
import type { Role } from '../../../src/preload/contract/route.ts'
import { password, startProgram, type Program } from '../../fixtures/program.ts'

let program: Program
const roles: Role[] = ['administrator', 'lead', 'reader', 'trainer']
beforeAll(async () => {
  program = await startProgram()
  await program.person('admin')
  for (const role of roles) await program.person(role, role)
})
afterAll(() => program.close())

/** Routes that take no argument and for which any value is work: the same again for each. */
const dear = new Set(['backups.make'])

/** Routes that act without arguments and would end what the walk needs. */
const ending = new Set(['accounts.signOut', 'accounts.lock'])

describe('every route of the contract', () => {
  for (const { channel, route } of allRoutes()) {
    it(`${channel} refuses whoever may not call it`, async () => {
      const nobody = await program.ask('empty desk', channel, null)
      if (route.access === 'anyone') expect(nobody).toMatchObject({ error: { code: 'request-invalid' } })
      else expect(nobody).toMatchObject({ ok: false, error: { code: 'not-signed-in' } })
      for (const role of roles) {
        const allowed = typeof route.access === 'string' || route.access.includes(role)
        const outcome = await program.ask(role, channel, null)
        expect(outcome).toMatchObject({ ok: false, error: { code: allowed ? 'request-invalid' : 'not-allowed' } })
      }
    })

    if (!ending.has(channel))
      it(`${channel} answers any argument with a value or an error value`, async () => {
        const who = typeof route.access === 'string' ? 'reader' : route.access[0]!
        await fc.assert(
          fc.asyncProperty(fc.anything({ withBigInt: true, withDate: true, withMap: true }), async (payload) => {
            const outcome = await program.ask(who, channel, payload)
            expect(typeof outcome.ok).toBe('boolean')
            if (!outcome.ok) expect(outcome.error.message.length).toBeGreaterThan(0)
          }),
          { numRuns: dear.has(channel) ? 8 : 40 },
        )
      })
  }

  it('is refused at a locked window, but for leaving and unlocking', async () => {
    await program.get('administrator', 'accounts.lock')
    for (const { channel, route } of allRoutes()) {
      if (route.access === 'anyone') continue
      const outcome = await program.ask('administrator', channel, null)
      const open = ['accounts.signOut', 'accounts.unlock'].includes(channel)
      expect([channel, outcome]).toMatchObject([channel, { error: { code: open ? 'request-invalid' : 'locked' } }])
    }
    expect(await program.ask('administrator', 'accounts.unlock', { password: 'not the password' })).toMatchObject({
      error: { code: 'sign-in-refused' },
    })
    expect(await program.ask('administrator', 'accounts.list')).toMatchObject({ error: { code: 'locked' } })
    await program.get('administrator', 'accounts.unlock', { password })
    expect(await program.ask('administrator', 'accounts.list')).toMatchObject({ ok: true })
  })

  it('is refused to somebody with a reset password until an own one is chosen', async () => {
    const { accountId } = await program.person('forgetful', ...roles)
    const { password: told } = await program.get<{ password: string }>('administrator', 'accounts.resetPassword', {
      accountId,
    })
    expect(await program.ask('forgetful', 'studies.list')).toMatchObject({ error: { code: 'not-signed-in' } })
    await program.get('forgetful', 'accounts.signIn', { name: 'forgetful', password: told })
    for (const { channel, route } of allRoutes()) {
      if (route.access === 'anyone') continue
      const outcome = await program.ask('forgetful', channel, null)
      const open = ['accounts.signOut', 'accounts.lock', 'accounts.unlock', 'accounts.changePassword']
      const code = open.includes(channel) ? 'request-invalid' : 'password-must-change'
      expect([channel, outcome]).toMatchObject([channel, { error: { code } }])
    }
    await program.get('forgetful', 'accounts.changePassword', { current: told, next: 'my own long password' })
    expect(await program.ask('forgetful', 'studies.list')).toMatchObject({ ok: true })
  })

  it('answers identifiers that do not exist with an error value that is not "unexpected"', async () => {
    const none = '019aa000-0000-7000-8000-000000000000'
    const fields = ['studyId', 'runId', 'modelId', 'labelSetId', 'jobId', 'previewId', 'accountId']
    for (const { channel, route } of allRoutes()) {
      if (ending.has(channel)) continue
      for (const field of fields) {
        const outcome = await program.ask(typeof route.access === 'string' ? 'reader' : route.access[0]!, channel, {
          [field]: none,
        })
        if (!outcome.ok) expect([channel, outcome.error.code]).not.toEqual([channel, 'unexpected'])
      }
    }
    expect(program.log).toEqual([])
  })

  it('refuses a channel that is not in the contract', async () => {
    expect(await program.ask('lead', 'votes.all')).toMatchObject({ error: { code: 'route-unknown' } })
  })
})
