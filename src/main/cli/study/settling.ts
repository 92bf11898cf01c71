import { consensusRules } from '../../domain/consensus/report.ts'
import { oneOf, required } from '../options.ts'
import type { Verb } from './call.ts'

/** How far the readers differ, and what is settled. */
export const settlingVerbs: Record<string, Verb> = {
  quality: {
    usage: 'STUDY   (repeats, known cases, rounds and second votes, by reader)',
    roles: ['lead'],
    run: async ({ program, caller, studyId }) => program.services.quality.of(caller, await studyId()),
  },
  status: {
    usage: 'STUDY',
    roles: ['lead'],
    run: async ({ program, caller, studyId }) => program.services.analysis.overview(caller, await studyId()),
  },
  seal: {
    usage: 'STUDY [--incomplete]',
    roles: ['lead'],
    run: async ({ program, caller, values, studyId }) =>
      program.services.rounds.seal(caller, {
        studyId: await studyId(),
        incomplete: values.incomplete ?? false,
      }),
  },
  unblind: {
    usage: 'STUDY',
    roles: ['lead'],
    run: async ({ program, caller, studyId }) => program.services.rounds.unblind(caller, await studyId()),
  },
  labels: {
    usage: 'STUDY --name N [--rule majority|rounded-mean|median|dawid-skene]',
    roles: ['lead'],
    run: async ({ program, caller, values, studyId }) => {
      return program.services.labels.freeze(caller, {
        studyId: await studyId(),
        name: required(values.name, '--name'),
        rule: oneOf(values.rule ?? 'majority', '--rule', consensusRules),
      })
    },
  },
}
