import { createHash } from 'node:crypto'
import type { Ratings } from '../domain/agreement/ratings.ts'
import { tabulate } from '../domain/agreement/table.ts'
import type { EmStep } from '../domain/consensus/dawid-skene.ts'
import { estimatedRows } from '../domain/consensus/report.ts'
import { consensusOfScan, voteDistribution } from '../domain/consensus/scan.ts'
import { ConcordError } from '../domain/error.ts'
import { byName } from '../domain/names.ts'
import { MISSING } from '../domain/scale.ts'
import type { Reader, Steps } from '../store/reader.ts'
import { readCountingVotes, type CountingVotes, type CountedVote } from './counting-votes.ts'
import type { Control, LabelsAnswer, LabelsQuestion } from './whole-question.ts'

/** Scans of one step: some milliseconds. */
const SCANS = 2000

/**
 * One label a scan by a named rule, and the digest of the votes and of the grades settled that it is of. An adjudicated grade takes
 * the rule's place; a scan that more than half call "cannot be graded" has no label by any rule.
 */
export function* labelsOf(reader: Reader, question: LabelsQuestion, control: Control): Steps<LabelsAnswer> {
  const { study, rule } = question
  const goOn = (): void => {
    if (control.stopped()) throw new ConcordError('cancelled', 'This was stopped.')
  }
  const votes = yield* readCountingVotes(reader, study, 'error', (share) => {
    control.tell({ stage: 'votes', share })
    goOn()
  })
  const settled = yield* readSettled(reader, study.id)
  goOn()
  const model =
    rule === 'dawid-skene'
      ? yield* estimated(votes, study.categories, question.work, (step) => {
          control.tell({ stage: 'estimate', ...step })
          goOn()
        })
      : null
  const q = study.categories.length
  const scans: string[] = []
  const grades: number[] = []
  const adjudications: number[] = []
  const shares = new Float64Array(votes.scans.length * q)
  let unresolved = 0
  for (const [place, scan] of votes.scans.entries()) {
    if (place % SCANS === 0) {
      goOn()
      yield
    }
    const own = votes.of(place)
    if (own.length === 0) continue
    const cast = own.map(({ grade }) => grade ?? 'cannot')
    const byRule = consensusOfScan(cast, rule === 'dawid-skene' ? 'majority' : rule, study, settled.get(scan)?.grade)
    const refused = 2 * cast.filter((vote) => vote === 'cannot').length > cast.length
    const estimate = model && !refused ? model.of(place) : null
    const label = byRule.adjudicated || !model ? byRule.label : (estimate?.label ?? null)
    if (label === null) {
      unresolved += 1
      continue
    }
    const certain = study.categories.map((grade) => (grade === label ? 1 : 0))
    // The posterior takes the place of the votes' shares as the soft label.
    shares.set(estimate?.posterior ?? voteDistribution(cast, study.categories) ?? certain, scans.length * q)
    scans.push(scan)
    grades.push(label)
    adjudications.push(byRule.adjudicated ? 1 : 0)
  }
  return {
    scans: scans.join('\n'),
    grades: Int32Array.from(grades),
    adjudicated: Uint8Array.from(adjudications),
    shares: shares.slice(0, scans.length * q),
    unresolved,
    digest: yield* digestOfVotes(votes, settled),
    estimate: model && { iterations: model.iterations, converged: model.converged },
  }
}

type Settled = ReadonlyMap<string, { grade: number; at: string }>

/** The newest grade that was settled for each scan. */
function* readSettled(reader: Reader, studyId: string): Steps<Settled> {
  const settled = new Map<string, { grade: number; at: string }>()
  const query = reader.build
    .selectFrom('adjudication')
    .select(['scan_id', 'grade', 'at'])
    .where('study_id', '=', studyId)
    .orderBy('id')
  yield* reader.read<[string, number, string]>(query, ([scan, grade, at]) => settled.set(scan, { grade, at }))
  return settled
}

/** Dawid and Skene's labels and posteriors, by scan. "Cannot be graded" is no grade and tells the model nothing. */
function* estimated(
  votes: CountingVotes,
  categories: readonly number[],
  work: number | undefined,
  tell: (step: EmStep) => void,
) {
  const { ratings, place } = ratingsFrom(votes, categories)
  const table = tabulate(ratings)
  const steps = estimatedRows(table, work)
  for (;;) {
    const { done, value } = steps.next()
    if (!done) {
      tell(value)
      yield
      continue
    }
    const { labels, posterior, iterations, converged } = value
    const row = (scan: number): number => table.rowOf[place[scan]!]!
    return {
      ...{ iterations, converged },
      of: (scan: number) => ({ label: labels[row(scan)]!, posterior: posterior[row(scan)] ?? null }),
    }
  }
}

/** A row a scan with a vote, a column a reader with one. */
export function ratingsFrom({ scans, of }: CountingVotes, categories: readonly number[]) {
  const voting = new Set<string>()
  const subjects: string[] = []
  // Of a scan its row.
  const place = new Int32Array(scans.length).fill(-1)
  for (let scan = 0; scan < scans.length; scan += 1) {
    const own = of(scan)
    for (const { reader } of own) voting.add(reader.letter)
    if (own.length > 0) place[scan] = subjects.push(scans[scan]!) - 1
  }
  const raters = [...voting].sort(byName)
  const column = new Map(raters.map((letter, at) => [letter, at]))
  const codes = new Int8Array(subjects.length * raters.length).fill(MISSING)
  for (let scan = 0; scan < scans.length; scan += 1)
    for (const { reader, grade } of of(scan))
      if (grade !== null) codes[place[scan]! * raters.length + column.get(reader.letter)!] = codeOf(grade, categories)
  const ratings: Ratings = { subjects, raters, categories, codes, clusters: null }
  return { ratings, place }
}

function codeOf(grade: number, categories: readonly number[]): number {
  const code = categories.indexOf(grade)
  if (code < 0) throw new ConcordError('unknown-grade', `Grade ${grade} is not on the scale.`, 'grade')
  return code
}

/**
 * What audit.digestOf gives of the votes [scan, account, grade, cast at] and of the grades settled [scan, grade, at], both sorted as
 * text: made scan by scan, since a million votes as one text are more than a text holds.
 */
function* digestOfVotes({ scans, of }: CountingVotes, settled: Settled): Generator<undefined, string> {
  const hash = createHash('sha256').update('[[')
  // Identifiers hold no comma: the votes of one scan stand together.
  const order = [...scans.keys()].sort((a, b) => compare(`${scans[a]},`, `${scans[b]},`))
  let empty = true
  for (const [place, scan] of order.entries()) {
    if (place % SCANS === 0) yield
    const rows = of(scan).map((vote) => row(scans[scan]!, vote))
    if (rows.length === 0) continue
    hash.update(`${empty ? '' : ','}${JSON.stringify(rows.sort()).slice(1, -1)}`)
    empty = false
  }
  const decisions = [...settled].map(([scan, { grade, at }]) => [scan, grade, at]).sort()
  return hash.update(`],${JSON.stringify(decisions)}]`).digest('hex')
}

const row = (scan: string, { reader, grade, castAt }: CountedVote) => [scan, reader.accountId, grade, castAt]
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
