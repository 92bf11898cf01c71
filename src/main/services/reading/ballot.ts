import type { QueueItem } from '../../../preload/contract/reading.ts'
import { ConcordError } from '../../domain/error.ts'
import type { Row } from '../../store/schema.ts'
import { requireGrade, scaleOf } from '../context.ts'
import { designOf } from '../design-of.ts'

/** One vote as the reader hands it in. */
export interface CastRequest {
  assignmentId: string
  grade: number | null
  reason: string | null
  shownAt: string
  worstSlice: number | null
  note: string | null
  confidence?: number | null
  stackGrades?: number[] | null
  lookedMs?: number | null
  /** What the page calls this vote: handed in again with the same name it is cast once. */
  request?: string | null
}

type Ballot = Pick<
  Row<'vote'>,
  'grade' | 'reason' | 'note' | 'worst_slice' | 'shown_at' | 'confidence' | 'stack_grades' | 'looked_ms'
>

/**
 * A vote as it is kept: what the study asks for is there, what it does not ask for is left out. A vote "cannot be graded"
 * needs its reason alone. Errors: `grade-unknown`, `confidence-missing`, `worst-slice-missing`, `worst-slice-outside`,
 * `stack-grades-missing`, `roi-not-placed`.
 */
export function ballotOf(study: Row<'study'>, item: QueueItem, request: CastRequest): Ballot {
  const design = designOf(study)
  const scale = scaleOf(study)
  const graded = request.grade !== null
  if (request.grade !== null) requireGrade(scale, request.grade)
  const confidence = design.confidence && graded ? (request.confidence ?? null) : null
  if (design.confidence && graded && ![1, 2, 3].includes(confidence ?? 0))
    throw new ConcordError('confidence-missing', 'Say how sure you are of the grade, then cast.', 'confidence')
  const worst = design.worstSlice === 'off' ? null : request.worstSlice
  if (design.worstSlice === 'required' && graded && worst === null)
    throw new ConcordError('worst-slice-missing', 'Mark the worst slice, then cast.', 'worstSlice')
  if (worst !== null && !(Number.isInteger(worst) && worst >= 0 && worst < item.dims[2]))
    throw new ConcordError('worst-slice-outside', `The scan has ${item.dims[2]} slices.`, 'worstSlice')
  if (design.region.required && design.region.ask === 'own' && graded && item.region?.placed === null)
    throw new ConcordError('roi-not-placed', 'Place the region of interest on the radiograph first, then cast.')
  return {
    grade: request.grade,
    reason: request.reason,
    note: request.note,
    worst_slice: worst,
    shown_at: request.shownAt,
    confidence,
    stack_grades: stackGrades(item, request),
    looked_ms: request.lookedMs ?? null,
  }

  function stackGrades({ stacks }: QueueItem, { grade, stackGrades = null }: CastRequest): string | null {
    if (stacks === 1 || grade === null) return null
    if (stackGrades?.length !== stacks)
      throw new ConcordError(
        'stack-grades-missing',
        `The scan has ${stacks} stacks; give a grade for each.`,
        'stackGrades',
      )
    for (const one of stackGrades) requireGrade(scale, one)
    if (Math.max(...stackGrades) !== grade)
      throw new ConcordError('stack-grades-missing', "The scan's grade is the highest of its stacks'.", 'grade')
    return JSON.stringify(stackGrades)
  }
}
