import { parse, unknownStep } from './arguments.ts'
import { backupCommand, backupsCommand, backupUsage, restoreCommand } from './backup.ts'
import type { CommandIo } from './io.ts'
import { studyNamed } from './named.ts'
import { packetCommand, packetUsage } from './packet.ts'
import { withProgram } from './program.ts'
import { options, type Verb } from './study/call.ts'
import { evidenceVerbs } from './study/evidence.ts'
import { keyVerbs } from './study/keys.ts'
import { makingVerbs } from './study/making.ts'
import { readingVerbs } from './study/reading.ts'
import { settlingVerbs } from './study/settling.ts'

/** One row a step of the window's main job. */
const verbs: Record<string, Verb> = { ...makingVerbs, ...readingVerbs, ...keyVerbs, ...settlingVerbs, ...evidenceVerbs }

export const usage = [
  ...Object.entries(verbs).map(([key, { usage }]) => `study ${key} ${usage}`),
  ...backupUsage,
  ...packetUsage,
  'Each with --as NAME [--data DIR]; the password is in CONCORD_PASSWORD or in the first line of --password-file FILE.',
].join('\n')

/** `concord study VERB …`: exit 0 done, 2 bad input, 1 where `verify` finds a break. */
export async function studyCommand(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parse(args, options)
  const [name, ...rest] = positionals
  if (name === 'backup') return backupCommand(values, io)
  if (name === 'backups') return backupsCommand(values, io)
  if (name === 'restore') return restoreCommand(rest[0], values, io)
  if (name === 'packet') return packetCommand(rest, values, io)
  const verb = name !== undefined && Object.hasOwn(verbs, name) ? verbs[name] : undefined
  if (!verb) throw unknownStep('study', name)
  return withProgram(io, values, async (program) => {
    const caller = await program.caller(verb.roles)
    const reply = await verb.run({
      ...{ program, caller, values, rest, io },
      studyId: async () => (await studyNamed(program, caller, rest[0])).id,
    })
    io.out(JSON.stringify(reply))
    return name === 'verify' && (reply as { broken: unknown }).broken !== null ? 1 : 0
  })
}
