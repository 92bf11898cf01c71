import type { Reader, Steps } from '../store/reader.ts'
import { emptyVotes, type Copy } from './copy.ts'
import type { StudyAsked } from './question.ts'
import {
  countQueues,
  mergedPackets,
  newestVote,
  readKeys,
  readReaders,
  readScans,
  readSettled,
  readTruth,
} from './study-rows.ts'
import { allVotes, codes, take, votesSince, type VoteRow } from './vote-rows.ts'

/** As `catchUp`; two questions about the same study share the work instead of doing it twice. */
export function* current(reader: Reader, study: StudyAsked, copy: Copy): Steps<void> {
  copy.busy ??= catchUp(reader, study, copy)
  const { busy } = copy
  try {
    for (;;) {
      // What a server is asked for is awaited by both; whoever comes first goes on.
      if (copy.awaited) {
        yield copy.awaited
        continue
      }
      const { done, value } = busy.next()
      if (done) break
      if (value) copy.awaited = value.finally(() => (copy.awaited = null))
      else yield
    }
  } catch (error) {
    copy.failure = { error }
  }
  if (copy.busy === busy) copy.busy = null
  if (copy.failure) throw copy.failure.error
}

/**
 * Brings the copy up to date: all of a study at the first time (a step a reader, so that others can be answered in
 * between), afterwards only what has been cast since. Votes are never changed, and each one's identifier sorts after those of
 * all that were committed before it (store/identity.ts).
 */
function* catchUp(reader: Reader, study: StudyAsked, copy: Copy): Steps<void> {
  const { id: studyId, categories } = study
  const encrypted = (study.keys ?? null) !== null
  // Asked before anything is read: what is committed meanwhile is seen the next time.
  const changes = yield* reader.changes()
  if (changes === copy.changes) return
  const merged = yield* mergedPackets(reader, studyId)
  const first = copy.lastVote === '' || merged !== copy.merged
  const newest = yield* newestVote(reader)
  yield* readReaders(reader, studyId, copy)
  yield* readScans(reader, studyId, copy)
  yield* readKeys(reader, study, copy)
  yield
  const codeOf = codes(categories)
  const voted = new Set<string>()
  if (first) {
    for (const one of copy.readers) {
      if (merged !== copy.merged) one.votes = emptyVotes(copy.site.length)
      const query = allVotes(reader, studyId, one.accountId, encrypted)
      yield* reader.read<VoteRow>(query, (row) => take(copy, one.votes, row, codeOf))
      yield
    }
  } else if (newest > copy.lastVote) {
    const query = votesSince(reader, studyId, copy.lastVote, encrypted)
    yield* reader.read<[string, ...VoteRow]>(query, ([accountId, ...row]) => {
      const own = copy.readers.find((one) => one.accountId === accountId)
      if (own) take(copy, own.votes, row, codeOf)
      voted.add(accountId)
    })
  }
  if (newest > copy.lastVote || merged !== copy.merged) copy.version += 1
  copy.lastVote = newest
  copy.merged = merged
  yield* readSettled(reader, studyId, copy)
  yield* readTruth(reader, studyId, copy)
  if (yield* countQueues(reader, studyId, copy, voted)) copy.changes = changes
}
