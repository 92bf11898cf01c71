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
}

/** Offsets in the first block of what an RSQ holds besides what an ISQ does (scanco.ts). */
export const rsqOffset = { angularInterval: 60, samples: 92, sourceDetector: 116, sourceAxis: 120, objectViews: 260 }

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
  if (int(rsqOffset.sourceDetector) !== 0)
    throw badFile(
      'fan-beam',
      path,
      'was measured with a fan beam, whose views at 0 and 180 degrees are no mirror images. ' +
        'Rebin it to parallel views and name the .npy file of these.',
    )
  if (dataOffset + columns * frames * rows * 2 > size)
    throw badFile('file-truncated', path, 'ends before its projections do. Copy it again.')
  return { columns, rows, views: frames - calibrationFrames, dataOffset }
}

/** View `k` as line integrals -ln((count - dark) / (open - dark)), rows x columns; a bin that saw nothing counts as one photon. */
export async function rsqView(source: ByteSource, header: RsqHeader, k: number): Promise<Float64Array> {
  const { columns, rows, views, dataOffset } = header
  const line = columns * 2
  const out = new Float64Array(rows * columns)
  const read = async (row: number, frame: number): Promise<DataView> => {
    const bytes = new Uint8Array(line)
    await source.readInto(bytes, dataOffset + (row * (views + calibrationFrames) + frame) * line)
    return new DataView(bytes.buffer)
  }
  for (let row = 0; row < rows; row++) {
    const [dark, open, seen] = [await read(row, 0), await read(row, 1), await read(row, calibrationFrames + k)]
    for (let i = 0; i < columns; i++) {
      const base = dark.getUint16(2 * i, true)
      const most = open.getUint16(2 * i, true) - base
      if (most < 1)
        throw badFile('bad-projections', source.path, `has a dead bin (row ${row}, column ${i}): no open beam there.`)
      out[row * columns + i] = -Math.log(Math.max(1, seen.getUint16(2 * i, true) - base) / most)
    }
  }
  return out
}
