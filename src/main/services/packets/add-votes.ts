import { ConcordError } from '../../domain/error.ts'
import { digestOf, record, voteDigest } from '../../store/audit.ts'
import type { Connection } from '../../store/database.ts'
import type { Row } from '../../store/schema.ts'
import { readerKeyDigest } from '../../store/witness/digests.ts'
import { requireGrade, scaleOf } from '../context.ts'
import { requireMadeClear } from '../sealing/study-keys.ts'
import { isOfOpenRounds } from '../settling/open-rounds.ts'
import { addRegions } from './add-regions.ts'
import { known } from './known.ts'
import { voteRow, type PacketVote, type VoteRows } from './rows.ts'
import { turns, type Work } from './work.ts'

const DAY = 86_400_000

/** Both sides had voted on this place of the queue; all is kept, and this one counts. */
export interface Conflict {
  assignmentId: string
  position: number
  counts: { voteId: string; castAt: string; from: 'packet' | 'here' }
}
export interface Added {
  votes: number
  /** Of the packet's votes those that were here before. */
  known: number
  /** Votes of a round that is over here (send-back.ts): they are not added. */
  late: number
  conflicts: Conflict[]
}

type Cast = Pick<Row<'vote'>, 'cast_at' | 'id'>
/** The rule by which the last word is known, whichever side is merged first: when it was cast, then the identifier. */
export const isLater = (a: Cast, b: Cast): boolean => a.cast_at > b.cast_at || (a.cast_at === b.cast_at && a.id > b.id)

/**
 * Puts a reader's votes beside those that are here, each once by its identifier, each with its audit entry, in the caller's
 * transaction. Errors: `packet-assignment-unknown`, `packet-vote-invalid`, `packet-vote-differs`, `packet-clock`, `roi-outside`.
 */
export async function addVotes(
  t: Connection,
  study: Row<'study'>,
  readerId: string,
  rows: VoteRows,
  work: Work = {},
): Promise<Added & { ids: string[] }> {
  const turn = turns(work)
  const assignments = await ownAssignments(t, study.id, readerId)
  const voted = Map.groupBy(await ownVotes(t, study.id, readerId), (vote) => vote.assignment_id)
  const there = await known(
    t,
    'vote',
    rows.votes.map((vote) => vote.id),
  )
  const byAssignment = Map.groupBy(rows.votes, (vote) => vote.assignment_id)
  const news = new Map<string, { here: Row<'vote'>[]; votes: PacketVote[]; fresh: PacketVote[] }>()
  const added: Added & { ids: string[] } = { votes: 0, known: 0, late: 0, conflicts: [], ids: [] }
  for (const [assignmentId, votes] of byAssignment) {
    await turn()
    const assignment = assignments.get(assignmentId)
    if (!assignment)
      throw new ConcordError(
        'packet-assignment-unknown',
        'The packet holds a vote on a scan that is not in the queue of this reader here. Nothing was merged.',
      )
    const here = voted.get(assignmentId) ?? []
    const fresh: PacketVote[] = []
    for (const vote of votes) {
      const same = here.find((one) => one.id === vote.id)
      if (same ? content(same) !== content(voteRow(vote)) : there.has(vote.id))
        throw new ConcordError(
          'packet-vote-differs',
          'A vote of the packet is here already and says something else. Nothing was merged.',
        )
      if (!same) fresh.push(vote)
    }
    added.known += votes.length - fresh.length
    if (!assignment.open) added.late += fresh.length
    else if (fresh.length > 0) news.set(assignmentId, { here, votes, fresh })
  }
  const fresh = [...news.values()].flatMap((one) => one.fresh)
  await addReaderKeys(t, study, readerId, rows, new Set(fresh.map((vote) => vote.reader_key_id)))
  const keys = await readerKeys(t, study.id, readerId)
  if (study.votes_encrypted === 0 && news.size > 0) await requireMadeClear(t, study)
  let done = 0
  for (const [assignmentId, { here, votes, fresh: some }] of news) {
    await turn()
    work.progress?.((done += some.length) / fresh.length)
    for (const vote of some) requireValid(study, vote, keys)
    const placed = placesFor(here, votes, some)
    for (const { vote, revision } of placed) await insert(t, readerId, vote, revision)
    added.votes += some.length
    added.ids.push(...some.map((vote) => vote.id))
    const all = [...here, ...placed.map(({ vote, revision }) => ({ ...voteRow(vote), revision }))]
    const last = all.reduce((a, b) => (b.revision > a.revision ? b : a))
    await t
      .updateTable('assignment')
      .set({ voted: last.kind === 'cast' ? 1 : 0 })
      .where('id', '=', assignmentId)
      .execute()
    const { place, position } = assignments.get(assignmentId)!
    if (here.some((one) => !votes.some((vote) => vote.id === one.id)))
      added.conflicts.push({
        ...{ assignmentId, position: place ?? position },
        counts: {
          ...{ voteId: last.id, castAt: last.cast_at },
          from: votes.some((vote) => vote.id === last.id) ? 'packet' : 'here',
        },
      })
  }
  await addRegions(t, study, readerId, rows, assignments)
  return added
}

/**
 * Under which revision each new vote stands: its own where this side has nothing else; otherwise after all that is here, or
 * before it, as the rule says. The highest revision counts, so that the last word does, whatever is merged first.
 */
function placesFor(here: readonly Row<'vote'>[], votes: readonly PacketVote[], fresh: readonly PacketVote[]) {
  const foreign = here.some((one) => !votes.some((vote) => vote.id === one.id))
  const taken = here.map((one) => one.revision)
  const top = Math.max(0, ...taken)
  if (!foreign && fresh.every((vote) => vote.revision > top || here.length === 0))
    return fresh.map((vote) => ({ vote, revision: vote.revision }))
  const last = here.reduce((a, b) => (isLater(b, a) ? b : a))
  const sorted = fresh.toSorted((a, b) => (isLater(a, b) ? 1 : -1))
  const after = sorted.filter((vote) => isLater(vote, last))
  const before = sorted.filter((vote) => !isLater(vote, last)).reverse()
  const bottom = Math.min(...taken)
  return [
    ...before.map((vote, index) => ({ vote, revision: bottom - 1 - index })),
    ...after.map((vote, index) => ({ vote, revision: top + 1 + index })),
  ]
}

async function insert(t: Connection, readerId: string, vote: PacketVote, revision: number): Promise<void> {
  const cast = vote.cast_revision ?? vote.revision
  const row: Row<'vote'> = { ...voteRow(vote), revision, cast_revision: cast === revision ? null : cast }
  await t.insertInto('vote').values(row).execute()
  await record(t, { accountId: readerId, act: 'vote.merged', subject: row.id, rowDigest: voteDigest(row) })
}

/** What a vote says, wherever it stands. */
const content = (row: Row<'vote'>): string =>
  voteDigest({ ...row, revision: row.cast_revision ?? row.revision, cast_revision: null })

/** The reader's places of the queue, and whether they can be voted on still. */
async function ownAssignments(t: Connection, studyId: string, readerId: string) {
  const rows = await t
    .selectFrom('assignment')
    .select(['id', 'position', 'place', 'scan_id', isOfOpenRounds.as('open')])
    .where('study_id', '=', studyId)
    .where('account_id', '=', readerId)
    .execute()
  return new Map(rows.map((row) => [row.id, { ...row, open: Boolean(row.open) }]))
}

const ownVotes = (t: Connection, studyId: string, readerId: string): Promise<Row<'vote'>[]> =>
  t
    .selectFrom('vote')
    .innerJoin('assignment', 'assignment.id', 'vote.assignment_id')
    .selectAll('vote')
    .where('assignment.study_id', '=', studyId)
    .where('assignment.account_id', '=', readerId)
    .execute()

function requireValid(study: Row<'study'>, vote: PacketVote, keys: ReadonlySet<string>): void {
  const soon = Date.now() + DAY
  if (Date.parse(vote.cast_at) > soon || Number.parseInt(vote.id.slice(0, 8) + vote.id.slice(9, 13), 16) > soon)
    throw new ConcordError(
      'packet-clock',
      `A vote of the packet is of ${vote.cast_at}, which is still to come. Set the clocks right; nothing was merged.`,
    )
  const encrypted = study.votes_encrypted === 1
  const invalid = (): ConcordError =>
    new ConcordError(
      'packet-vote-invalid',
      'A vote of the packet is none that this study knows. Nothing was merged: make the packet again.',
    )
  const { grade, reason, note, worst_slice, confidence, stack_grades, sealed, reader_key_id } = vote
  const said = [grade, reason, note, worst_slice, confidence, stack_grades]
  if (vote.kind === 'withdrawn') {
    if ([...said, sealed, reader_key_id].some((value) => value !== null)) throw invalid()
    return
  }
  if ((sealed !== null) !== encrypted || (reader_key_id !== null) !== encrypted) throw invalid()
  if (encrypted) {
    if (said.some((value) => value !== null) || !keys.has(reader_key_id!)) throw invalid()
    return
  }
  if ((grade === null) === (reason === null)) throw invalid()
  if (grade !== null) requireGrade(scaleOf(study), grade)
}

/** What this reader's votes in the study may be sealed with. */
async function readerKeys(t: Connection, studyId: string, readerId: string): Promise<Set<string>> {
  const rows = await t
    .selectFrom('reader_key')
    .innerJoin('study_key', 'study_key.id', 'reader_key.study_key_id')
    .select('reader_key.id')
    .where('reader_key.account_id', '=', readerId)
    .where('study_key.study_id', '=', studyId)
    .execute()
  return new Set(rows.map(({ id }) => id))
}

/** The keys that the votes were sealed with, in their boxes for the study and for the reader. */
async function addReaderKeys(
  t: Connection,
  study: Row<'study'>,
  readerId: string,
  rows: VoteRows,
  used: ReadonlySet<string | null>,
): Promise<void> {
  const there = await known(
    t,
    'reader_key',
    rows.readerKeys.map((key) => key.id),
  )
  const studyKeys = await t.selectFrom('study_key').select('id').where('study_id', '=', study.id).execute()
  const own = await t.selectFrom('account_key').select('id').where('account_id', '=', readerId).execute()
  for (const key of rows.readerKeys) {
    if (there.has(key.id) || !used.has(key.id)) continue
    if (key.account_id !== readerId || !studyKeys.some(({ id }) => id === key.study_key_id))
      throw new ConcordError(
        'packet-vote-invalid',
        'The packet holds a key that is not of this reader and this study. Nothing was merged.',
      )
    await t.insertInto('reader_key').values(key).execute()
    await record(t, { accountId: readerId, act: 'vote.key-made', subject: key.id, rowDigest: readerKeyDigest(key) })
    for (const share of rows.readerShares)
      if (share.reader_key_id === key.id && own.some(({ id }) => id === share.account_key_id))
        await t.insertInto('reader_key_share').values(share).execute()
  }
}

/** One digest of what came, whatever its order. */
export const addedDigest = (packet: string, ids: readonly string[]): string => digestOf(packet, ids.toSorted())
