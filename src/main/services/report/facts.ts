import type { Connection } from '../../store/database.ts'
import type { Row } from '../../store/schema.ts'
import { casesOf, designOf } from '../design-of.ts'
import { latestAdjudications } from '../votes/disputes.ts'
import type { ReportContent, StudyFacts } from './content.ts'
import { noteItems, type Notes } from './notes.ts'

/** What a report says of a study beside the figures of its votes. */
export async function factsOf(
  connection: Connection,
  study: Row<'study'>,
  bootstrap: Pick<StudyFacts, 'resamples' | 'seed'>,
): Promise<StudyFacts> {
  const scans = await connection
    .selectFrom('scan')
    .select(({ fn }) => ['site', fn.countAll<number>().as('scans')])
    .select(({ fn }) => fn.count<number>('patient_id').distinct().as('patients'))
    .where('study_id', '=', study.id)
    .where('purpose', '=', 'reading')
    .groupBy('site')
    .orderBy('site')
    .execute()
  const { patients } = await connection
    .selectFrom('scan')
    .select(({ fn }) => fn.count<number>('patient_id').distinct().as('patients'))
    .where('study_id', '=', study.id)
    .where('purpose', '=', 'reading')
    .executeTakeFirstOrThrow()
  const sealed = await connection
    .selectFrom('audit')
    .select(({ fn }) => fn.max('at').as('at'))
    .where('act', '=', 'study.sealed')
    .where('subject', '=', study.id)
    .executeTakeFirst()
  const cases = await casesOf(connection, study.id)
  const used = (wanted: string): number => cases.filter(({ use }) => use === wanted).length
  return {
    design: designOf(study),
    cases: { hidden: used('hidden'), calibration: used('calibration') },
    sites: scans.map((row) => ({ site: row.site, scans: Number(row.scans), patients: Number(row.patients) })),
    patients: Number(patients),
    sealedAt: sealed?.at ?? null,
    unblindedAt: study.unblinded_at,
    ...bootstrap,
  }
}

/** How often each reason stands behind a settled scan, the commonest first. */
export async function settledOf(connection: Connection, studyId: string): Promise<ReportContent['settled']> {
  const counts = new Map<ReportContent['settled'][number]['cause'], number>()
  for (const { cause } of (await latestAdjudications(connection, studyId)).values())
    counts.set(cause, (counts.get(cause) ?? 0) + 1)
  return [...counts].map(([cause, count]) => ({ cause, count })).sort((a, b) => b.count - a.count)
}

/** The newest note of each item; an empty one takes the earlier back. */
export async function notesOf(connection: Connection, studyId: string): Promise<Notes> {
  const rows = await connection
    .selectFrom('report_note')
    .select(['item', 'text'])
    .where('study_id', '=', studyId)
    .orderBy('id')
    .execute()
  const newest = new Map(rows.map(({ item, text }) => [item, text]))
  const kept = [...newest].filter(([item, text]) => item in noteItems && text !== '')
  return Object.fromEntries(kept)
}
