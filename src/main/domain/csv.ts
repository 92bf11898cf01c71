import { parse, type CsvError } from 'csv-parse'
import { stringify } from 'csv-stringify/sync'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Ratings } from './agreement/ratings.ts'
import { RatingsBuilder } from './agreement/ratings-builder.ts'
import { delimiterOf, textOf } from './csv-text.ts'
import { ConcordError } from './error.ts'

/** Pieces of a file, as a read stream gives them, or one string. */
export type CsvSource = AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string> | string

const COLUMNS = ['subject', 'rater', 'grade'] as const
const NUMBER = /^[+-]?\d+(\.\d+)?$/
/** A record longer than this is an unclosed quote, or no CSV at all. */
const MAX_RECORD = 1 << 20

/**
 * Reads votes: columns `subject,rater,grade` in any order, others ignored but `patient`, which groups subjects. Comma,
 * semicolon or tab; quotes; CRLF; a byte-order mark; UTF-8 or UTF-16. An empty grade or NA is a missing vote. The file is
 * read piece by piece: ten million rows need some 13 bytes each and the names once.
 *
 * Throws ConcordError naming the row (the header is row 1): `csv-empty` (nothing, or a header alone), `csv-missing-column`,
 * `csv-duplicate-column`, `csv-row-length`, `csv-missing-value`, `csv-unknown-grade`, `csv-duplicate-vote`,
 * `csv-two-patients`, `csv-malformed`, `csv-encoding`, `csv-too-large` (16 million different names, the most that are told apart).
 */
export async function readVotes(source: CsvSource, categories: Iterable<number>): Promise<Ratings> {
  const builder = new RatingsBuilder(categories)
  const pieces = textOf(typeof source === 'string' ? [source] : source)
  const { delimiter, text } = await delimiterOf(pieces)
  if (delimiter === null) throw new ConcordError('csv-empty', 'The file is empty; it needs a header and rows of votes.')
  let header: string[] | null = null
  let place: VoteColumns | null = null
  const grades = new Map<string, number | null>()
  const parser = parse({
    delimiter,
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
    max_record_size: MAX_RECORD,
    on_record: (record: string[], { lines }: { lines: number }) => {
      if (header === null || place === null) {
        header = record
        place = columnsOf(record)
        return null
      }
      addRow(builder, grades, header.length, place, record, lines)
      return null // nothing is passed on: the votes are in the builder
    },
  })
  parser.resume()
  try {
    await pipeline(Readable.from(text), parser)
    if (builder.size === 0)
      throw new ConcordError('csv-empty', 'The file has a header and no row; it needs at least one vote.')
    return builder.finish()
  } catch (error) {
    throw asVoteError(error, builder.size)
  }
}

type VoteColumns = { subject: number; rater: number; grade: number; patient: number }

function columnsOf(header: string[]): VoteColumns {
  const names = header.map((name) => name.trim().toLowerCase())
  for (const name of [...COLUMNS, 'patient']) {
    if (names.indexOf(name) !== names.lastIndexOf(name))
      throw new ConcordError('csv-duplicate-column', `Row 1: column "${name}" is there twice; keep one.`, name)
  }
  const missing = COLUMNS.filter((name) => !names.includes(name))
  if (missing.length > 0)
    throw new ConcordError(
      'csv-missing-column',
      `Row 1: column ${missing.map((name) => `"${name}"`).join(' and ')} is missing; the header must be subject,rater,grade.`,
      missing[0],
    )
  const at = (name: string) => names.indexOf(name)
  return { subject: at('subject'), rater: at('rater'), grade: at('grade'), patient: at('patient') }
}

function addRow(
  builder: RatingsBuilder,
  grades: Map<string, number | null>,
  width: number,
  place: VoteColumns,
  record: string[],
  row: number,
): void {
  if (record.length < width || record.slice(width).some((cell) => cell !== ''))
    throw new ConcordError(
      'csv-row-length',
      `Row ${row} has ${record.length} fields, the header has ${width}; quote a name that contains the separator.`,
    )
  const subject = record[place.subject]!
  const rater = record[place.rater]!
  if (subject === '' || rater === '')
    throw new ConcordError('csv-missing-value', `Row ${row}: the ${subject === '' ? 'subject' : 'rater'} is empty.`)
  const cell = record[place.grade]!
  let grade = grades.get(cell)
  if (grade === undefined) {
    grade = cell === '' || cell === 'NA' ? null : NUMBER.test(cell) ? Number(cell) : Number.NaN
    if (grade !== null && !builder.knows(grade))
      throw new ConcordError(
        'csv-unknown-grade',
        `Row ${row}: grade "${cell.slice(0, 40)}" is not on the scale; correct it, or leave it empty if there is no vote.`,
        'grade',
      )
    grades.set(cell, grade)
  }
  const patient = place.patient < 0 ? null : record[place.patient]! || null
  builder.add({ subject, rater, grade, patient }, row)
}

/** Errors of the parser and of the votes under this reader's codes. */
function asVoteError(error: unknown, rows: number): unknown {
  if (error instanceof RangeError)
    return new ConcordError(
      'csv-too-large',
      `Row ${rows + 2}: the file has more different scans than can be told apart; split it by site or patient.`,
    )
  if (error instanceof ConcordError) {
    const own = error.code === 'duplicate-vote' || error.code === 'two-patients'
    return own ? new ConcordError(`csv-${error.code}`, error.message, error.field) : error
  }
  const code = (error as CsvError | undefined)?.code
  if (typeof code !== 'string' || !code.startsWith('CSV_')) return error
  const row = Number((error as { lines?: unknown }).lines)
  const where = Number.isFinite(row) ? `Row ${row}: ` : ''
  return new ConcordError(
    'csv-malformed',
    `${where}this is not valid CSV (a quote is not closed or misplaced); correct it.`,
  )
}

/**
 * CSV text with a header, comma-separated, LF. Null and undefined are empty cells. A text that a spreadsheet would run as
 * a formula (it starts with = + - @) gets an apostrophe in front; numbers stay as they are.
 */
export function csvText(
  columns: readonly string[],
  rows: Iterable<readonly (string | number | boolean | null)[]>,
  header = true,
): string {
  return stringify([...rows] as unknown[][], {
    header,
    columns: [...columns],
    escape_formulas: true,
    cast: { boolean: (value) => String(value) },
  })
}
