import type { Compilable, Kysely } from 'kysely'
import type { Tables } from './schema.ts'

/**
 * Work in steps. What it yields is a promise where it waits for the database's answer, and nothing where others may have
 * their turn: so one piece of code reads a file without any waiting, and a server in portions.
 */
export type Steps<T> = Generator<Promise<void> | undefined, T, void>

/** Reads a database that others write: a connection of its own that cannot write, and sees what is committed. */
export interface Reader {
  /** Builds queries; they are run by `read`. */
  readonly build: Kysely<Tables>
  /** Hands over the rows of a query one after another, each as an array in the order of its select. */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller says what the rows are
  read<T extends unknown[]>(query: Compilable, take: (row: T) => void): Steps<void>
  /** Another value after every change that another connection has committed; the same while nothing changed. */
  changes(): Steps<string>
  close(): Promise<void>
}
