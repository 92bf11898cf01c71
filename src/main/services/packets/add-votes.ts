import { ConcordError } from '../../domain/error.ts'
import { digestOf, record, voteDigest } from '../../store/audit.ts'
import type { Connection } from '../../store/database.ts'
import type { Row } from '../../store/schema.ts'
import { requireMadeClear } from '../sealing/unaltered.ts'
import { isOfOpenRounds } from '../settling/open-rounds.ts'
import { addRegions } from './add-regions.ts'
import { known } from './known.ts'
import { voteRow, type PacketVote, type VoteRows } from './rows.ts'
import { turns, type Work } from './work.ts'
import { addReaderKeys, readerKeys } from './add-reader-keys.ts'
import { requireValid } from './vote-checks.ts'
import { placesFor } from './revisions.ts'

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

/** One digest of what came, whatever its order. */
export const addedDigest = (packet: string, ids: readonly string[]): string => digestOf(packet, ids.toSorted())
