import { ConcordError } from '../../domain/error.ts'
import type { Connection } from '../../store/database.ts'

/**
 * A packet adds to a study that came by packets of the same key, never to one that is kept here itself. Errors:
 * `packet-title-taken`, `packet-study-here`, `packet-other-signer`.
 */
export async function requireSource(
  connection: Connection,
  study: { id: string; title: string },
  signingKey: string,
): Promise<void> {
  const here = await connection.selectFrom('study').select('id').where('id', '=', study.id).executeTakeFirst()
  if (!here) {
    const same = await connection.selectFrom('study').select('id').where('title', '=', study.title).executeTakeFirst()
    if (!same) return
    throw new ConcordError(
      'packet-title-taken',
      `Another study here is called "${study.title}". Rename one of them; nothing was changed.`,
    )
  }
  const opened = await connection
    .selectFrom('packet')
    .select('signing_key')
    .where('study_id', '=', study.id)
    .where('act', '=', 'opened')
    .execute()
  if (opened.length === 0)
    throw new ConcordError(
      'packet-study-here',
      'This study is kept at this workstation itself. Open the packet where it is to be read; nothing was changed.',
    )
  if (!opened.some((one) => one.signing_key === signingKey))
    throw new ConcordError(
      'packet-other-signer',
      'The study here came with a packet that somebody else signed. Nothing was changed: ask the lead who made this one.',
    )
}
