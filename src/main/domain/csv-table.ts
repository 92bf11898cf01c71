import { csvText } from './csv.ts'

export type Cell = string | number | null

/** A column of an exported table: what it is called, what it means (for the README), and how a row has it. */
export interface Column<Row> {
  name: string
  meaning: string
  of(row: Row): Cell
}

/** A table as it is written: the header, then the rows. */
export function tableOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): Cell[][] {
  return [columns.map((column) => column.name), ...rows.map((row) => columns.map((column) => column.of(row)))]
}

/** The same as CSV, portion by portion; `rows` once they are written. */
export function csvOf<Row>(columns: readonly Column<Row>[], parts: AsyncIterable<readonly Row[]>) {
  const names = columns.map((column) => column.name)
  let rows = 0
  async function* text(): AsyncGenerator<string> {
    yield csvText(names, [])
    for await (const part of parts) {
      rows += part.length
      if (part.length > 0) yield csvText(names, tableOf(columns, part).slice(1), false)
    }
  }
  return { text, rows: () => rows }
}
