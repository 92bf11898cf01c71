import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto'
import { ConcordError } from '../../domain/error.ts'

/** What a vote says: all that tells, or helps to guess, how the scan was judged. */
export interface VoteContent {
  grade: number | null
  reason: string | null
  note: string | null
  worst_slice: number | null
  confidence: number | null
  /** JSON, as in the clear column. */
  stack_grades: string | null
}

/** Which vote an envelope belongs to; it cannot be opened as another's. */
export interface VotePlace {
  id: string
  assignment_id: string
  revision: number
  kind: string
}

const IV = 12
const TAG = 16
const HEAD = 13
/**
 * Lengths of what is sealed, in bytes. A grade with all that goes with it and a note of three sentences fit the first, so that
 * nearly all envelopes of a study are equally long; the longest words a vote can hold fit the other one, and no length between
 * tells how long a note is. (Envelopes of earlier versions held 160 or 1024 bytes; they open as they are.)
 */
const sizes = [352, 4096]
const NONE = 0xff
const NO_SLICE = 0xffffffff

const belongsTo = ({ id, assignment_id, revision, kind }: VotePlace): string =>
  `concord vote 1|${id}|${assignment_id}|${revision}|${kind}`

/** Seals a vote's content under a reader's key (AES-256-GCM, random nonce), padded, bound to its vote. Base64. */
export function sealVote(key: KeyObject, place: VotePlace, content: VoteContent): string {
  const plain = packed(content)
  const iv = randomBytes(IV)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  cipher.setAAD(Buffer.from(belongsTo(place)))
  const text = Buffer.concat([cipher.update(plain), cipher.final()])
  plain.fill(0)
  return Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64')
}

const bytes = Buffer.alloc(IV + TAG + sizes.at(-1)!)

/**
 * What an envelope holds. One buffer serves all, and what is not asked for is not made: a million grades are read this way.
 * Error: `vote-altered`, where the envelope is not the one that was written for this vote.
 */
function opened(key: KeyObject, place: VotePlace, sealed: string): Buffer {
  const length = bytes.write(sealed, 'base64')
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV), { authTagLength: TAG })
    decipher.setAuthTag(bytes.subarray(IV, IV + TAG))
    decipher.setAAD(Buffer.from(belongsTo(place)))
    const plain = decipher.update(bytes.subarray(IV + TAG, length))
    decipher.final()
    return plain
  } catch {
    throw new ConcordError(
      'vote-altered',
      `The vote ${place.id} in the database was altered. Nothing is computed from it: verify the audit trail, then restore a backup.`,
    )
  }
}

/** The grade alone; null: cannot be graded. Error: `vote-altered`. */
export function sealedGrade(key: KeyObject, place: VotePlace, sealed: string): number | null {
  const grade = opened(key, place, sealed)[1]!
  return grade === NONE ? null : grade
}

/** All of it. Error: `vote-altered`. */
export const unsealVote = (key: KeyObject, place: VotePlace, sealed: string): VoteContent =>
  unpacked(opened(key, place, sealed))

/** version, grade, confidence, worst slice (4), lengths of reason (2), note (2) and stacks (1), one byte free, then these. */
function packed({ grade, reason, note, worst_slice, confidence, stack_grades }: VoteContent): Buffer {
  const stacks = stack_grades === null ? [] : (JSON.parse(stack_grades) as number[])
  const words = [Buffer.from(reason ?? ''), Buffer.from(note ?? '')] as const
  const length = HEAD + stacks.length + words[0].length + words[1].length
  const size = sizes.find((one) => one >= length)
  if (size === undefined)
    throw new ConcordError('note-too-long', 'The note is too long to be kept. Shorten it.', 'note')
  const plain = Buffer.alloc(size)
  plain[0] = 1
  plain[1] = grade ?? NONE
  plain[2] = confidence ?? NONE
  plain.writeUInt32BE(worst_slice ?? NO_SLICE, 3)
  plain.writeUInt16BE(reason === null ? 0xffff : words[0].length, 7)
  plain.writeUInt16BE(note === null ? 0xffff : words[1].length, 9)
  plain[11] = stack_grades === null ? NONE : stacks.length
  plain.set([...stacks, ...words[0], ...words[1]], HEAD)
  return plain
}

function unpacked(plain: Buffer): VoteContent {
  const [grade, confidence, stacks] = [plain[1]!, plain[2]!, plain[11]!]
  const worst = plain.readUInt32BE(3)
  let at = HEAD + (stacks === NONE ? 0 : stacks)
  const words = (length: number): string | null => {
    if (length === 0xffff) return null
    at += length
    return plain.toString('utf8', at - length, at)
  }
  const reason = words(plain.readUInt16BE(7))
  const note = words(plain.readUInt16BE(9))
  return {
    grade: grade === NONE ? null : grade,
    reason,
    note,
    worst_slice: worst === NO_SLICE ? null : worst,
    confidence: confidence === NONE ? null : confidence,
    stack_grades: stacks === NONE ? null : JSON.stringify([...plain.subarray(HEAD, HEAD + stacks)]),
  }
}
