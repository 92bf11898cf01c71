import { digestOf, voteDigest } from './audit.ts'
import type { Connection } from './database.ts'
import type { Row } from './schema.ts'

/**
 * A kind of row that audit entries attest: how its digest is made, here and nowhere else, and what to say when it is not
 * as it was.
 */
export interface Witness {
  name: string
  acts: readonly string[]
  unattested: string
  altered: string
  removed: string
  /** All rows in the order of their identifiers, read in portions. */
  rows(connection: Connection, portion: number): AsyncIterable<{ id: string; digest: string }>
  exists(connection: Connection, id: string): Promise<boolean>
}

type Table =
  | ('vote' | 'adjudication' | 'scan_reference' | 'label_set' | 'account' | 'model' | 'roi_placement')
  | ('account_key' | 'study_key' | 'reader_key')

export const accountDigest = (row: Row<'account'>): string => digestOf(row.id, row.name, row.roles, row.created_at)

export const modelDigest = (row: Row<'model'>): string => digestOf(row.id, row.run_id, row.sha256)

export const roiDigest = (row: Row<'roi_placement'>): string =>
  digestOf(
    ...[row.id, row.study_id, row.scan_id, row.assignment_id, row.account_id, row.revision],
    ...[row.x, row.y, row.edge_mm, row.rotation, row.spacing, row.spacing_from, row.inverted, row.placed_at],
  )
export const accountKeyDigest = (row: Row<'account_key'>): string =>
  digestOf(row.id, row.account_id, row.public_key, row.signing_key, row.made_at)

export const studyKeyDigest = (row: Row<'study_key'>): string =>
  digestOf(row.id, row.study_id, row.generation, row.public_key, row.made_at)

export const readerKeyDigest = (row: Row<'reader_key'>): string =>
  digestOf(row.id, row.study_key_id, row.account_id, row.box, row.at)

/** The list of causes came later: `other`, which every earlier row has, is left out. */
export const adjudicationDigest = (row: Row<'adjudication'>): string =>
  digestOf(row.id, row.scan_id, row.grade, row.reason, row.at, ...(row.cause === 'other' ? [] : [row.cause]))

export const referenceDigest = (row: Row<'scan_reference'>): string => digestOf(row.id, row.scan_id, row.grade, row.at)

export const labelSetDigest = (set: Row<'label_set'>, labels: Omit<Row<'label'>, 'label_set_id'>[]): string =>
  digestOf(set.id, set.rule, set.digest, labels)

export const witnesses: readonly Witness[] = [
  witness('vote', ['vote.cast', 'vote.withdrawn', 'vote.merged'], 'vote', (row) => voteDigest(row)),
  witness('adjudication', ['scan.adjudicated'], 'adjudication', (row) => adjudicationDigest(row)),
  witness('scan_reference', ['scan.truth-set'], 'known truth', (row) => referenceDigest(row)),
  witness('label_set', ['labels.frozen'], 'label set', async (set, connection) => {
    const labels = await connection
      .selectFrom('label')
      .innerJoin('scan', 'scan.id', 'label.scan_id')
      .select(['label.scan_id', 'label.grade', 'label.distribution', 'label.origin'])
      .where('label.label_set_id', '=', set.id)
      .orderBy('scan.pseudonym')
      .execute()
    return labelSetDigest(set, labels)
  }),
  witness('model', ['model.registered', 'model.imported', 'model.combined'], 'model', (row) => modelDigest(row)),
  witness('roi_placement', ['roi.placed'], 'region of interest', (row) => roiDigest(row)),
  witness('account', ['account.created'], 'account', (row) => accountDigest(row)),
  witness('account_key', ['session.keys-made'], 'key of an account', (row) => accountKeyDigest(row)),
  witness('study_key', ['study.keys-made'], 'key of a study', (row) => studyKeyDigest(row)),
  witness('reader_key', ['vote.key-made'], "key of a reader's votes", (row) => readerKeyDigest(row)),
]

function witness<T extends Table>(
  table: T,
  acts: readonly string[],
  word: string,
  digestFor: (row: Row<T>, connection: Connection) => string | Promise<string>,
): Witness {
  return {
    name: table,
    acts,
    unattested: `${/^[aeiou]/.test(word) ? 'an' : 'a'} ${word} without an entry`,
    altered: `the ${word} was altered`,
    removed: `the ${word} was removed`,
    async *rows(connection, portion) {
      for (let last = '', full = true; full;) {
        const rows = (await connection
          // Kysely's types do not follow a table's name that is a type parameter.
          .selectFrom(table as 'vote')
          .selectAll()
          .where('id', '>', last)
          .orderBy('id')
          .limit(portion)
          .execute()) as unknown as (Row<T> & { id: string })[]
        for (const row of rows) yield { id: row.id, digest: await digestFor(row, connection) }
        last = rows.at(-1)?.id ?? last
        full = rows.length === portion
      }
    },
    async exists(connection, id) {
      const row = await connection
        .selectFrom(table as 'vote')
        .select('id')
        .where('id', '=', id)
        .executeTakeFirst()
      return row !== undefined
    },
  }
}
