import { sql } from 'kysely'
import type { Connection } from '../../store/database.ts'

const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Tables whose rows audit entries are about, by the column that leads to a scan, a label set, a study, an account. */
const ofScan = ['adjudication', 'scan_reference', 'roi_placement', 'report_sent'] as const
const ofLabels = ['training_run', 'training_series'] as const
const ofStudy = ['study_key', 'report_note'] as const

/**
 * What audit entries are about, in the names that people know: a scan's pseudonym with its study, a person, a study, a label
 * set, a model, an archive. An entry holds an identifier alone; what has none of these names is not in the answer.
 */
export async function namesOfSubjects(db: Connection, subjects: Iterable<string>): Promise<Map<string, string>> {
  const ids = [...new Set(subjects)].filter((subject) => isId.test(subject))
  if (ids.length === 0) return new Map()
  const among = sql.join(ids)
  const parts = [
    sql`select id, display_name as name, '' as place from account where id in (${among})`,
    sql`select id, title, '' from study where id in (${among})`,
    sql`select id, name, '' from pacs where id in (${among})`,
    sql`select scan.id, scan.pseudonym, study.title from scan join study on study.id = scan.study_id where scan.id in (${among})`,
    sql`select vote.id, scan.pseudonym, study.title from vote join assignment on assignment.id = vote.assignment_id
      join scan on scan.id = assignment.scan_id join study on study.id = scan.study_id where vote.id in (${among})`,
    ...ofScan.map(
      (table) => sql`select r.id, scan.pseudonym, study.title from ${sql.table(table)} r
        join scan on scan.id = r.scan_id join study on study.id = scan.study_id where r.id in (${among})`,
    ),
    ...(['label_set', 'model'] as const).map(
      (table) => sql`select r.id, r.name, study.title from ${sql.table(table)} r
        join study on study.id = r.study_id where r.id in (${among})`,
    ),
    ...ofLabels.map(
      (table) => sql`select r.id, label_set.name, study.title from ${sql.table(table)} r
        join label_set on label_set.id = r.label_set_id join study on study.id = label_set.study_id
        where r.id in (${among})`,
    ),
    ...ofStudy.map(
      (table) => sql`select r.id, study.title, '' from ${sql.table(table)} r
        join study on study.id = r.study_id where r.id in (${among})`,
    ),
    sql`select r.id, account.display_name, '' from account_key r
      join account on account.id = r.account_id where r.id in (${among})`,
  ]
  const { rows } = await sql<{ id: string; name: string; place: string }>`${sql.join(parts, sql` union all `)}`.execute(
    db,
  )
  return new Map(rows.map(({ id, name, place }) => [id, place === '' ? name : `${name} · ${place}`]))
}
