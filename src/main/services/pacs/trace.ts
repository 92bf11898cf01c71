import type { Client } from '../../dicomweb/client.ts'
import { textOf, type Item } from '../../dicomweb/json.ts'
import { instancesOf, metadataOf, searchStudies, seriesOf } from '../../dicomweb/query.ts'
import { ConcordError } from '../../domain/error.ts'
import { patientKeyOf } from '../../imaging/dicom/meta.ts'
import type { Original } from '../../imaging/reports/original.ts'
import type { Row } from '../../store/schema.ts'
import { keyedDigest, seriesDigest, studyDigest } from '../scans/origins.ts'

export interface Traced {
  study_digest: string
  series_digest: string
  /** Day of the scan; null where its file does not say. */
  day: string | null
  /** Keyed digest of the patient at import. */
  source_digest: string
}

const PAGE = 200
const MOST_OF_A_DAY = 20_000

/**
 * Finds the examination of a scan again: the archive is asked for the studies of its day, and the one whose identifier has the
 * scan's keyed digest is it. What the archive then says of patient and study is what a report is filed under, held
 * against the digest of the patient from the import. Nothing of it is kept.
 */
export function createTracer(client: Client, study: Row<'study'>) {
  /** Identifiers of the day's studies by their digests. */
  const days = new Map<string, Promise<Map<string, string>>>()

  async function studiesOf(day: string, signal: AbortSignal): Promise<Map<string, string>> {
    const any = { patientId: '', patientName: '', modality: '', description: '' }
    const found = new Map<string, string>()
    for (let offset = 0; offset < MOST_OF_A_DAY;) {
      const page = await searchStudies(client, { ...any, from: day, to: day }, { offset, limit: PAGE }, signal)
      const before = found.size
      for (const { uid } of page) found.set(studyDigest(study, uid), uid)
      if (found.size === before) break
      offset += page.length
    }
    return found
  }

  /**
   * Errors beside those of the network: `pacs-no-date`, `pacs-not-found-again`, `pacs-patient-changed`, `pacs-incomplete`.
   */
  return async (scan: Traced, signal: AbortSignal): Promise<Original> => {
    if (scan.day === null)
      throw new ConcordError('pacs-no-date', 'The files of this scan say no date, so that it cannot be found again.')
    const known = days.get(scan.day) ?? studiesOf(scan.day, signal)
    days.set(scan.day, known)
    // What failed is asked again for the next scan of the day.
    known.catch(() => days.delete(scan.day!))
    const studyUid = (await known).get(scan.study_digest)
    const list = studyUid === undefined ? [] : await seriesOf(client, studyUid, '', signal)
    const series = list.find(({ uid }) => seriesDigest(study, uid) === scan.series_digest)
    if (studyUid === undefined || !series)
      throw new ConcordError('pacs-not-found-again', 'This PACS does not have the examination of this scan.')
    const instances = await instancesOf(client, studyUid, series.uid, series.instances, signal)
    const said = await metadataOf(client, studyUid, series.uid, instances[0]!.uid, signal)
    const original = originalOf(said, studyUid, series.uid, instances)
    const { id: patientId, name: patientName, issuer } = original.patient
    const key = patientKeyOf({ patientId, patientName, issuer, study: studyUid })
    if (keyedDigest(study, key) !== scan.source_digest)
      throw new ConcordError(
        'pacs-patient-changed',
        'The PACS files this scan under another patient than at its import. Look at it by hand; nothing was sent for it.',
      )
    return original
  }
}

function originalOf(
  said: Item,
  studyUid: string,
  seriesUid: string,
  instances: { uid: string; sopClass: string }[],
): Original {
  const text = (tag: string): string => textOf(said, tag)
  return {
    patient: {
      ...{ name: text('00100010'), id: text('00100020'), issuer: text('00100021') },
      ...{ birthDate: text('00100030'), sex: text('00100040') },
    },
    study: {
      ...{ uid: studyUid, date: text('00080020'), time: text('00080030'), id: text('00200010') },
      ...{ accession: text('00080050'), referring: text('00080090') },
    },
    series: {
      ...{ uid: seriesUid, modality: text('00080060') },
      instances: instances.map(({ uid, sopClass }) => ({ uid, sopClass: sopClass || text('00080016') })),
    },
  }
}
