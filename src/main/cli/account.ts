import { accounts } from '../../preload/contract/accounts.ts'
import { ConcordError } from '../domain/error.ts'
import { dataOptions, parse, text } from './arguments.ts'
import { requireRole, withProgram } from './program.ts'
import type { CommandIo } from './io.ts'

const usage =
  'account create NAME --display-name TEXT --roles reader,lead [--as ADMIN] | account list --as NAME   (passwords: CONCORD_PASSWORD for yourself, CONCORD_NEW_PASSWORD for the new account)'

/** `concord account`: the first account made is the administrator; later ones are made by an administrator. */
export async function accountCommand(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parse(args, {
    ...dataOptions,
    'display-name': text,
    roles: text,
  })
  const [verb, name] = positionals
  if (verb !== 'create' && verb !== 'list') throw new ConcordError('usage', `Usage: ${usage}`)
  return withProgram(io, values.data, async ({ services, caller }) => {
    if (verb === 'list') {
      const who = await caller(values.as)
      requireRole(who, 'administrator', 'lead')
      for (const account of await services.accounts.list(who)) io.out(JSON.stringify(account))
      return 0
    }
    const first = await services.accounts.needsAdministrator()
    const wanted = accounts.create.request.safeParse({
      name,
      displayName: values['display-name'] ?? name,
      password: (first ? process.env.CONCORD_PASSWORD : process.env.CONCORD_NEW_PASSWORD) ?? '',
      roles: values.roles?.split(',') ?? (first ? ['administrator'] : []),
    })
    if (!wanted.success) {
      const issue = wanted.error.issues[0]!
      throw new ConcordError('bad-option', `${issue.path.join('.')}: ${issue.message}`)
    }
    const { password } = wanted.data
    if (first && password !== null)
      io.out(JSON.stringify(await services.accounts.createAdministrator({ ...wanted.data, password })))
    else {
      const who = await caller(values.as)
      requireRole(who, 'administrator')
      io.out(JSON.stringify(await services.accounts.create(who, wanted.data)))
    }
    return 0
  })
}
