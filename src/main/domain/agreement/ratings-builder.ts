import { ConcordError } from '../error.ts'
import { byName } from '../names.ts'
import { categoriesOf, MISSING } from '../scale.ts'
import type { RatedVote, Ratings } from './ratings.ts'

/**
 * Collects votes one at a time (a file of ten million rows never exists as objects) and lays them out as `Ratings`.
 * Subjects keep the order of their first vote; raters are sorted by name, numbers in names by value, so that the
 * order of the rows in a file changes no result.
 */
export class RatingsBuilder {
  private readonly categories: number[]
  private readonly codeOf: Map<number, number>
  private readonly subjectOf = new Map<string, number>()
  private readonly raterOf = new Map<string, number>()
  private readonly patientOf = new Map<string, number>()
  private readonly patients: number[] = []
  private subject = new Int32Array(1024)
  private rater = new Int32Array(1024)
  private code = new Int8Array(1024)
  private row = new Int32Array(1024)
  private length = 0

  constructor(categories: Iterable<number>) {
    this.categories = categoriesOf(categories)
    this.codeOf = new Map(this.categories.map((value, index) => [value, index]))
  }

  /** How many rows were added, votes or missing. */
  get size(): number {
    return this.length
  }

  /** True where the grade is on the declared scale. */
  knows(grade: number): boolean {
    return this.codeOf.has(grade)
  }

  /** `row` is where the vote stands in its source, for messages. Throws `unknown-grade`. */
  add(vote: RatedVote, row = this.length + 1): void {
    const code = vote.grade === null ? MISSING : this.codeOf.get(vote.grade)
    if (code === undefined)
      throw new ConcordError('unknown-grade', `Grade ${vote.grade} of ${vote.subject} is not on the scale.`, 'grade')
    if (this.length === this.subject.length) this.grow()
    const subject = indexIn(this.subjectOf, vote.subject)
    this.subject[this.length] = subject
    this.rater[this.length] = indexIn(this.raterOf, vote.rater)
    this.code[this.length] = code
    this.row[this.length] = row
    this.length += 1
    if (vote.patient === undefined || vote.patient === null) return
    const patient = indexIn(this.patientOf, vote.patient)
    if ((this.patients[subject] ??= patient) !== patient)
      throw new ConcordError('two-patients', `Row ${row}: ${vote.subject} belongs to two patients.`, 'patient')
  }

  /** Throws `duplicate-vote` where a rater has two rows on a subject. */
  finish(): Ratings {
    const subjects = [...this.subjectOf.keys()]
    const raters = [...this.raterOf.keys()].sort(byName)
    const column = new Int32Array(raters.length)
    raters.forEach((name, index) => (column[this.raterOf.get(name)!] = index))
    const unset = -2
    const codes = new Int8Array(subjects.length * raters.length).fill(unset)
    for (let i = 0; i < this.length; i += 1) {
      const cell = this.subject[i]! * raters.length + column[this.rater[i]!]!
      if (codes[cell] !== unset)
        throw new ConcordError(
          'duplicate-vote',
          `Row ${this.row[i]}: ${raters[column[this.rater[i]!]!]} has a second vote on ${subjects[this.subject[i]!]}; keep one.`,
        )
      codes[cell] = this.code[i]!
    }
    for (let i = 0; i < codes.length; i += 1) if (codes[i] === unset) codes[i] = MISSING
    return { subjects, raters, categories: this.categories, codes, clusters: this.clusters(subjects.length) }
  }

  private clusters(subjects: number): Int32Array | null {
    if (this.patientOf.size === 0) return null
    let next = this.patientOf.size
    return Int32Array.from({ length: subjects }, (_, i) => this.patients[i] ?? next++)
  }

  private grow(): void {
    const size = this.subject.length * 2
    this.subject = copied(new Int32Array(size), this.subject)
    this.rater = copied(new Int32Array(size), this.rater)
    this.row = copied(new Int32Array(size), this.row)
    this.code = copied(new Int8Array(size), this.code)
  }
}

function indexIn(map: Map<string, number>, key: string): number {
  let index = map.get(key)
  if (index === undefined) {
    index = map.size
    map.set(key, index)
  }
  return index
}

function copied<T extends Int32Array | Int8Array>(to: T, from: T): T {
  to.set(from)
  return to
}

/** Ratings from a list of votes. Throws `unknown-grade`, `duplicate-vote`, and the scale's errors. */
export function ratingsOf(votes: Iterable<RatedVote>, categories: Iterable<number>): Ratings {
  const builder = new RatingsBuilder(categories)
  for (const vote of votes) builder.add(vote)
  return builder.finish()
}
