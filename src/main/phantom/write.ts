import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encodeNpy } from '../imaging/npy.ts'
import { writeAim } from '../imaging/writers/aim.ts'
import { writeDicomSeries } from '../imaging/writers/dicom.ts'
import { writeIsq } from '../imaging/writers/isq.ts'
import { writeRsq } from '../imaging/writers/rsq.ts'
import { planStudy } from './plan.ts'
import type { PlannedScan, StudyOptions } from './plan.ts'
import { keepPlan, readPlan, sameRequest, scansMade, whole } from './plan-file.ts'
import { simulateVotes } from './readers.ts'
import type { SimulatedVote } from './readers.ts'
import { simulateStudy } from './simulate.ts'
import type { SimulatedScan, SimulationControl } from './simulate.ts'
import { densityIntercept, densitySlope, muScaling, muWater } from './units.ts'

export type ScanFormat = 'isq' | 'dicom' | 'aim'
export const scanFormats: readonly ScanFormat[] = ['isq', 'dicom', 'aim']

export type StudyRequest = StudyOptions & {
  /** Simulated readers, 3 where not given. */
  readers?: number
  /** Formats that patients get in turn; ISQ and DICOM where not given. */
  formats?: readonly ScanFormat[]
}

export type WrittenScan = PlannedScan & { file: string; format: ScanFormat }
export type WrittenStudy = { scans: WrittenScan[]; votes: SimulatedVote[] }

/**
 * Makes a study and writes it under `folder`:
 * `scans/` to import, ISQ and AIM files and DICOM series, by patient in turn; `projections/ID.npy` and `ID.rsq`, the
 * three views for the motion estimate (line integrals: 3 x slices x bins, at 0, 0.24 and 180 degrees; detector counts);
 * `truth.csv` and `motion.json`, what the motion was; `votes.csv`, the simulated readers'; `plan.json`, what was asked for.
 * Names tell nothing of the grade.
 *
 * A folder whose plan is the same is gone on with: scans that lie there are whole and are not made again. However it
 * ends, the truth and the votes of the scans made so far are written. Throws `cancelled`, and `plan-differs` for a folder
 * with another plan.
 */
export async function writeStudy(
  folder: string,
  request: StudyRequest,
  control: Omit<SimulationControl, 'onScan' | 'made'> = {},
): Promise<WrittenStudy> {
  const planned = planStudy(request).map((scan) => ({ ...scan, ...placeOf(scan, request) }))
  const making = join(folder, '.making')
  await keepPlan(folder, request)
  await mkdir(join(folder, 'scans'), { recursive: true })
  await mkdir(join(folder, 'projections'), { recursive: true })
  const files = new Map(planned.map((scan) => [scan.id, scan]))
  const made = await scansMade(planned, (scan) => join(folder, files.get(scan.id)!.file))
  const index = new Map(planned.map(({ id }, i) => [id, i]))
  try {
    await mkdir(making, { recursive: true })
    await simulateStudy(request, {
      ...control,
      made,
      async onScan(scan) {
        const { file, format } = files.get(scan.id)!
        const date = dateOf(index.get(scan.id)!)
        await writeProjections(join(folder, 'projections', scan.id), scan, date)
        await whole(join(making, scan.id), join(folder, file), (path) => writeScan(path, scan, format, date))
        made.add(scan.id)
      },
    })
  } finally {
    await rm(making, { recursive: true, force: true })
    await writeTruth(
      folder,
      planned.filter(({ id }) => made.has(id)),
      request,
    )
  }
  return { scans: planned, votes: votesOf(planned, request) }
}

/** Whether `folder` was begun with this request and still lacks scans; false for a folder that cannot be told. */
export async function unfinished(folder: string, request: StudyRequest): Promise<boolean> {
  const begun = await readPlan(folder).catch(() => undefined)
  if (!begun || !sameRequest(begun, request)) return false
  const planned = planStudy(request)
  const made = await scansMade(planned, (scan) => join(folder, placeOf(scan, request).file))
  return made.size < planned.length
}

/** A patient's scans share a format: formats name patients in different ways, and import goes by the name. */
function placeOf(
  scan: PlannedScan,
  { formats = ['isq', 'dicom'] }: StudyRequest,
): { file: string; format: ScanFormat } {
  const format = formats[(scan.spec.patientIndex - 1) % formats.length]!
  return { format, file: join('scans', format === 'dicom' ? scan.id : `${scan.id}.${format}`) }
}

function votesOf(scans: readonly PlannedScan[], { seed, readers = 3 }: StudyRequest): SimulatedVote[] {
  return simulateVotes(scans, seed, readers)
}

async function writeTruth(folder: string, scans: readonly WrittenScan[], request: StudyRequest): Promise<void> {
  const truth = scans.map((s) =>
    [s.file, s.id, s.patient, s.site, s.side, s.trueGrade, s.measure.toFixed(4), s.severity.toFixed(3)].join(','),
  )
  const heading = 'file,subject,patient,site,side,grade,measure_mm,severity'
  await writeFile(join(folder, 'truth.csv'), [heading, ...truth, ''].join('\n'))
  const courses = Object.fromEntries(scans.map((scan) => [scan.id, scan.spec.motion.events]))
  await writeFile(join(folder, 'motion.json'), JSON.stringify(courses, null, 1) + '\n')
  const lines = votesOf(scans, request).map((vote) => `${vote.scan},${vote.reader},${vote.grade}`)
  await writeFile(join(folder, 'votes.csv'), ['subject,rater,grade', ...lines, ''].join('\n'))
}

/** Writes one scan: an ISQ or AIM file at `path`, or a DICOM series (rescaled to densities, not CT numbers) in folder `path`. */
async function writeScan(path: string, scan: SimulatedScan, format: ScanFormat, date = dateOf(0)): Promise<void> {
  const { volume, spec, site, side } = scan
  const { dims, spacing, voxels } = volume
  const name = `Phantom ${scan.patient}`
  if (format === 'dicom') {
    await writeDicomSeries(path, {
      ...{ dims, spacing, voxels, slope: densitySlope / muScaling, intercept: densityIntercept, unit: 'mgHA/cm3' },
      ...{ patientId: `PHANTOM-${scan.patient}`, patientName: `Phantom^${scan.patient}`, studyDate: date },
      ...{ bodyPart: site.toUpperCase(), laterality: side, description: `Simulated distal ${site}` },
    })
    return
  }
  const write = format === 'isq' ? writeIsq : writeAim
  await write(path, {
    ...{ dims, spacing, voxels, muScaling, muWater, slope: densitySlope, intercept: densityIntercept },
    ...{ patientIndex: spec.patientIndex, measurementIndex: spec.measurementIndex, site, side, name, date },
  })
}

async function writeProjections(path: string, scan: SimulatedScan, date: Date): Promise<void> {
  const { rows, columns, data, angles } = scan.motionViews
  const { spacing } = scan.volume
  await writeFile(`${path}.npy`, encodeNpy([angles.length, rows, columns], data))
  await writeRsq(`${path}.rsq`, {
    ...{ views: data, rows, columns, span: 180, spacing: [spacing[0], spacing[2]], date },
    ...{ patientIndex: scan.spec.patientIndex, measurementIndex: scan.spec.measurementIndex },
    name: `Phantom ${scan.patient}`,
  })
}

/** Invented but fixed, so that the same seed writes the same bytes: one scan every twenty minutes. */
function dateOf(index: number): Date {
  return new Date(Date.UTC(2026, 0, 5, 8, 0, 0) + index * 20 * 60000)
}
