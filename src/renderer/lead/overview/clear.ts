/**
 * The rows whose p stays below 0.05 with that many tests beside it (Bonferroni 1936: p times their number): of 435 pairs of readers
 * who grade alike some twenty have a p below 0.05, and a title must not name one of them.
 */
export function clearOf<T>(rows: readonly T[], p: (row: T) => number | null): T[] {
  const tests = rows.filter((row) => p(row) !== null).length
  return rows.filter((row) => {
    const own = p(row)
    return own !== null && own * tests < 0.05
  })
}
