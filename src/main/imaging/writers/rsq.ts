import { writeFile } from 'node:fs/promises'
import { ConcordError } from '../../domain/error.ts'
import { calibrationFrames, rsqOffset } from '../rsq.ts'
import { BLOCK, ISQ_MAGIC, writeVmsDate } from '../scanco.ts'

export interface RsqContent {
  /** Line integrals (no unit), view by view, rows x columns, columns fastest. */
  views: Float32Array
  rows: number
  columns: number
  /** Degrees between the first view and the last; of a fan beam, the step of two views times their number. */
  span: number
  /** Where the rays start at a point: mm from the source to the axis and to the detector, whose bins are `bin` wide. */
  fan?: { sourceAxis: number; sourceDetector: number; bin: number }
  /** Millimetres: a detector bin's width, and the distance of two rows. */
  spacing: [number, number]
  patientIndex: number
  measurementIndex: number
  /** At most 40 bytes are kept. */
  name: string
  /** Its UTC fields are written as the scanner's clock. */
  date: Date
}

/** Counts of the dark and the open beam, the same in every bin: an even detector. Below 2^15, for readers that know signed numbers only. */
const dark = 64
const open = 32064

/**
 * Writes views as a Scanco RSQ (layout: rsq.ts): for each row a dark frame, an open frame and the views as
 * counts, dark + (open - dark) exp(-line). The distance of the source is 0: there is none to a parallel beam.
 */
export async function writeRsq(path: string, content: RsqContent): Promise<void> {
  const { rows, columns, views } = content
  const count = views.length / (rows * columns)
  if (!Number.isInteger(count) || count < 1)
    throw new ConcordError('size-mismatch', `${views.length} values are no whole views of ${rows} x ${columns}.`)
  const frames = count + calibrationFrames
  const counts = new Uint16Array(rows * frames * columns)
  let [least, most] = [dark, open]
  for (let row = 0; row < rows; row++) {
    const start = row * frames * columns
    counts.fill(dark, start, start + columns)
    counts.fill(open, start + columns, start + 2 * columns)
    for (let view = 0; view < count; view++)
      for (let i = 0; i < columns; i++) {
        const line = views[(view * rows + row) * columns + i]!
        const value = Math.min(65535, Math.round(dark + (open - dark) * Math.exp(-line)))
        counts[start + (calibrationFrames + view) * columns + i] = value
        least = Math.min(least, value)
        most = Math.max(most, value)
      }
  }
  const header = Buffer.alloc(BLOCK)
  const int = (offset: number, value: number): number => header.writeInt32LE(Math.round(value), offset)
  const bytes = BLOCK + counts.byteLength
  header.write(ISQ_MAGIC, 0, 'latin1')
  int(16, 1) // neither reconstruction (3) nor radiograph (9)
  int(20, bytes > 0x7fffffff ? 0 : bytes)
  int(24, Math.ceil(bytes / BLOCK))
  int(28, content.patientIndex)
  writeVmsDate(new DataView(header.buffer, header.byteOffset), 36, content.date)
  ;[columns, frames, rows].forEach((n, i) => int(44 + 4 * i, n))
  int(56, columns * content.spacing[0] * 1000)
  int(rsqOffset.angularInterval, content.span * 1000)
  int(64, rows * content.spacing[1] * 1000)
  int(68, content.spacing[0] * 1000)
  int(72, content.spacing[1] * 1000)
  int(80, least)
  int(84, most)
  int(rsqOffset.samples, columns)
  int(96, rows)
  int(112, content.measurementIndex)
  const { fan } = content
  int(rsqOffset.detectorWidth, fan ? columns * fan.bin * 1000 : 0)
  int(rsqOffset.sourceDetector, fan ? fan.sourceDetector * 1000 : 0)
  int(rsqOffset.sourceAxis, fan ? fan.sourceAxis * 1000 : 0)
  Buffer.from(content.name, 'latin1').copy(header, 208, 0, 40)
  int(rsqOffset.objectViews, count)
  const data = Buffer.from(counts.buffer)
  const padding = Buffer.alloc((BLOCK - (bytes % BLOCK)) % BLOCK)
  await writeFile(path, Buffer.concat([header, data, padding]))
}
