import { v7 } from 'uuid'
import type { Connection } from './database.ts'

/** A new identifier: UUIDv7 sorts by the time it was made. */
export const newId = (): string => v7()

/** Now, as the database keeps it: UTC, ISO 8601, milliseconds. */
export const now = (): string => new Date().toISOString()

/**
 * An identifier that sorts after all of the table's rows, inside the transaction that adds the row: transactions stand in
 * line, so that the order of the identifiers is the order of the commits, however the clocks of the workstations differ.
 */
export async function nextId(
  connection: Connection,
  table: 'vote' | 'adjudication' | 'account_key' | 'reader_key',
): Promise<string> {
  const { newest } = await connection
    .selectFrom(table)
    .select(({ fn }) => fn.max('id').as('newest'))
    .executeTakeFirstOrThrow()
  return v7({ msecs: Math.max(Date.now(), newest === null ? 0 : timeOf(newest) + 1) })
}

/** A UUIDv7's first 48 bits are milliseconds since 1970 (RFC 9562, 5.7). */
const timeOf = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)
