import { MANY } from './heights.ts'

const rows = [
  ['sites', 'pairs'],
  ['months', 'bias'],
  ['pairTable', 'confusion'],
] as const
export type CardName =
  | (typeof rows)[number][number]
  | 'atCut'
  | 'distribution'
  | 'labels'
  | 'drift'
  | 'coefficients'
  | 'overTime'
  | 'progress'
  | 'days'

/** Cards below one another, beside the next place where it is not whole. */
export interface Place {
  width: 'half' | 'half tall' | 'whole'
  cards: readonly CardName[]
}

const half = (...cards: CardName[]): Place => ({ width: 'half', cards })
const whole = (...cards: CardName[]): Place => ({ width: 'whole', cards })

/** Two by two: what stands side by side is about as long. */
const few: readonly Place[] = [
  ...rows.flatMap((both) => both.map((card) => half(card))),
  whole('atCut'),
  ...[half('distribution'), half('labels'), half('drift')],
  { width: 'half tall', cards: ['coefficients'] },
  ...[half('progress'), whole('overTime'), whole('days')],
]
/** Where some cards have a row for each of thirty readers and others do not: two columns, so that none stands beside emptiness. */
const many: readonly Place[] = [
  ...[half('sites', 'pairs', 'pairTable'), half('months', 'bias', 'confusion'), whole('atCut')],
  ...[half('distribution', 'coefficients'), half('labels', 'drift', 'progress')],
  ...[whole('overTime'), whole('days')],
]

/** The cards below the tiles, in reading order, for so many readers. */
export const placesFor = (readers: number): readonly Place[] => (readers > MANY ? many : few)

/** These are as long as their rows; where a column is longer, the charts in it take the room. */
export const tables: ReadonlySet<CardName> = new Set(['pairTable', 'atCut', 'coefficients', 'overTime', 'progress'])
