import { createHash } from 'node:crypto'
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

/** `digestOf(...first, rows)` of rows that come some at a time: a hundred thousand are not made one text. */
export function listDigester<R extends object>(first: readonly unknown[], said: (row: R) => unknown) {
  const hash = createHash('sha256').update(`${JSON.stringify(first).slice(0, -1)},[`)
  let empty = true
  return {
    add(rows: readonly R[]): void {
      if (rows.length === 0) return
      hash.update(`${empty ? '' : ','}${JSON.stringify(rows.map(said)).slice(1, -1)}`)
      empty = false
    },
    digest: (): string => hash.update(']]').digest('hex'),
  }
}

/** `wholeDigest` of a row and a list of rows that come some at a time. */
export function wholeDigester(first: object) {
  const { add, digest } = listDigester<object>([said(first)], said)
  return { add, digest: (): string => mark + digest() }
}

const said = (row: object): [string, unknown][] =>
  Object.entries(row)
    .filter(([, value]) => value !== null && value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))

/** A row without some of its columns. */
export function without<R extends object, K extends keyof R>(row: R, ...columns: readonly K[]): Omit<R, K> {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !columns.includes(name as K))) as Omit<R, K>
}
