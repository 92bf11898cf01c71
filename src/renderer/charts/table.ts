/** The table behind a chart: what is drawn, as text that can be read aloud and copied. */
export interface ChartTable {
  columns: readonly string[]
  rows: readonly (readonly (string | number | null)[])[]
}

/** As CSV (RFC 4180): comma, dot as decimal mark, an empty field for what is not known. */
export function toCsv(table: ChartTable): string {
  const field = (value: string | number | null): string => {
    if (value === null) return ''
    const text = String(value)
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  return [table.columns, ...table.rows].map((row) => row.map(field).join(',')).join('\r\n') + '\r\n'
}
