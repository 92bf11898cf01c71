import { mkdir, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { writeDicomSeries } from '../imaging/writers/dicom.ts'
import { writeIsq } from '../imaging/writers/isq.ts'
import type { PlannedScan, StudyOptions } from './plan.ts'
import { simulateVotes } from './readers.ts'
import type { SimulatedVote } from './readers.ts'
import { simulateStudy } from './simulate.ts'
import type { SimulatedScan, SimulationControl } from './simulate.ts'
import { densityIntercept, densitySlope, muScaling, muWater } from './units.ts'

export type WrittenScan = PlannedScan & { file: string; format: 'isq' | 'dicom' }

/**
 * Makes a study and writes it under `folder`:
 * `scans/` to import, ISQ files and DICOM series, by patient in turn; `projections/ID.npy`, the three views for the motion estimate
 * (float32 line integrals: 3 x slices x bins, at 0, 0.24 and 180 degrees); `truth.csv` and `motion.json`, what the
 * motion was; `votes.csv`, the simulated readers'. Names tell nothing of the grade.
 */
export async function writeStudy(
  folder: string,
  options: StudyOptions & { readers?: number },
  control: Omit<SimulationControl, 'onScan'> = {},
): Promise<{ scans: WrittenScan[]; votes: SimulatedVote[] }> {
  const scans = await writeScans(join(folder, 'scans'), folder, options, control)
  const votes = simulateVotes(scans, options.seed, options.readers ?? 3)
  const lines = votes.map((vote) => `${vote.scan},${vote.reader},${vote.grade}`)
  await writeFile(join(folder, 'votes.csv'), ['subject,rater,grade', ...lines, ''].join('\n'))
  return { scans, votes }
}

/**
 * Scans to practise on, both sites, grades balanced, two scans a patient: `folder` holds nothing but scans to import;
 * the truth and the projections lie beside it, in `folder` + `-truth`, where an import does not find them.
 */
export async function writePracticeScans(
  folder: string,
  request: { scans: number; size: number; slices: number; seed: string | number },
  control: { signal?: AbortSignal; onProgress?: (done: number, total: number) => void; workers?: number } = {},
): Promise<WrittenScan[]> {
  const { onProgress, ...rest } = control
  const patients = Math.ceil(request.scans / 2)
  return await writeScans(
    folder,
    `${folder}-truth`,
    { ...request, patients, scansPerPatient: 2, site: 'both', grades: 'balanced' },
    { ...rest, onProgress: ({ done, total }) => onProgress?.(done, total) },
  )
}

/** Scans into one folder; projections, truth and courses of motion into another. */
async function writeScans(
  folder: string,
  aside: string,
  options: StudyOptions,
  control: Omit<SimulationControl, 'onScan'>,
): Promise<WrittenScan[]> {
  await mkdir(folder, { recursive: true })
  await mkdir(join(aside, 'projections'), { recursive: true })
  const scans: WrittenScan[] = []
  await simulateStudy(options, {
    ...control,
    async onScan(scan) {
      // A patient's scans share a format: the two formats name patients in different ways, and import goes by the name.
      const format = scan.spec.patientIndex % 2 === 1 ? 'isq' : 'dicom'
      const path = join(folder, format === 'isq' ? `${scan.id}.isq` : scan.id)
      await writeScan(path, scan, format, dateOf(scans.length))
      await writeFile(join(aside, 'projections', `${scan.id}.npy`), npy(scan.motionViews))
      const { volume: _, motionViews: __, ...plan } = scan
      scans.push({ ...plan, file: relative(aside, path), format })
    },
  })
  const truth = scans.map((s) =>
    [s.file, s.id, s.patient, s.site, s.side, s.trueGrade, s.measure.toFixed(4), s.severity.toFixed(3)].join(','),
  )
  await writeFile(
    join(aside, 'truth.csv'),
    ['file,subject,patient,site,side,grade,measure_mm,severity', ...truth, ''].join('\n'),
  )
  const courses = Object.fromEntries(scans.map((scan) => [scan.id, scan.spec.motion.events]))
  await writeFile(join(aside, 'motion.json'), JSON.stringify(courses, null, 1) + '\n')
  return scans
}

/** Writes one scan: an ISQ file at `path`, or a DICOM series (rescaled to densities, not CT numbers) in folder `path`. */
export async function writeScan(
  path: string,
  scan: SimulatedScan,
  format: 'isq' | 'dicom',
  date = dateOf(0),
): Promise<void> {
  const { volume, spec, site, side } = scan
  const { dims, spacing, voxels } = volume
  const name = `Phantom ${scan.patient}`
  if (format === 'isq') {
    await writeIsq(path, {
      ...{ dims, spacing, voxels, muScaling, muWater, slope: densitySlope, intercept: densityIntercept },
      ...{ patientIndex: spec.patientIndex, measurementIndex: spec.measurementIndex, site, side, name, date },
    })
    return
  }
  await writeDicomSeries(path, {
    ...{ dims, spacing, voxels, slope: densitySlope / muScaling, intercept: densityIntercept, unit: 'mgHA/cm3' },
    ...{ patientId: `PHANTOM-${scan.patient}`, patientName: `Phantom^${scan.patient}`, studyDate: date },
    ...{ bodyPart: site.toUpperCase(), laterality: side, description: `Simulated distal ${site}` },
  })
}

/** Invented but fixed, so that the same seed writes the same bytes: one scan every twenty minutes. */
function dateOf(index: number): Date {
  return new Date(Date.UTC(2026, 0, 5, 8, 0, 0) + index * 20 * 60000)
}

/** NumPy's format 1.0: a magic string, a padded header, the data in little-endian order. */
function npy(views: { rows: number; columns: number; data: Float32Array }): Buffer {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (3, ${views.rows}, ${views.columns}), }`
  const length = Math.ceil((10 + text.length + 1) / 64) * 64 - 10
  const head = Buffer.alloc(10)
  head.write('\x93NUMPY\x01\x00', 0, 'latin1')
  head.writeUInt16LE(length, 8)
  const header = Buffer.from(text.padEnd(length - 1) + '\n', 'latin1')
  return Buffer.concat([head, header, Buffer.from(views.data.buffer, views.data.byteOffset, views.data.byteLength)])
}
