import type { Kysely } from 'kysely'

/** For the lead's pages at 100,000 scans: the votes of some scans, and how many scans there are of each purpose. */
export async function up(db: Kysely<never>): Promise<void> {
  await db.schema
    .createIndex('assignment_scan')
    .on('assignment')
    .columns(['study_id', 'scan_id'] as never)
    .execute()
  await db.schema
    .createIndex('scan_purpose')
    .on('scan')
    .columns(['study_id', 'purpose'] as never)
    .execute()
}
