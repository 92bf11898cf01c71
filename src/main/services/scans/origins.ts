import { createHmac } from 'node:crypto'
import type { VolumeMeta } from '../../imaging/volume.ts'
import type { Row } from '../../store/schema.ts'

/** A digest that says nothing to whoever does not have the study's own key. */
export const keyedDigest = (study: Pick<Row<'study'>, 'pseudonym_key'>, text: string): string =>
  createHmac('sha256', Buffer.from(study.pseudonym_key, 'hex')).update(text).digest('hex')

export const studyDigest = (study: Pick<Row<'study'>, 'pseudonym_key'>, uid: string): string =>
  keyedDigest(study, `dicom study ${uid}`)
export const seriesDigest = (study: Pick<Row<'study'>, 'pseudonym_key'>, uid: string): string =>
  keyedDigest(study, `dicom series ${uid}`)

/**
 * By what a scan's examination is known again in an archive that still has it: digests of its identifiers, not the
 * identifiers, so that the database leads nobody to a patient. null for files that are no DICOM.
 */
export function originOf(study: Row<'study'>, meta: VolumeMeta): Omit<Row<'scan_origin'>, 'scan_id'> | null {
  const { studyInstanceUID, seriesInstanceUID } = meta
  if (!studyInstanceUID || !seriesInstanceUID) return null
  return {
    study_digest: studyDigest(study, studyInstanceUID),
    series_digest: seriesDigest(study, seriesInstanceUID),
  }
}
