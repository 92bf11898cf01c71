import { ConcordError } from '../../domain/error.ts'
import { isAttested } from '../../store/attested.ts'
import type { Connection } from '../../store/database.ts'
import type { Row } from '../../store/schema.ts'
import { earlier, studyKeyDigest, studyMadeDigest } from '../../store/witness/digests.ts'
import { fitting, type StudyKey } from './study-keys.ts'

export const studyKeyChanged = (): ConcordError =>
  new ConcordError(
    'study-key-changed',
    'The key that this vote would be sealed with is not the one that the audit trail knows: another program changed the database. Nothing was cast. Tell the lead and the administrator: verify the audit trail, then restore a backup.',
  )

/**
 * Before anything is shut to a study's newest pair: it is the one that the program made, and the reading goes on with it. A pair
 * put beside it is found by the earlier one, which only the seal opens. Error: `study-key-changed`.
 */
export async function requireUnchanged(connection: Connection, keys: readonly StudyKey[]): Promise<void> {
  const key = keys.at(-1)
  const ended = keys.slice(0, -1).every((one) => one.opened && fitting(one, Buffer.from(one.opened, 'base64')))
  if (key?.opened === null && key.generation === keys.length && ended)
    if (await isAttested(connection, 'study.keys-made', key.id, studyKeyDigest(key))) return
  throw studyKeyChanged()
}

/**
 * Before a vote is written in the clear: the study was made like that, and the trail says so. Where another program took away
 * that its votes are encrypted, or the study is none that the program made, nothing is written. Error: `study-altered`.
 */
export async function requireMadeClear(connection: Connection, study: Row<'study'>): Promise<void> {
  const digests = [studyMadeDigest(study), ...earlier.study(study)]
  if (study.votes_encrypted === 0 && (await isAttested(connection, 'study.created', study.id, ...digests))) return
  throw new ConcordError(
    'study-altered',
    'This study is not the one that the audit trail knows: whether its votes are encrypted was changed by another program. Nothing was saved. Tell the lead and the administrator: verify the audit trail, then restore a backup.',
  )
}
