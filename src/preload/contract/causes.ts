import { z } from 'zod'

const always = ['definition', 'majority', 'other'] as const
const motion = ['streaksInside', 'streaksOutside', 'fewSlices', 'manySlices'] as const
const osteoporosis = ['trabeculaeLost', 'trabeculaeKept', 'exposure', 'overlap'] as const
const neutral = ['smallPart', 'largePart', 'imageQuality'] as const

/** Reasons of an adjudication, from a list. They are stored by these codes: none is ever renamed or given another meaning. */
export const adjudicationCause = z.enum([...motion, ...osteoporosis, ...neutral, ...always])
export type AdjudicationCause = z.infer<typeof adjudicationCause>

const ofTemplate: Readonly<Record<string, readonly AdjudicationCause[]>> = {
  'hrpqct-motion': [...motion, ...always],
  'calcaneus-osteoporosis': [...osteoporosis, ...always],
}

/** The reasons offered in a study of a template, in the order of their digits; neutral ones on a department's own scale. */
export const causesFor = (template: string): readonly AdjudicationCause[] =>
  ofTemplate[template] ?? [...neutral, ...always]
