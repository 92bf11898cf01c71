import { reading } from '../../../preload/contract/reading.ts'
import { ConcordError } from '../../domain/error.ts'
import { checked } from '../options.ts'
import type { Verb } from './call.ts'

const numberOf = (value: string | undefined): number | null => (value === undefined ? null : Number(value))

/** A reader at work. */
export const readingVerbs: Record<string, Verb> = {
  queue: {
    usage: 'STUDY',
    roles: ['reader'],
    run: async ({ program, caller, studyId }) => program.services.reading.desk(caller, await studyId()),
  },
  vote: {
    usage: 'STUDY GRADE [--stacks 1,3] [--sure 1|2|3] [--worst SLICE] | STUDY --reason WHY   (for the next scan)',
    roles: ['reader'],
    run: async ({ program, caller, rest: [, grade], values, studyId }) => {
      const desk = await program.services.reading.desk(caller, await studyId())
      if (!desk.current) throw new ConcordError('queue-finished', 'There is no scan left in your queue.')
      if ((grade === undefined) === (values.reason === undefined))
        throw new ConcordError('bad-option', 'Give a grade, or --reason why the scan cannot be graded.')
      const request = {
        assignmentId: desk.current.assignmentId,
        grade: grade === undefined ? null : Number(grade),
        reason: values.reason ?? null,
        shownAt: new Date().toISOString(),
        worstSlice: numberOf(values.worst),
        note: null,
        confidence: numberOf(values.sure),
        stackGrades: values.stacks === undefined ? null : values.stacks.split(',').map(Number),
      }
      const names = { worstSlice: '--worst', confidence: '--sure', stackGrades: '--stacks', grade: 'The grade' }
      return program.services.reading.cast(caller, checked(reading.cast.request, request, names))
    },
  },
}
