import { z } from 'zod'

export const id = z.uuid()
export const time = z.iso.datetime()
export const title = z.string().trim().min(1).max(120)
export const path = z.string().min(1).max(4096)
export const seed = z
  .int()
  .min(0)
  .max(2 ** 31 - 1)
/** A point of the study's scale; which values exist is the study's matter and is checked in the service. */
export const gradeValue = z.int().min(0).max(99)
/** Of the system; `asking`: it has not answered yet, as while it asks for the password of a locked keychain. */
export const keychainState = z.enum(['ready', 'asking', 'none'])
export type KeychainState = z.infer<typeof keychainState>
export const site = z.enum(['tibia', 'radius', 'calcaneus', 'other'])
export const side = z.enum(['left', 'right', 'unknown'])

export const gradeDefinition = z.strictObject({
  value: gradeValue,
  word: z.string().min(1).max(40),
  description: z.string().max(400),
  /** #rrggbb, where the study chose a colour of its own. */
  colour: z
    .string()
    .regex(/^#[0-9a-f]{6}$/)
    .optional(),
})

/** What the grades from the cut on mean: scan the patient again, or the study's condition is there (sensitivity is of these). */
export const cutMeaning = z.enum(['rescan', 'positive'])

const className = z.string().trim().min(1).max(40).optional()
const classNamed = z.strictObject({ en: className, de: className })
/** What a study that asks for a condition calls its two classes; where it does not say, the words of their grades. */
export const cutWords = z.strictObject({ positive: classNamed, negative: classNamed })

/**
 * The grades of a study, lowest first, and the first grade on the far side of its cut (null: no cut). That means "scan again"
 * where `cutMeans` does not say otherwise.
 */
export const scale = z
  .strictObject({
    grades: z.array(gradeDefinition).min(2).max(12),
    rescanFrom: gradeValue.nullable(),
    cutMeans: cutMeaning.optional(),
    cutWords: cutWords.optional(),
  })
  .refine((s) => s.grades.every((g, i) => i === 0 || g.value > s.grades[i - 1]!.value), 'grades must rise')
  .refine((s) => s.rescanFrom === null || s.grades.some((g) => g.value === s.rescanFrom), 'the cut must be a grade')
  .refine(
    (s) => s.cutMeans !== 'positive' || (s.rescanFrom !== null && s.rescanFrom > s.grades[0]!.value),
    'a condition needs grades on both sides of the cut',
  )
  .refine((s) => s.cutWords === undefined || s.cutMeans === 'positive', 'only the classes of a condition have names')
export type Scale = z.infer<typeof scale>

/** Whether the study asks for a condition: then its lead sees sensitivity and specificity, and the words of its classes. */
export const asksForCondition = (scale: Scale): boolean => scale.rescanFrom !== null && scale.cutMeans === 'positive'

/** The department's own name of a class: in this language, else in the other; null where it gave none. */
export function ownClassName(scale: Scale, side: 'positive' | 'negative', language: 'en' | 'de'): string | null {
  const named = scale.cutWords?.[side]
  return named?.[language] ?? named?.[language === 'en' ? 'de' : 'en'] ?? null
}

/** A statistic that may be undefined: then `estimate` is null and `reason` says why. */
export const estimate = z.looseObject({
  estimate: z.number().nullable(),
  reason: z.string().optional(),
  ci: z.tuple([z.number(), z.number()]).nullable().optional(),
  n: z.number().optional(),
})
export type Estimate = z.infer<typeof estimate>
