/** What the help page of the agreement figures explains, in its order. Each has a title, a text, limits and a source. */
export const topics = [
  'rescan',
  'percent',
  'kappa',
  'weights',
  'prevalence',
  'words',
  'alpha',
  'gwet',
  'icc',
  'kendall',
  'cut',
  'bias',
  'repeats',
  'drift',
  'labels',
  'intervals',
  'missing',
] as const
export type Topic = (typeof topics)[number]
