import type { Overview } from '../../../preload/contract/analysis.ts'

type Days = readonly Pick<Overview['readers'][number], 'byDay'>[]

/** The votes of every reader, in their order, on each day on which anybody voted, earliest first. */
export function dayTable(readers: Days): { day: string; counts: number[] }[] {
  const days = new Map<string, number[]>()
  readers.forEach(({ byDay }, r) => {
    for (const { day, count } of byDay) {
      const counts = days.get(day) ?? readers.map(() => 0)
      counts[r]! += count
      days.set(day, counts)
    }
  })
  return [...days].map(([day, counts]) => ({ day, counts })).sort((a, b) => (a.day < b.day ? -1 : 1))
}
