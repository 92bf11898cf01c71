import { z } from 'zod'

const digest = z.string().nullable()

/** The parts of a card that the page shows; each may be missing: cards of earlier versions and of ensembles say less. */
const parts = {
  program: z.object({ version: z.string(), commit: z.string().nullable() }),
  split: z.object({ scans: z.record(z.string(), z.enum(['train', 'validation', 'test'])) }),
  labelSet: z.object({
    ...{ labels: z.int(), adjudicated: z.int(), frozenAt: z.string(), labelsDigest: z.string() },
    /** Of Dawid and Skene's rule. */
    converged: z.boolean().optional(),
  }),
  reading: z.object({
    ...{ readers: z.int(), readersPerScan: z.int(), encryptedUntilSeal: z.boolean() },
    ...{ repeats: z.number(), rounds: z.int(), modelShownAfterFirstVote: z.boolean() },
  }),
  pretrained: z.object({ file: z.string(), sha256: digest }),
  /** Whose weights were kept, and how many there were; an early stop makes them fewer than the recipe allows. */
  ...{ bestEpoch: z.int(), epochsRun: z.int() },
  weights: z.object({ sha256: z.string() }),
  reproduces: z.object({ name: z.string(), sha256: z.string() }),
}
export type CardParts = { [Key in keyof typeof parts]: z.infer<(typeof parts)[Key]> | null }

/** What a card says, part by part; null for what it does not say as expected. */
export const partsOf = (card: Record<string, unknown>): CardParts =>
  Object.fromEntries(
    Object.entries(parts).map(([key, schema]) => {
      const found = schema.safeParse(card[key])
      return [key, found.success ? found.data : null]
    }),
  ) as CardParts

/** Scans in each part of the split. */
export function scansOf({ scans }: NonNullable<CardParts['split']>): Record<'train' | 'validation' | 'test', number> {
  const count = { train: 0, validation: 0, test: 0 }
  for (const part of Object.values(scans)) count[part] += 1
  return count
}
