import { resolve } from 'node:path'
import { ConcordError } from '../domain/error.ts'
import type { CommandIo } from './io.ts'
import { accountsNamed, studyNamed } from './named.ts'
import { requireRole, withProgram } from './program.ts'

interface Values {
  data?: string | undefined
  as?: string | undefined
  reader?: string | undefined
  signer?: string | undefined
  'password-file'?: string | undefined
}

export const packetUsage = [
  'study packet make STUDY --reader NAME OUT.concord-study   (what this reader needs to read offline)',
  'study packet open FILE.concord-study [--signer FINGERPRINT]   (there; without --as where nobody but readers has an account)',
  'study packet votes STUDY --reader NAME OUT.concord-votes   (there; the reader’s own votes, with the reader’s password)',
  'study packet merge FILE.concord-votes   (at home)',
]

/** `concord study packet ACT …`: the reply is one JSON object; exit 2 where the packet is refused, and nothing was changed. */
export async function packetCommand(rest: string[], values: Values, io: CommandIo): Promise<number> {
  const [act, ...given] = rest
  if (act !== 'make' && act !== 'open' && act !== 'votes' && act !== 'merge')
    throw new ConcordError('usage', packetUsage.join('\n'))
  const takes = act === 'make' || act === 'votes' ? 2 : 1
  if (given.length !== takes || (takes === 2 && values.reader === undefined))
    throw new ConcordError(
      'usage',
      packetUsage.find((line) => line.startsWith(`study packet ${act}`))!,
    )
  const path = resolve(given.at(-1)!)
  return withProgram(io, values.data, async (program) => {
    const { packets } = program.services
    const signIn = (name: string | undefined) => program.caller(name, values['password-file'])
    const reply = await (async () => {
      if (act === 'open') {
        const caller = values.as === undefined ? null : await signIn(values.as)
        if (caller) requireRole(caller, 'lead', 'administrator')
        return packets.open(caller, { path, signer: values.signer })
      }
      // Votes are signed by who cast them: --reader says who signs in.
      const caller = await signIn(act === 'votes' ? (values.as ?? values.reader) : values.as)
      if (act === 'merge') {
        requireRole(caller, 'lead', 'administrator')
        return packets.merge(caller, { path })
      }
      const studyId = (await studyNamed(program, caller, given[0])).id
      const name = values.reader!.toLowerCase()
      if (act === 'votes') {
        requireRole(caller, 'reader')
        if (caller.name === name) return packets.votes(caller, { studyId, path })
        throw new ConcordError('not-allowed', 'Votes are taken along by the reader who cast them.')
      }
      requireRole(caller, 'lead', 'administrator')
      const [readerId = ''] = await accountsNamed(program, [name])
      return packets.make(caller, { studyId, readerId, path })
    })()
    io.out(JSON.stringify(reply))
    return 0
  })
}
