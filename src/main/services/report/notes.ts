/** What only the authors of a report know, with its items of the GRRAS checklist. */
export const noteItems = {
  device: 2,
  population: 3,
  raters: 4,
  known: 5,
  sampleSize: 6,
  sampling: 7,
  process: 8,
  characteristics: 12,
  relevance: 14,
} as const
export type NoteItem = keyof typeof noteItems
export type Notes = Partial<Record<NoteItem, string>>
