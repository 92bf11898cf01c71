import type { FanGeometry } from '../domain/fan-beam.ts'
import type { ByteSource } from './bytes.ts'
import { badFile } from './limits.ts'
import { BLOCK, ISQ_MAGIC } from './scanco.ts'

/**
 * Scanco RSQ: raw detector counts, unsigned 16 bits, columns fastest, then frames, then detector rows. Each row's first
 * two frames are its calibration, dark and open beam; the views follow. The layout is that of three public readers that
 * agree: aimio-py's rsq.py, a Cambridge teaching program's xtreme_get_rsq_header, and a Julia reader ScancoFiles.
 */
export interface RsqHeader {
  columns: number
  rows: number
  /** Without the two frames of calibration. */
  views: number
  dataOffset: number
  /** Of a fan beam; undefined: the views are parallel. What the header leaves out is NaN. */
  fan: FanGeometry | undefined
}

/** Offsets in the first block of what an RSQ holds besides what an ISQ does (scanco.ts). */
export const rsqOffset = {
  ...{ angularInterval: 60, samples: 92, detectorWidth: 100, sourceDetector: 116, sourceAxis: 120, objectViews: 260 },
}

/** Frames before the views. */
export const calibrationFrames = 2

/** Errors: bad-projections, file-truncated. */
export async function readRsqHeader(source: ByteSource, size: number): Promise<RsqHeader> {
  const { path } = source
  if (size < BLOCK) throw badFile('file-truncated', path, 'is shorter than the header of a Scanco file. Copy it again.')
  const head = await source.peek(BLOCK)
  const int = (offset: number): number => head.readInt32LE(offset)
  const [columns, frames, rows] = [int(44), int(48), int(52)]
  const dataOffset = (int(508) + 1) * BLOCK
  if (head.toString('latin1', 0, 16) !== ISQ_MAGIC || [columns, rows].some((n) => n < 1) || dataOffset < BLOCK)
    throw badFile('bad-projections', path, 'has a damaged RSQ header.')
  if (int(16) === 3 || /\.isq(;\d+)?$/i.test(path))
    throw badFile('bad-projections', path, 'is an ISQ, a reconstructed volume. Name the RSQ of the same measurement.')
  if (frames < calibrationFrames + 3)
    throw badFile('bad-projections', path, `holds ${frames} frames; dark, open beam and three views are needed.`)
  if (dataOffset + columns * frames * rows * 2 > size)
    throw badFile('file-truncated', path, 'ends before its projections do. Copy it again.')
  const views = frames - calibrationFrames
  return {
    columns,
    rows,
    views,
    dataOffset,
    fan: int(rsqOffset.sourceDetector) === 0 ? undefined : fanOf(int, columns, views),
  }
}

/**
 * The geometry as aimio-py understands the header (its own words: partially inferred): micrometres, and the interval of
 * all views in thousandths of a degree. It is checked where it is used, and options of `concord qme` take its place.
 */
function fanOf(int: (offset: number) => number, columns: number, views: number): FanGeometry {
  const known = (value: number): number => (value > 0 ? value : NaN)
  const objectViews = int(rsqOffset.objectViews)
  return {
    sourceAxis: known(int(rsqOffset.sourceAxis)) / 1000,
    sourceDetector: known(int(rsqOffset.sourceDetector)) / 1000,
    bin: known(int(rsqOffset.detectorWidth)) / 1000 / columns,
    step: known(int(rsqOffset.angularInterval)) / 1000 / (objectViews > 0 ? objectViews : views),
  }
}

/** Dark and open frames of every row, and the columns that saw the beam. */
export interface Calibration {
  dark: Uint16Array
  most: Uint16Array
  valid: [first: number, last: number]
}

/** Reads the calibration. Bins without beam at the ends of the rows (a detector wider than its window) are left out; others are an error. */
export async function readCalibration(source: ByteSource, header: RsqHeader): Promise<Calibration> {
  const { rows, columns } = header
  const [dark, most] = [new Uint16Array(rows * columns), new Uint16Array(rows * columns)]
  let valid: [number, number] = [0, columns - 1]
  for (let row = 0; row < rows; row++) {
    const [low, open] = [await readLine(source, header, row, 0), await readLine(source, header, row, 1)]
    for (let i = 0; i < columns; i++) {
      dark[row * columns + i] = low[i]!
      most[row * columns + i] = Math.max(0, open[i]! - low[i]!)
    }
    const line = most.subarray(row * columns, (row + 1) * columns)
    valid = [
      Math.max(
        valid[0],
        line.findIndex((n) => n > 0),
      ),
      Math.min(
        valid[1],
        line.findLastIndex((n) => n > 0),
      ),
    ]
    const dead = line.findIndex((n, i) => n === 0 && i > valid[0] && i < valid[1])
    if (dead >= 0 || valid[1] < valid[0])
      throw badFile('bad-projections', source.path, `has a dead bin (row ${row}, column ${dead}): no open beam there.`)
  }
  return { dark, most, valid }
}

async function readLine(source: ByteSource, header: RsqHeader, row: number, frame: number): Promise<Uint16Array> {
  const { columns, views, dataOffset } = header
  const bytes = new Uint8Array(2 * columns)
  await source.readInto(bytes, dataOffset + (row * (views + calibrationFrames) + frame) * 2 * columns)
  const view = new DataView(bytes.buffer)
  return Uint16Array.from({ length: columns }, (_, i) => view.getUint16(2 * i, true))
}

/**
 * View `k` as line integrals -ln((count - dark) / (open - dark)), the rows asked for x columns; a bin that saw nothing
 * counts as one photon.
 */
export async function rsqView(
  source: ByteSource,
  header: RsqHeader,
  { dark, most }: Calibration,
  k: number,
  rows: readonly number[] = Array.from({ length: header.rows }, (_, row) => row),
): Promise<Float64Array> {
  const { columns } = header
  const out = new Float64Array(rows.length * columns)
  for (const [at, row] of rows.entries()) {
    const seen = await readLine(source, header, row, calibrationFrames + k)
    for (let i = 0; i < columns; i++) {
      const open = most[row * columns + i]!
      // Outside the detector's window: no attenuation known, and not used.
      out[at * columns + i] = open === 0 ? 0 : -Math.log(Math.max(1, seen[i]! - dark[row * columns + i]!) / open)
    }
  }
  return out
}
