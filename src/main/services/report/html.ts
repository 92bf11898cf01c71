export type Cell = string | number | Html

/** HTML of our own making, told apart from text that must be escaped. */
export interface Html {
  html: string
}
export const html = (text: string): Html => ({ html: text })

export const escape = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)

const inside = (cell: Cell): string => (typeof cell === 'object' ? cell.html : escape(String(cell)))

export const paragraph = (text: string, kind = ''): string => `<p${kind && ` class="${kind}"`}>${escape(text)}</p>`

/** A numbered table with its caption above, as journals set them. Columns of numbers stand to the right. */
export function table(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  options: { right?: readonly number[]; note?: string } = {},
): string {
  const right = (column: number): string =>
    options.right?.includes(column) || rows.some((row) => typeof row[column] === 'number') ? ' class="n"' : ''
  const line = (tag: 'th' | 'td', cells: readonly Cell[]): string =>
    `<tr>${cells.map((cell, i) => `<${tag}${right(i)}${tag === 'th' ? ' scope="col"' : ''}>${inside(cell)}</${tag}>`).join('')}</tr>`
  const short = rows.length <= 18 ? ' class="short"' : ''
  return `<table${short}><caption>${escape(caption)}</caption><thead>${line('th', head)}</thead><tbody>${rows
    .map((row) => line('td', row))
    .join('')}</tbody></table>${options.note === undefined ? '' : paragraph(options.note, 'note')}`
}

/** A share and its interval on a line from 0 to `most`, both as fractions: what a forest plot shows of one row. */
export function strip(value: number | null, ci: readonly [number, number] | null, most: number): Html {
  const x = (share: number): string => (4 + 112 * Math.min(1, share / most)).toFixed(1)
  if (value === null) return html('')
  const line = ci ? `<line x1="${x(ci[0])}" y1="6" x2="${x(ci[1])}" y2="6" stroke="#3f474f" stroke-width="1.4"/>` : ''
  return html(
    `<svg width="120" height="12" viewBox="0 0 120 12" role="img"><line x1="4" y1="11" x2="116" y2="11" stroke="#c3c8cd" stroke-width=".6"/>${line}<rect x="${(Number(x(value)) - 2.4).toFixed(1)}" y="3.6" width="4.8" height="4.8" fill="#0b6b5b"/></svg>`,
  )
}

/** A confusion matrix with its counts shaded; the cut is drawn into it as two lines. */
export function matrix(
  counts: readonly (readonly number[])[],
  names: { rows: string; columns: string; grades: readonly number[]; cut: number },
): string {
  const most = Math.max(1, ...counts.flat())
  const head = `<tr><th></th>${names.grades.map((grade, j) => `<th class="m${j === names.cut ? ' left' : ''}">${grade}</th>`).join('')}</tr>`
  const body = counts
    .map(
      (row, i) =>
        `<tr${i === names.cut ? ' class="top"' : ''}><th class="m">${names.grades[i]}</th>${row
          .map((count, j) => {
            const depth = count / most
            return `<td class="m${j === names.cut ? ' left' : ''}" style="background:rgba(11,107,91,${(0.85 * depth).toFixed(2)});color:${depth > 0.55 ? '#fff' : '#16181c'}">${count || ''}</td>`
          })
          .join('')}</tr>`,
    )
    .join('')
  return `<figure><figcaption>${escape(names.rows)} ↓ · ${escape(names.columns)} →</figcaption><table class="matrix"><thead>${head}</thead><tbody>${body}</tbody></table></figure>`
}

/** How grades spread, as one bar of greys from light to dark, with the counts in it. */
export function spread(counts: readonly { grade: number | null; count: number }[]): Html {
  const total = counts.reduce((sum, { count }) => sum + count, 0)
  if (total === 0) return html('')
  let at = 0
  const parts = counts.map(({ grade, count }, i) => {
    const width = (150 * count) / total
    const shade =
      grade === null ? '#ffffff' : `hsl(205 25% ${Math.round(92 - (62 * i) / Math.max(1, counts.length - 2))}%)`
    const part = `<rect x="${at.toFixed(1)}" y="1" width="${width.toFixed(1)}" height="11" fill="${shade}" stroke="#6b737b" stroke-width=".3"/>`
    at += width
    return part
  })
  return html(`<svg width="150" height="13" viewBox="0 0 150 13" role="img">${parts.join('')}</svg>`)
}

export const style = `
  @page { size: A4; margin: 17mm 16mm 19mm }
  * { box-sizing: border-box }
  body { margin: 0; font: 9.6pt/1.42 'Liberation Sans', Arial, 'Helvetica Neue', sans-serif; color: #16181c;
    font-variant-numeric: tabular-nums; -webkit-print-color-adjust: exact }
  h1 { font-size: 17pt; line-height: 1.2; margin: 0 0 1mm }
  h2 { font-size: 12pt; margin: 7mm 0 1.5mm; padding-bottom: .8mm; border-bottom: .3mm solid #9aa0a8; break-after: avoid }
  h3 { font-size: 10pt; margin: 4mm 0 1mm; break-after: avoid }
  p { margin: 0 0 1.6mm; max-width: 165mm } .soft, .note { color: #4c535b } .note { font-size: 8.2pt; margin-top: 1mm }
  .missing { color: #7a5600; font-style: italic }
  .lead { display: grid; grid-template-columns: auto 1fr; gap: 0 8mm; align-items: center; margin: 4mm 0; padding: 3.5mm 5mm;
    border: .3mm solid #9aa0a8; border-left: 1.6mm solid #0b6b5b; break-inside: avoid }
  .big { font-size: 27pt; font-weight: 700; line-height: 1.1; white-space: nowrap }
  table { border-collapse: collapse; width: 100%; margin: 2mm 0 1mm; font-size: 8.8pt }
  caption { text-align: left; font-weight: 700; padding: 1mm 0; break-after: avoid } thead { display: table-header-group }
  tr { break-inside: avoid } th, td { text-align: left; vertical-align: top; padding: .8mm 2mm .8mm 0; border-bottom: .2mm solid #d5d8dc }
  th { color: #4c535b; font-weight: 600; border-bottom-color: #9aa0a8; vertical-align: bottom } th.n, td.n { text-align: right; padding-right: 4mm } td.n { white-space: nowrap } table.short { break-inside: avoid }
  td svg { display: block; margin-top: .6mm }
  .maps { display: flex; flex-wrap: wrap; gap: 3mm 8mm } figure { margin: 0; break-inside: avoid; width: 52mm }
  figcaption { font-weight: 600; font-size: 8.6pt } table.matrix { width: 50mm; table-layout: fixed; margin: 1mm 0 }
  table.matrix th, table.matrix td { text-align: center; padding: .7mm 0; border: .15mm solid #d5d8dc }
  table.matrix .left { border-left: .6mm solid #16181c } table.matrix tr.top > * { border-top: .6mm solid #16181c }
  .grades { display: grid; grid-template-columns: repeat(auto-fit, minmax(28mm, 1fr)) }
  code { font: 7.6pt 'Liberation Mono', monospace; overflow-wrap: anywhere }`
