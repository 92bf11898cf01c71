import { evaluate, type Evaluation, type EvaluationInput } from '../domain/evaluation/evaluate.ts'
import type { GradedScan } from '../domain/evaluation/graded.ts'
import { compareOnSame, type PairedComparison } from '../domain/evaluation/paired.ts'
import type { Resampling } from '../domain/evaluation/resample.ts'
import { chooseTemperature, type FittedScan, type TemperatureChoice } from '../domain/evaluation/temperature.ts'
import type { Scale } from '../domain/scale.ts'

/** What the evaluator's thread can be asked, with what it answers. */
export interface Computations {
  evaluation: { question: EvaluationInput; answer: Evaluation }
  comparison: {
    question: { first: GradedScan[]; second: GradedScan[]; scale: Scale; resampling: Resampling }
    answer: PairedComparison
  }
  temperature: { question: FittedScan[]; answer: TemperatureChoice }
}
export type Computation = keyof Computations

export const computations: {
  [C in Computation]: (question: Computations[C]['question']) => Computations[C]['answer']
} = {
  evaluation: evaluate,
  comparison: ({ first, second, scale, resampling }) => compareOnSame(first, second, scale, resampling),
  temperature: chooseTemperature,
}
