import type { Connection } from '../../store/database.ts'
import type { Row } from '../../store/schema.ts'
import { exchangePublicOf } from '../../store/sealed/pairs.ts'

/** `opened`: the private half, where the reading was sealed. */
export type StudyKey = Row<'study_key'> & { opened: string | null }

export const sharePurpose = (studyKeyId: string, accountKeyId: string): string =>
  `study key ${studyKeyId} to ${accountKeyId}`

export const recoveryPurpose = (studyKeyId: string): string => `study key ${studyKeyId} to recovery`

export const seedPurpose = (studyKeyId: string): string => `recovery of study key ${studyKeyId}`

/** All pairs of a study, the newest last; none where its votes are not encrypted. */
export const keysOfStudy = (connection: Connection, studyId: string): Promise<StudyKey[]> =>
  connection
    .selectFrom('study_key')
    .leftJoin('study_key_opened', 'study_key_opened.study_key_id', 'study_key.id')
    .selectAll('study_key')
    .select('study_key_opened.private_key as opened')
    .where('study_id', '=', studyId)
    .orderBy('generation')
    .execute()

/** A half that does not belong to the public one beside it was put there by another program. */
export function fitting(key: StudyKey, half: Buffer): Buffer | null {
  return half.length === 32 && exchangePublicOf(half) === key.public_key ? half : null
}
