import { ConcordError } from '../error.ts'
import { categoriesOf, MISSING } from '../scale.ts'

/**
 * Votes on a declared scale, one row a subject, one column a rater.
 * `codes[subject * raters.length + rater]` is the index of the grade in `categories`, or -1 where there is no vote.
 */
export type Ratings = {
  readonly subjects: readonly string[]
  readonly raters: readonly string[]
  /** The declared grades, ascending: never only those that happen to occur. */
  readonly categories: readonly number[]
  readonly codes: Int8Array
  /** For each subject the number of its cluster (its patient), from 0; null where every subject stands alone. */
  readonly clusters: Int32Array | null
}

/** One vote. A `grade` of null says that the rater gave none. */
export type RatedVote = { subject: string; rater: string; grade: number | null; patient?: string | null }

/** Ratings from a table of grades: rows are subjects, columns raters, null is missing. Names are S1…, R1… */
export function ratingsFromTable(
  rows: readonly (readonly (number | null)[])[],
  categories: Iterable<number>,
  raters: number = rows[0]?.length ?? 0,
): Ratings {
  const declared = categoriesOf(categories)
  const codeOf = new Map(declared.map((value, index) => [value, index]))
  const codes = new Int8Array(rows.length * raters).fill(MISSING)
  rows.forEach((row, s) =>
    row.forEach((grade, r) => {
      const code = grade === null ? MISSING : codeOf.get(grade)
      if (code === undefined) throw new ConcordError('unknown-grade', `Grade ${grade} is not on the scale.`, 'grade')
      codes[s * raters + r] = code
    }),
  )
  return {
    subjects: rows.map((_, s) => `S${s + 1}`),
    raters: Array.from({ length: raters }, (_, r) => `R${r + 1}`),
    categories: declared,
    codes,
    clusters: null,
  }
}
