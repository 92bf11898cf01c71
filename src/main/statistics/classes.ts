import { majorityOf, NEGATIVE, POSITIVE, saidBy, SILENT, twoClassFigures } from '../domain/agreement/two-classes.ts'
import type { TwoClassFigures } from '../domain/agreement/two-classes.ts'
import type { RescanOptions } from '../domain/agreement/rescan-figure.ts'
import { cutIndex } from '../domain/scale.ts'
import type { Copy } from './copy.ts'
import type { ClassesAnswer, StudyAsked } from './question.ts'
import { patientsOf, type Selection } from './selection.ts'

/**
 * Sensitivity and specificity of each reader and of their majority. Where the truth of any scan of the selection is known they are
 * against it, on the scans where it is known. Where none is, each reader is held against the majority of the others, and the
 * majority against nobody.
 */
export function classesOf(
  copy: Copy,
  selection: Selection,
  study: StudyAsked,
  options: RescanOptions,
): ClassesAnswer | null {
  const { readers, column, scans, place, start, end } = selection
  const { reader, code } = selection.columns
  const cut = cutIndex(study.categories, study.rescanFrom)
  if (cut === null) return null
  const side = (code: number): number => (code < 0 ? SILENT : code >= cut ? POSITIVE : NEGATIVE)
  const answers = readers.map(() => new Int8Array(scans.length).fill(SILENT))
  for (let i = 0; i < scans.length; i += 1)
    for (let at = start[i]!; at < end[i]!; at += 1) {
      const whose = column[reader[at]!]!
      if (whose >= 0) answers[whose]![i] = side(code[at]!)
    }
  const truth = new Int8Array(scans.length).fill(SILENT)
  for (const [scan, grade] of copy.truth) {
    const i = place[scan] ?? -1
    if (i >= 0) truth[i] = side(study.categories.indexOf(grade))
  }
  const clusters = patientsOf(copy, scans)
  const said = saidBy(answers)
  const known = truth.some((one) => one !== SILENT)
  const against = (said: Int8Array, reference: Int8Array): TwoClassFigures =>
    twoClassFigures(said, reference, clusters, options)
  const counted = (value: number): number => truth.reduce((sum, one) => (one === value ? sum + 1 : sum), 0)
  return {
    reference: known ? 'truth' : 'others',
    positives: known ? counted(POSITIVE) : null,
    negatives: known ? counted(NEGATIVE) : null,
    readers: readers.map((r, at) => ({
      letter: copy.readers[r]!.letter,
      ...against(answers[at]!, known ? truth : majorityOf(said, answers[at])),
    })),
    majority: known && readers.length > 1 ? against(majorityOf(said), truth) : null,
  }
}
