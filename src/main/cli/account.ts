import { accounts } from '../../preload/contract/accounts.ts'
import { dataOptions, parse, text, unknownStep } from './arguments.ts'
import { checked } from './options.ts'
import { type Headless, withProgram } from './program.ts'
import type { CommandIo } from './io.ts'

export const usage = [
  'account create NAME [--display-name TEXT] --roles reader,lead [--as ADMIN]   (the first account is the administrator)',
  'account list --as NAME',
  'Each with [--data DIR]; your own password is in CONCORD_PASSWORD, that of a new account in CONCORD_NEW_PASSWORD.',
].join('\n')

/** `concord account`: the first account made is the administrator; later ones are made by an administrator. */
export async function accountCommand(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parse(args, {
    ...dataOptions,
    'display-name': text,
    roles: text,
  })
  const [verb, name] = positionals
  if (verb !== 'create' && verb !== 'list') throw unknownStep('account', verb)
  const work = async ({ services, caller }: Headless): Promise<number> => {
    if (verb === 'list') {
      const who = await caller(['administrator', 'lead'])
      for (const account of await services.accounts.list(who)) io.out(JSON.stringify(account))
      return 0
    }
    const first = await services.accounts.needsAdministrator()
    const newPassword = first ? 'CONCORD_PASSWORD' : 'CONCORD_NEW_PASSWORD'
    const wanted = checked(
      accounts.create.request,
      {
        name,
        displayName: values['display-name'] ?? name,
        password: process.env[newPassword] ?? '',
        roles: values.roles?.split(',') ?? (first ? ['administrator'] : undefined),
      },
      { name: 'The sign-in name', password: newPassword },
    )
    const { password } = wanted
    if (first && password !== null)
      io.out(JSON.stringify(await services.accounts.createAdministrator({ ...wanted, password })))
    else io.out(JSON.stringify(await services.accounts.create(await caller(['administrator']), wanted)))
    return 0
  }
  return withProgram(io, values, work, { begins: verb === 'create' })
}
