import { resolve } from 'node:path'
import { ConcordError } from '../domain/error.ts'
import type { Caller } from '../services/context.ts'
import { type dataOptions, type OptionValues, unknownStep } from './arguments.ts'
import { about, type CommandIo } from './io.ts'
import { accountsNamed, studyNamed } from './named.ts'
import { type Headless, withProgram } from './program.ts'

type Values = OptionValues<typeof dataOptions> & Partial<Record<'reader' | 'signer', string | undefined>>

export const packetUsage = [
  'study packet make STUDY --reader NAME OUT.concord-study   (what this reader needs to read offline)',
  'study packet open FILE.concord-study [--signer FINGERPRINT]   (there; without --as where nobody but readers has an account)',
  'study packet votes STUDY --reader NAME OUT.concord-votes   (there; the reader’s own votes, with the reader’s password)',
  'study packet merge FILE.concord-votes   (at home)',
]

const leads: Caller['roles'] = ['lead', 'administrator']

/** `concord study packet ACT …`: the reply is one JSON object; exit 2 where the packet is refused, and nothing was changed. */
export async function packetCommand(rest: string[], values: Values, io: CommandIo): Promise<number> {
  const [act, ...given] = rest
  if (act !== 'make' && act !== 'open' && act !== 'votes' && act !== 'merge') throw unknownStep('study packet', act)
  const takes = act === 'make' || act === 'votes' ? 2 : 1
  if (given.length !== takes || (takes === 2 && values.reader === undefined))
    throw new ConcordError(
      'usage',
      `It is called so: ${packetUsage.find((line) => line.startsWith(`study packet ${act}`))!}`,
    )
  const file = given.at(-1)!
  const path = resolve(file)
  const work = async (program: Headless): Promise<number> => {
    const { packets } = program.services
    const reply = await (async () => {
      if (act === 'open') {
        const caller = values.as === undefined ? null : await program.caller(leads)
        return packets.open(caller, { path, signer: values.signer }).catch(about(file))
      }
      // Votes are signed by who cast them: --reader says who signs in.
      const caller =
        act === 'votes' ? await program.caller(['reader'], values.as ?? values.reader) : await program.caller(leads)
      if (act === 'merge') return packets.merge(caller, { path }).catch(about(file))
      const studyId = (await studyNamed(program, caller, given[0])).id
      const name = values.reader!.toLowerCase()
      if (act === 'votes') {
        if (caller.name === name) return packets.votes(caller, { studyId, path })
        throw new ConcordError('not-allowed', 'Votes are taken along by the reader who cast them.')
      }
      const [readerId = ''] = await accountsNamed(program, [name])
      return packets.make(caller, { studyId, readerId, path })
    })()
    io.out(JSON.stringify(reply))
    return 0
  }
  return withProgram(io, values, work, { begins: act === 'open' })
}
