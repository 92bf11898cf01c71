import { ConcordError } from '../../domain/error.ts'
import type { Row } from '../../store/schema.ts'
import { requireGrade, scaleOf } from '../context.ts'
import type { PacketVote } from './rows.ts'

const DAY = 86_400_000

export function requireValid(study: Row<'study'>, vote: PacketVote, keys: ReadonlySet<string>): void {
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
