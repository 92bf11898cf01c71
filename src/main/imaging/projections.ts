import { readFile } from 'node:fs/promises'
import { ConcordError } from '../domain/error.ts'
import type { FanGeometry } from '../domain/fan-beam.ts'
import { motionAngles } from '../domain/qme.ts'
import type { MotionViewSet } from '../domain/qme.ts'
import { fileError, openFile } from './bytes.ts'
import { fanHelp, rebinFile, type FanFile, type Rebinned } from './fan-projections.ts'
import { badFile } from './limits.ts'
import { looksLikeNpy, withNpy } from './npy.ts'
import { ISQ_MAGIC } from './scanco.ts'
import { readCalibration, readRsqHeader, rsqView } from './rsq.ts'

/** A view's angle may be off by this many degrees: a quarter of the 0.24 degrees that the estimate compares. */
const tolerance = 0.06

/**
 * The three views of the motion estimate, and the angles in degrees that they were measured at. Of fan-beam views, rebinned:
 * the beam, and the column of the axis.
 */
export type Projections = MotionViewSet & { format: 'npy' | 'rsq'; angles: number[] } & Partial<
    Pick<Rebinned, 'beam' | 'centre' | 'centreBy'>
  >

export interface ProjectionOptions {
  /** Degrees of each parallel view. */
  angles?: readonly number[]
  /** Of a fan beam: takes the place of what an RSQ's header says; all of it for a .npy. */
  fan?: Partial<FanGeometry>
  /** Fan beam: the detector column of the ray through the axis, where it is known. */
  centre?: number
}

/**
 * Reads the parallel views at 0, 0.24 and 180 degrees from a NumPy file of line integrals (views, rows, columns) or from
 * a Scanco RSQ: three views in this order, or any number with their `angles` in degrees, of which the nearest ones are
 * taken. Only these views are read. Fan-beam views are rebinned (domain/fan-beam.ts). Errors: bad-projections,
 * bad-angles, fan-beam, and those of the file.
 */
export async function readProjections(path: string, options: ProjectionOptions = {}): Promise<Projections> {
  const head = await firstBytes(path)
  if (looksLikeNpy(head)) return await fromNpy(path, options)
  if (head.toString('latin1', 0, 16) === ISQ_MAGIC) return await fromRsq(path, options)
  throw badFile('format-unknown', path, 'is neither a NumPy file (.npy) of projections nor a Scanco RSQ.')
}

async function fromNpy(path: string, { angles, fan, centre }: ProjectionOptions): Promise<Projections> {
  return await withNpy(path, async ({ shape, values }) => {
    if (shape.length !== 3 || shape.some((n) => n < 1))
      throw badFile(
        'bad-projections',
        path,
        `holds an array of shape (${shape.join(', ')}); projections have three axes: views, rows, columns.`,
      )
    const [views, rows, columns] = shape as [number, number, number]
    if (fan !== undefined) {
      const file: FanFile = {
        ...{ geometry: { ...unknownFan, ...fan }, views, rows, columns, valid: [0, columns - 1] },
        read: async (k, some) => rowsOf(await values(k * rows * columns, (k + 1) * rows * columns), columns, some),
      }
      return { format: 'npy', angles: [...motionAngles], ...(await rebinFile(file, centre)) }
    }
    const picked = pickViews(path, views, angles)
    const [zero, adjacent, opposite] = await inTurn(picked.places, (k) =>
      values(k * rows * columns, (k + 1) * rows * columns),
    )
    return { format: 'npy', angles: picked.angles, rows, columns, zero, adjacent, opposite }
  })
}

async function fromRsq(path: string, { angles, fan, centre }: ProjectionOptions): Promise<Projections> {
  const source = await openFile(path)
  try {
    const header = await readRsqHeader(source, source.size)
    const { rows, columns, views } = header
    if (header.fan !== undefined || fan !== undefined) {
      const geometry = { ...unknownFan, ...header.fan, ...fan }
      const missing = Object.entries(geometry).filter(([, value]) => Number.isNaN(value))
      if (missing.length > 0) throw badFile('fan-beam', path, `${fanBeam} Its header leaves geometry out. ${fanHelp}`)
      const calibration = await readCalibration(source, header)
      const file: FanFile = {
        ...{ geometry, views, rows, columns, valid: calibration.valid },
        read: (k, some) => rsqView(source, header, calibration, k, some),
      }
      return { format: 'rsq', angles: [...motionAngles], ...(await rebinFile(file, centre)) }
    }
    const calibration = await readCalibration(source, header)
    const [firstBin, lastBin] = calibration.valid
    if (firstBin > 0 || lastBin < columns - 1)
      throw badFile('bad-projections', path, `has dead bins at the ends of its rows: no open beam there.`)
    const picked = pickViews(path, views, angles)
    const [zero, adjacent, opposite] = await inTurn(picked.places, (k) => rsqView(source, header, calibration, k))
    return { format: 'rsq', angles: picked.angles, rows, columns, zero, adjacent, opposite }
  } finally {
    await source.close()
  }
}

const unknownFan: FanGeometry = { sourceAxis: NaN, sourceDetector: NaN, bin: NaN, step: NaN }

const fanBeam = 'was measured with a fan beam, whose views at 0 and 180 degrees are no mirror images.'

function rowsOf(view: Float64Array, columns: number, rows: readonly number[]): Float64Array {
  const out = new Float64Array(rows.length * columns)
  for (const [at, row] of rows.entries()) out.set(view.subarray(row * columns, (row + 1) * columns), at * columns)
  return out
}

async function inTurn<T>(places: readonly number[], read: (k: number) => Promise<T>): Promise<[T, T, T]> {
  return [await read(places[0]!), await read(places[1]!), await read(places[2]!)]
}

/** Which views are those at 0, 0.24 and 180 degrees. */
function pickViews(
  path: string,
  views: number,
  angles: readonly number[] | undefined,
): { places: number[]; angles: number[] } {
  if (angles === undefined) {
    if (views === 3) return { places: [0, 1, 2], angles: [...motionAngles] }
    throw badFile(
      'bad-projections',
      path,
      `holds ${views} views, not the three at 0, 0.24 and 180 degrees. Name a file with the angle of each: --angles FILE.`,
    )
  }
  if (angles.length !== views)
    throw new ConcordError('bad-angles', `There are ${angles.length} angles for ${views} views; each view needs one.`)
  const places = motionAngles.map((wanted) => {
    const away = angles.map((angle) => Math.abs(angle - wanted))
    const place = away.reduce((best, value, i) => (value < away[best]! ? i : best), 0)
    if (away[place]! <= tolerance) return place
    throw new ConcordError(
      'bad-angles',
      `No view lies at ${wanted} degrees; the nearest is at ${Number(angles[place]!.toFixed(4))}. The estimate needs 0, 0.24 and 180.`,
    )
  })
  return { places, angles: places.map((k) => angles[k]!) }
}

/** Angles in degrees from a file: numbers apart by commas, spaces or lines, a JSON array, or a .npy. Throws `bad-angles`. */
export async function readAngles(path: string): Promise<number[]> {
  if (looksLikeNpy(await firstBytes(path)))
    return await withNpy(path, async ({ shape, values }) => [
      ...(await values(
        0,
        shape.reduce((a, b) => a * b, 1),
      )),
    ])
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw fileError(path, error)
  })
  const words = text
    .replace(/^\uFEFF|[[\]]/g, ' ')
    .split(/[\s,;]+/)
    .filter((word) => word !== '')
  // A heading over a column of angles is no angle.
  const angles = (Number.isNaN(Number(words[0])) ? words.slice(1) : words).map(Number)
  if (angles.length === 0 || !angles.every(Number.isFinite))
    throw badFile('bad-angles', path, 'must hold one angle in degrees for each view, apart by commas, spaces or lines.')
  return angles
}

async function firstBytes(path: string): Promise<Buffer> {
  const source = await openFile(path)
  try {
    return await source.peek(64)
  } finally {
    await source.close()
  }
}
