import type { Row } from '../../store/schema.ts'
import type { PacketVote } from './rows.ts'

type Cast = Pick<Row<'vote'>, 'cast_at' | 'id'>

/** The rule by which the last word is known, whichever side is merged first: when it was cast, then the identifier. */
export const isLater = (a: Cast, b: Cast): boolean => a.cast_at > b.cast_at || (a.cast_at === b.cast_at && a.id > b.id)

/**
 * Under which revision each new vote stands: its own where this side has nothing else; otherwise after all that is here, or
 * before it, as the rule says. The highest revision counts, so that the last word does, whatever is merged first.
 */
export function placesFor(here: readonly Row<'vote'>[], votes: readonly PacketVote[], fresh: readonly PacketVote[]) {
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
