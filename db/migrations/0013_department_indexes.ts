import type { Kysely } from 'kysely'

/** For the desk at 100,000 scans: the other scans of a patient, and how far a reader's own queue is. */
export async function up(db: Kysely<never>): Promise<void> {
  await db.schema
    .createIndex('scan_patient')
    .on('scan')
    .column('patient_id' as never)
    .execute()
  await db.schema
    .createIndex('assignment_counts')
    .on('assignment')
    .columns(['study_id', 'account_id', 'follows', 'kind', 'voted'] as never)
    .execute()
}
