import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { ConcordError } from '../../domain/error.ts'
import { cutRoi, roiDefaults, roiEdge, roiInside } from '../../domain/roi.ts'
import { decode } from '../../imaging/decode.ts'
import { discover } from '../../imaging/discover.ts'
import { defaultLimits } from '../../imaging/limits.ts'

/** One patient's region of interest with the label to learn. */
export interface RegionOfPatient {
  patient: string
  /** 0 control, 1 osteoporotic. */
  label: 0 | 1
  /** Values as in the radiograph. */
  region: { edge: number; pixels: Float32Array }
}

interface Row {
  file: string
  subject: string
  class: string
  region_x: string
  region_y: string
}

/** The rows of a simulated study's truth.csv (phantom/heel/write.ts). Error: `heel-study-missing`. */
async function truthOf(folder: string): Promise<Row[]> {
  const text = await readFile(join(folder, 'truth.csv'), 'utf8').catch(() => null)
  const rows = text === null ? [] : parse<Row>(text, { columns: true, skip_empty_lines: true })
  if (rows.length > 0 && rows[0]!.region_x !== undefined) return rows
  throw new ConcordError(
    'heel-study-missing',
    'The folder holds no simulated radiographs of heels; make them with "concord simulate FOLDER --site calcaneus".',
  )
}

/** Its patients with their labels, in their order. */
export const patientsOf = async (folder: string): Promise<{ patient: string; label: 0 | 1 }[]> =>
  (await truthOf(folder)).map((row) => ({ patient: row.subject, label: row.class === 'OP' ? 1 : 0 }))

/** How many patients the study has. */
export const countPatients = async (folder: string): Promise<number> => (await truthOf(folder)).length

/** Cuts each radiograph's region of 1.6 x 1.6 cm, 400 x 400 pixels, at its known place. */
export async function* regionsOf(folder: string): AsyncIterable<RegionOfPatient> {
  for (const row of await truthOf(folder)) {
    const { sources } = await discover([join(folder, row.file)])
    if (!sources[0]) throw new ConcordError('heel-study-missing', `${row.file} is missing or cannot be read.`)
    const { dims, spacing, voxels, slope, intercept } = await decode(sources[0], defaultLimits)
    const [width, height] = dims
    const edge = roiEdge(spacing && [spacing[0], spacing[1]])
    const roi = roiInside({ x: Number(row.region_x), y: Number(row.region_y), edge }, width, height)
    const pixels = cutRoi({ width, height, pixels: voxels }, roi).map((value) => value * slope + intercept)
    yield { patient: row.subject, label: row.class === 'OP' ? 1 : 0, region: { edge: roiDefaults.edgePixels, pixels } }
  }
}
