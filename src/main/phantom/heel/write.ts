import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { csvText } from '../../domain/csv.ts'
import { randomFrom } from '../../domain/random.ts'
import { writeDicomRadiograph } from '../../imaging/writers/dicom-radiograph.ts'
import { keepPlan, scansMade, whole } from '../plan-file.ts'
import { readerName } from '../readers.ts'
import type { SimulatedVote } from '../readers.ts'
import { heelAnatomy, landmarks } from './anatomy.ts'
import { heelPatients } from './patients.ts'
import type { HeelPatient } from './patients.ts'
import { makeRadiographs } from './pool.ts'
import type { HeelControl } from './pool.ts'
import { placeIn } from './radiograph.ts'
import type { HeelRadiograph } from './radiograph.ts'

export interface HeelStudyRequest {
  seed: string | number
  /** Age-matched pairs of an osteoporotic and a control. */
  pairs: number
  readers: number
}

/** Grades of the template: 1 control, 2 osteoporotic. */
const gradeOf = { CN: 1, OP: 2 } as const

/**
 * Makes a study of heel radiographs and writes it under `folder`: `scans/H001.dcm` … (DICOM CR) to import; `truth.csv`, each
 * patient's class and where the landmarks and the middle of the region of interest lie, in pixels; `votes.csv`, the
 * simulated readers'; `plan.json`, what was asked for. A folder with the same plan is gone on with.
 * @throws ConcordError `cancelled`, `plan-differs`, `simulation-failed`.
 */
export async function writeHeelStudy(
  folder: string,
  request: HeelStudyRequest,
  control: HeelControl = {},
): Promise<{ patients: HeelPatient[]; votes: SimulatedVote[]; files: string[] }> {
  const patients = heelPatients(request.seed, request.pairs)
  await keepPlan(folder, request)
  await mkdir(join(folder, 'scans'), { recursive: true })
  const making = join(folder, '.making')
  await mkdir(making, { recursive: true })
  const made = await scansMade(patients, ({ id }) => join(folder, fileOf(id)))
  const tell = (): void => control.onProgress?.({ done: made.size, total: patients.length })
  tell()
  try {
    const missing = patients.filter(({ id }) => !made.has(id))
    await makeRadiographs(
      missing,
      async (patient, radiograph) => {
        await whole(join(making, patient.id), join(folder, fileOf(patient.id)), (path) =>
          writeRadiograph(path, patient, radiograph),
        )
        made.add(patient.id)
        tell()
      },
      control,
    )
  } finally {
    await rm(making, { recursive: true, force: true })
  }
  const votes = heelVotes(patients, request)
  await writeFile(join(folder, 'truth.csv'), truthCsv(patients))
  await writeFile(
    join(folder, 'votes.csv'),
    csvText(
      ['subject', 'rater', 'grade'],
      votes.map(({ scan, reader, grade }) => [scan, reader, grade]),
    ),
  )
  return { patients, votes, files: patients.map(({ id }) => fileOf(id)) }
}

const fileOf = (id: string): string => `scans/${id}.dcm`

/** A strict, a middling and a lenient reader, in turn. */
const biases = [-0.15, 0, 0.15] as const

/**
 * Simulated readers call OP what they see as porous: the porosity with what the picture hides from all of them (0.5) and what
 * each misjudges alone (0.7). Each is right in some 78 % of the cases, of 84 % possible.
 */
export function heelVotes(
  patients: readonly HeelPatient[],
  { seed, readers }: Pick<HeelStudyRequest, 'seed' | 'readers'>,
): SimulatedVote[] {
  return patients.flatMap(({ id, porosity }) => {
    const shared = 0.5 * randomFrom(`${seed}/look/${id}`).normal()
    return Array.from({ length: readers }, (_, reader) => {
      const own = 0.7 * randomFrom(`${seed}/reader/${reader}/${id}`).normal()
      const seen = porosity + shared + own + biases[reader % biases.length]!
      return { scan: id, reader: readerName(reader), grade: seen > 0 ? gradeOf.OP : gradeOf.CN }
    })
  })
}

async function writeRadiograph(path: string, patient: HeelPatient, radiograph: HeelRadiograph): Promise<void> {
  const index = Number(patient.id.slice(1))
  await writeDicomRadiograph(path, {
    ...{ width: radiograph.width, height: radiograph.height, pixel: radiograph.pixel, pixels: radiograph.pixels },
    ...{ patientId: `PHANTOM-${patient.id}`, patientName: `Phantom^${patient.id}`, age: patient.age },
    ...{ bodyPart: 'calcaneus', side: patient.side, description: 'Simulated heel, side view' },
    // Invented but fixed, so that the same seed writes the same bytes: one radiograph every ten minutes.
    date: new Date(Date.UTC(2026, 0, 5, 8, 0, 0) + index * 10 * 60_000),
  })
}

function truthCsv(patients: readonly HeelPatient[]): string {
  const rows = patients.map((patient) => {
    const marks = landmarks(heelAnatomy(patient, randomFrom(patient.seed)))
    const places = [marks.hind, marks.low, marks.region].flatMap((mark) => {
      const { x, y } = placeIn(patient, mark)
      return [x.toFixed(1), y.toFixed(1)]
    })
    const { id, age, side, porosity } = patient
    return [
      fileOf(id),
      id,
      `PHANTOM-${id}`,
      age,
      side,
      patient.class,
      gradeOf[patient.class],
      porosity.toFixed(4),
      ...places,
    ]
  })
  const heading = 'file,subject,patient,age,side,class,grade,porosity,hind_x,hind_y,low_x,low_y,region_x,region_y'
  return csvText(heading.split(','), rows)
}
