import { leakyFolds, leakyTestPart } from '../../domain/leaky-split.ts'
import { patientFolds, patientSplit } from '../../domain/splits.ts'
import type { SetPicture } from './pictures.ts'
import type { Training } from './plan.ts'

/** Share of the test part where there are no folds (Table 2: "training data 80 %"). */
const testShare = 0.2

/**
 * Ids of the pictures that a training is tested on; it learns from all others. By patient, the parts are the same for every
 * set and network, and a patient's derivatives are where the patient is.
 */
export function testPart(pictures: readonly SetPicture[], training: Training, seed: number): Set<string> {
  const { protocol, fold } = training
  if (protocol === 'leaky') {
    if (fold === null) return leakyTestPart(pictures, testShare, seed)
    const folds = leakyFolds(pictures, 3, seed)
    return new Set(pictures.flatMap(({ id }) => (folds.get(id) === fold ? [id] : [])))
  }
  const labels = new Map(pictures.map(({ patient, label }) => [patient, label]))
  const patients = [...labels].map(([patient, label]) => ({ id: patient, patient, label }))
  const placed =
    fold === null
      ? new Map(
          [...patientSplit(patients, { validation: 0, test: testShare, seed })].map(([id, part]) => [
            id,
            part === 'test',
          ]),
        )
      : new Map([...patientFolds(patients, 3, seed)].map(([id, place]) => [id, place === fold]))
  return new Set(pictures.flatMap(({ id, patient }) => (placed.get(patient) ? [id] : [])))
}
