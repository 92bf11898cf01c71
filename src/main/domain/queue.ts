import { readerOrder } from './assignment.ts'
import { randomFrom } from './random.ts'

export type QueueKind = 'primary' | 'repeat' | 'hidden'
export interface Queued {
  id: string
  kind: QueueKind
}

/**
 * A reader's queue with scans that come a second time and known cases among the others, so placed that nothing in the
 * order tells them apart: a repeat stands at a place drawn evenly from all that leave `gap` other scans between its two
 * showings, a known case at a place drawn evenly from all.
 *
 * @param ids the reader's scans in their order.
 * @param share of them that come again, 0 to 0.5. Where the queue is too short for `gap`, half its length takes its place.
 * @param hidden known cases; each comes once.
 * @param seed names study, reader and round.
 */
export function queueWith(
  ids: readonly string[],
  { share, gap, hidden, seed }: { share: number; gap: number; hidden: readonly string[]; seed: string },
): Queued[] {
  const apart = Math.min(gap, Math.floor(ids.length / 2))
  // Shown first early enough for a second showing after the gap.
  const early = ids.slice(0, ids.length - apart)
  const again = readerOrder(early, `${seed}/repeats`).slice(0, Math.round(share * ids.length))
  const indexOf = new Map(ids.map((id, index) => [id, index]))
  // Slot s lies before the scan at index s; the last one behind all.
  const slots: Queued[][] = Array.from({ length: ids.length + 1 }, () => [])
  for (const id of again) {
    const first = indexOf.get(id)! + 1 + apart
    const slot = first + randomFrom(`${seed}/repeat/${id}`).integer(ids.length + 1 - first)
    slots[slot]!.push({ id, kind: 'repeat' })
  }
  for (const id of hidden)
    slots[randomFrom(`${seed}/hidden/${id}`).integer(ids.length + 1)]!.push({ id, kind: 'hidden' })
  return slots.flatMap((slot, index) => {
    const key = ({ id, kind }: Queued): string => `${kind}:${id}`
    const byKey = new Map(slot.map((one) => [key(one), one]))
    const inserted = readerOrder([...byKey.keys()], `${seed}/slot/${index}`).map((one) => byKey.get(one)!)
    const own = ids[index]
    return own === undefined ? inserted : [...inserted, { id: own, kind: 'primary' as const }]
  })
}

const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/**
 * Names for the places of a queue that tell nothing of the scan behind: two showings of one scan have unrelated ones. No
 * two places of a queue share one; letters and digits that are easily taken for one another are left out.
 */
export function codesFor(count: number, seed: string): string[] {
  const random = randomFrom(`codes/${seed}`)
  const codes = new Set<string>()
  while (codes.size < count) {
    const draw = (): string => letters[random.integer(letters.length)]!
    codes.add(`${draw()}${draw()}${draw()}-${draw()}${draw()}${draw()}`)
  }
  return [...codes]
}
