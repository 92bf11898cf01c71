import type { Overview } from '../../../preload/contract/analysis.ts'

/** The votes of all readers on each day, earliest first. */
export function votesByDay(
  readers: readonly Pick<Overview['readers'][number], 'byDay'>[],
): { day: string; count: number }[] {
  const sums = new Map<string, number>()
  for (const { day, count } of readers.flatMap((reader) => reader.byDay)) sums.set(day, (sums.get(day) ?? 0) + count)
  return [...sums].map(([day, count]) => ({ day, count })).sort((a, b) => a.day.localeCompare(b.day))
}
