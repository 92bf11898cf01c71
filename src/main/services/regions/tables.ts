import { parse } from 'csv-parse/sync'
import type { RegionPlace } from '../../../preload/contract/regions.ts'
import { ConcordError, messageOf } from '../../domain/error.ts'
import type { Connection } from '../../store/database.ts'
import type { Column } from '../../domain/csv-table.ts'
import { edgeOf, readersRegions, studyRegions } from './rows.ts'

/** A region with what a table says of it. `by`: a reader's letter, or `study`. */
export interface PlacedRegion {
  subject: string
  site: string
  side: string
  by: string
  revision: number
  x: number
  y: number
  edge: number
  edge_mm: number
  rotation: number
  spacing: number
  spacing_from: string
  inverted: number
  placed_at: string
}

/** The newest revision of every region of a study: its own, and each reader's. Only for whoever may know the readers'. */
export async function regionTable(connection: Connection, studyId: string): Promise<PlacedRegion[]> {
  const scans = new Map(
    (await connection.selectFrom('scan').select(['id', 'pseudonym', 'site', 'side']).execute()).map((s) => [s.id, s]),
  )
  const rows = [
    ...[...(await studyRegions(connection, studyId)).values()].map((row) => ({ ...row, by: 'study' })),
    ...(await readersRegions(connection, studyId)).map((row) => ({ ...row, by: row.letter })),
  ]
  return rows
    .map(({ scan_id, by, ...row }) => {
      const { pseudonym: subject, site, side } = scans.get(scan_id)!
      return { ...{ subject, site, side, by, edge: edgeOf(row) }, ...row }
    })
    .sort((a, b) => (a.subject === b.subject ? (a.by < b.by ? -1 : 1) : a.subject < b.subject ? -1 : 1))
}

export const regionColumns: readonly Column<PlacedRegion>[] = [
  { name: 'subject', meaning: "The scan's pseudonym.", of: (row) => row.subject },
  { name: 'site', meaning: 'tibia, radius, calcaneus or other.', of: (row) => row.site },
  { name: 'side', meaning: 'left, right or unknown.', of: (row) => row.side },
  {
    name: 'placed_by',
    meaning: "A reader's letter; `study`: the one for all readers or for networks.",
    of: (row) => row.by,
  },
  { name: 'revision', meaning: 'The newest one, counted from 1.', of: (row) => row.revision },
  {
    name: 'x',
    meaning: "The region's middle across, in pixels; the middle of the first pixel is 0.",
    of: (row) => row.x,
  },
  { name: 'y', meaning: "The region's middle down, in pixels.", of: (row) => row.y },
  { name: 'edge', meaning: 'Its edge in pixels: edge_mm / spacing.', of: (row) => row.edge },
  { name: 'edge_mm', meaning: 'Its edge in mm.', of: (row) => row.edge_mm },
  { name: 'rotation', meaning: 'Degrees; regions are upright.', of: (row) => row.rotation },
  { name: 'spacing', meaning: 'Millimetres a pixel.', of: (row) => row.spacing },
  { name: 'spacing_from', meaning: '`file`, or `assumed` by the person who placed it.', of: (row) => row.spacing_from },
  {
    name: 'inverted',
    meaning: '1: the values run the wrong way round, as the person said.',
    of: (row) => row.inverted,
  },
  { name: 'placed_at', meaning: 'UTC.', of: (row) => row.placed_at },
]

/** One row of a table of regions to place. */
export interface RegionRow {
  line: number
  subject: string
  place: RegionPlace
}

/**
 * Reads regions to place: columns `subject`, `x`, `y` and, where they are wanted, `spacing` (mm a pixel, empty: as the file
 * says) and `inverted` (1 or empty); others are left alone, so that an exported table can be read again.
 * Error: `roi-table`, with the line.
 */
export function readRegionTable(text: string): RegionRow[] {
  let rows: Record<string, string>[]
  try {
    rows = parse(text, { columns: true, skip_empty_lines: true, trim: true, bom: true })
  } catch (error) {
    throw new ConcordError('roi-table', `The table of regions cannot be read: ${messageOf(error)}`)
  }
  if (rows.length === 0 || !['subject', 'x', 'y'].every((name) => rows[0]![name] !== undefined))
    throw new ConcordError('roi-table', 'The table of regions needs the columns subject, x and y, and a row or more.')
  return rows.map((row, index) => {
    const line = index + 2
    const number = (name: string): number => {
      const value = row[name] === '' ? NaN : Number(row[name])
      if (Number.isFinite(value) && value >= 0) return value
      throw new ConcordError('roi-table', `Line ${line}: ${name} is "${row[name] ?? ''}", not a number of pixels.`)
    }
    // What the file itself says needs no assumption.
    const assumed = (row['spacing'] ?? '') !== '' && row['spacing_from'] !== 'file'
    const spacing = assumed ? Number(row['spacing']) : null
    if (spacing !== null && !(spacing >= 0.005 && spacing <= 2))
      throw new ConcordError('roi-table', `Line ${line}: spacing is "${row['spacing']}", not 0.005 to 2 mm a pixel.`)
    return {
      line,
      subject: row['subject']!,
      place: { x: number('x'), y: number('y'), spacing, inverted: row['inverted'] === '1' },
    }
  })
}
