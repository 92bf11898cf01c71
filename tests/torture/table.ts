/** What became of a deed or a phase of the window, on a file or on a server. */
export interface Row {
  what: string
  where: string
  rounds: number
  /** Acts that were acknowledged. */
  acknowledged: number
  /** Kills in the middle of an act, and between two; null where that cannot be told. */
  amid: number | null
  between: number | null
  /** Kills of the start after a kill. */
  starting: number
  /** Different steps at which it was killed. */
  places: number | null
  problems: string[]
}

const columns: [name: string, of: (row: Row) => string | number | null][] = [
  ['deed', ({ what }) => what],
  ['on', ({ where }) => where],
  ['rounds', ({ rounds }) => rounds],
  ['acknowledged', ({ acknowledged }) => acknowledged],
  ['killed amid', ({ amid }) => amid],
  ['between', ({ between }) => between],
  ['at the start', ({ starting }) => starting],
  ['at steps', ({ places }) => places],
  ['problems', ({ problems }) => problems.length],
]

/** All of them, a line each, in columns. */
export function tableText(rows: readonly Row[]): string {
  const cells = [columns.map(([name]) => name), ...rows.map((row) => columns.map(([, of]) => String(of(row) ?? '–')))]
  const widths = columns.map((_, n) => Math.max(...cells.map((line) => line[n]!.length)))
  return cells
    .map((line) => line.map((cell, n) => (n < 2 ? cell.padEnd(widths[n]!) : cell.padStart(widths[n]!))).join('  '))
    .join('\n')
}

/**
 * What is wrong with a row: what was not as it should be after a kill; and what proved nothing, as nothing was acknowledged in all
 * its rounds or no kill came in the middle. How fast the machine is has no part in either: the first round of a deed is let
 * work until it is done, and kills come at steps, not at times.
 */
export function faultsOf({ what, where, rounds, acknowledged, amid, problems }: Row): string[] {
  const faults = [...problems]
  if (acknowledged === 0) faults.push('nothing was ever acknowledged')
  // Of a few rounds all may end a step too late: how many steps there are differs by a few.
  if (amid === 0 && rounds > 4) faults.push('no kill came in the middle')
  return faults.map((fault) => `${what} on ${where}: ${fault}`)
}
