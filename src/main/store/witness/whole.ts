import { digestOf } from '../audit.ts'

/** Begins a digest that is of all that rows say; earlier versions made theirs of some columns and said nothing. */
const mark = '2:'

export const isWhole = (digest: string): boolean => digest.startsWith(mark)

type Said = object | readonly object[]

/**
 * Digest of all that rows say, for an audit entry. What is empty is left out, so that a column that comes later leaves the
 * digests of earlier rows as they are.
 * @param parts rows, or lists of rows in a fixed order
 */
export const wholeDigest = (...parts: readonly Said[]): string =>
  mark + digestOf(...parts.map((part) => (Array.isArray(part) ? (part as object[]).map(said) : said(part))))

const said = (row: object): [string, unknown][] =>
  Object.entries(row)
    .filter(([, value]) => value !== null && value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))

/** A row without some of its columns. */
export function without<R extends object, K extends keyof R>(row: R, ...columns: readonly K[]): Omit<R, K> {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !columns.includes(name as K))) as Omit<R, K>
}
