import type { Connection } from '../database.ts'
import type { Row, Tables } from '../schema.ts'

/** A row, or a group of rows, as the trail should attest it. */
export interface Witnessed {
  /** What its audit entries name. */
  subject: string
  digest: string
  /** The digests that earlier versions made of it. */
  earlier?: readonly string[]
  /** Where the entry of this is of an earlier version, one of the row itself may be missing. */
  parent?: string
}

/** A kind of row that audit entries attest, and what to say when it is not as it was. */
export interface Witness {
  name: string
  /** Tables all of whose rows it covers. */
  tables: readonly (keyof Tables)[]
  acts: readonly string[]
  /** The last entry says how it is now; otherwise there is an entry for each row, and rows never change. */
  newest: boolean
  /** Several rows share a subject. */
  many: boolean
  unattested: string
  altered: string
  removed: string
  /** All of them, read in portions. */
  rows(connection: Connection, portion: number): AsyncIterable<Witnessed>
  /** Those of one subject. */
  of(connection: Connection, subject: string): Promise<Witnessed[]>
}

interface Options<T extends keyof Tables> {
  name?: string
  word: string
  acts: readonly string[]
  newest?: boolean
  many?: boolean
  /** Further tables whose rows the digests are of. */
  also?: readonly (keyof Tables)[]
  /** The column that the table is read by, and the one that the entries name. */
  key?: keyof Row<T> & string
  subject?: keyof Row<T> & string
  say(rows: Row<T>[], connection: Connection): Witnessed[] | Promise<Witnessed[]>
}

/** A witness of a table's rows, each by itself or with the rows of other tables that belong to it. */
export function witness<T extends keyof Tables>(table: T, options: Options<T>): Witness {
  const { name = table, word, acts, newest = false, many = false, also = [], say } = options
  const key = options.key ?? 'id'
  const subject = options.subject ?? key
  // Kysely's types do not follow a table's name that is a type parameter.
  const all = (connection: Connection) => connection.selectFrom(table as 'vote').selectAll()
  return {
    ...words(word),
    ...{ name, tables: [table, ...also], acts, newest, many },
    async *rows(connection, portion) {
      for (let last = '', full = true; full;) {
        const rows = (await all(connection)
          .where(key as 'id', '>', last)
          .orderBy(key as 'id')
          .limit(portion)
          .execute()) as unknown as Row<T>[]
        yield* await say(rows, connection)
        last = (rows.at(-1)?.[key as keyof Row<T>] as string | undefined) ?? last
        full = rows.length === portion
      }
    },
    async of(connection, id) {
      const rows = (await all(connection)
        .where(subject as 'id', '=', id)
        .execute()) as unknown as Row<T>[]
      return say(rows, connection)
    },
  }
}

/** One after the other: a transaction has one connection. */
export async function each<R, W>(rows: readonly R[], say: (row: R) => Promise<W>): Promise<W[]> {
  const said: W[] = []
  for (const row of rows) said.push(await say(row))
  return said
}

export const words = (word: string) => ({
  unattested: `${/^[aeiou]/.test(word) ? 'an' : 'a'} ${word} without an entry`,
  altered: `the ${word} was altered`,
  removed: `the ${word} was removed`,
})
