import type { Caller } from '../services/context.ts'
import type { ImportOptions } from '../services/scans/index.ts'
import type { CommandIo } from './io.ts'
import { oneOf } from './options.ts'
import { finished, type Headless } from './program.ts'

/** What the options of an import say, with what holds where they say nothing. */
export function importOptions(values: Partial<Record<'purpose' | 'site' | 'side' | 'unnamed', string>>): ImportOptions {
  return {
    purpose: oneOf(values.purpose, '--purpose', ['reading', 'unread']),
    defaults: {
      site: oneOf(values.site, '--site', ['other', 'tibia', 'radius', 'calcaneus']),
      side: oneOf(values.side, '--side', ['unknown', 'left', 'right']),
    },
    unnamed: oneOf(values.unnamed, '--unnamed', ['each', 'folder']),
  }
}

/**
 * Waits for a look at files to end and imports what is new of it; what was refused goes to `io`, with `label` before the reason.
 * A look that fails leaves nothing behind.
 */
export async function takePreview(
  program: Headless,
  caller: Caller,
  look: { previewId: string; jobId: string; ended: Promise<void> },
  options: ImportOptions,
  io: CommandIo,
  label = '',
) {
  const { scans } = program.services
  const { previewId } = look
  try {
    await finished(program, caller, look.jobId, look.ended)
  } catch (error) {
    await scans.discard(caller, previewId).catch(() => undefined)
    throw error
  }
  const { found } = scans.previewResult(caller, previewId)
  for (const { reason } of found.filter(({ status }) => status === 'refused')) io.err(`refused: ${label}${reason}`)
  const accept = found.filter(({ status }) => status === 'new').map(({ index }) => index)
  if (accept.length > 0) {
    const taken = await scans.import(caller, { previewId, accept, ...options })
    await finished(program, caller, taken.jobId, taken.ended)
  } else await scans.discard(caller, previewId)
  const count = (status: string): number => found.filter((row) => row.status === status).length
  return { found: found.length, imported: accept.length, duplicates: count('duplicate'), refused: count('refused') }
}
