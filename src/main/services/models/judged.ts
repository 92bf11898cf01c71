import type { GradedScan } from '../../domain/evaluation/graded.ts'
import type { ReaderGrades } from '../../domain/evaluation/readers.ts'
import type { Connection } from '../../store/database.ts'
import type { Row } from '../../store/schema.ts'
import type { VoteReader } from '../sealing/index.ts'
import { votePartsOn } from '../votes/counting.ts'
import type { Said } from './said.ts'

/** What a model said of a scan beside its frozen label. */
export type Judged = GradedScan & { scaled: readonly number[] }

/** The label set that a model is judged by: that of its run, or the newest of the study. */
export async function labelSetFor(connection: Connection, models: readonly Row<'model'>[]): Promise<string | null> {
  const runs = models.flatMap((row) => (row.run_id === null ? [] : [row.run_id]))
  const study = models[0]!.study_id
  const newest = await connection
    .selectFrom('label_set')
    .select('id')
    .where('study_id', '=', study)
    .$if(runs.length > 0, (q) =>
      q.where('id', 'in', (of) => of.selectFrom('training_run').select('label_set_id').where('id', 'in', runs)),
    )
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return newest?.id ?? null
}

/** Of the answers those to labelled scans, by scan. */
export async function labelled(
  connection: Connection,
  answers: readonly Said[],
  labelSetId: string | null,
): Promise<Map<string, Judged>> {
  const labels = labelSetId === null ? new Map<string, Label>() : await labelsOf(connection, labelSetId)
  return new Map(
    answers.flatMap(({ scanId, grade, probabilities, scaled }) => {
      const label = labels.get(scanId)
      if (!label) return []
      const { patient, grade: truth } = label
      return [[scanId, { scan: scanId, patient, truth, predicted: grade, probabilities, scaled }]]
    }),
  )
}

type Label = { grade: number; patient: string }

async function labelsOf(connection: Connection, labelSetId: string): Promise<Map<string, Label>> {
  const found = await connection
    .selectFrom('label')
    .innerJoin('scan', 'scan.id', 'label.scan_id')
    .select(['label.scan_id as scanId', 'label.grade as grade', 'scan.patient_id as patient'])
    .where('label.label_set_id', '=', labelSetId)
    .execute()
  return new Map(found.map(({ scanId, grade, patient }) => [scanId, { grade, patient }]))
}

/** The readers' own grades of these scans, by letter. */
export async function readersOf(
  connection: Connection,
  reader: VoteReader,
  studyId: string,
  scans: readonly GradedScan[],
): Promise<ReaderGrades[]> {
  const place = new Map(scans.map(({ scan }, i) => [scan, i]))
  const grades = new Map<string, (number | null)[]>()
  for await (const part of votePartsOn(connection, reader, studyId, [...place.keys()]))
    for (const { scanId, letter, grade } of part) {
      const own = grades.get(letter) ?? new Array<number | null>(scans.length).fill(null)
      own[place.get(scanId)!] = grade
      grades.set(letter, own)
    }
  return [...grades].sort(([a], [b]) => (a < b ? -1 : 1)).map(([letter, own]) => ({ letter, grades: own }))
}
