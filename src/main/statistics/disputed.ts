import type { Reader, Steps } from '../store/reader.ts'
import { moreDisputed } from '../domain/consensus/dispute.ts'
import type { Copy } from './copy.ts'
import { chosen } from './chosen.ts'
import type { DisputedAnswer, DisputedQuestion } from './question.ts'

/** One page of the disputed scans in the order asked for; equals follow by how disputed they are, then by pseudonym. */
export function* disputed(reader: Reader, copy: Copy, question: DisputedQuestion): Steps<DisputedAnswer> {
  const { study, only, order } = question
  const { selection, patterns } = yield* chosen(copy, question)
  const disputes = patterns.votes.map(({ dispute }) => dispute)
  // The place of each pattern among all, from most to least disputed.
  const byDispute = ranks(disputes, moreDisputed)
  const byKey =
    order.by === 'range'
      ? ranks(disputes, (a, b) => a.range - b.range)
      : order.by === 'entropy'
        ? ranks(disputes, (a, b) => a.entropy - b.entropy)
        : byDispute.map((rank) => -rank)
  const sites = ranks(copy.siteNames, (a, b) => (a < b ? -1 : Number(a > b)))
  const { rank, scanAt } = yield* named(reader, study.id, copy)
  const answer = { total: 0, acrossCut: 0, conflicts: 0, unsettled: 0, openConflicts: 0, noMajority: 0 }
  const keys: number[] = []
  const width = 2 ** Math.ceil(Math.log2(copy.scans + 1))
  const deep = 2 ** Math.ceil(Math.log2(patterns.votes.length + 1))
  selection.scans.forEach((scan, i) => {
    const pattern = patterns.of[i]!
    const { differs, acrossCut, conflict, majority } = disputes[pattern]!
    if (!differs) return
    const settled = copy.settled.has(scan)
    answer.total += 1
    answer.acrossCut += Number(acrossCut)
    answer.conflicts += Number(conflict)
    answer.unsettled += Number(!settled)
    answer.openConflicts += Number(!settled && conflict)
    answer.noMajority += Number(!settled && !majority)
    if ((only.acrossCut && !acrossCut) || (only.unsettled && settled) || (only.conflict && !conflict)) return
    const first =
      order.by === 'pseudonym'
        ? rank[scan]!
        : order.by === 'site'
          ? sites[copy.site[scan]!]!
          : order.by === 'settled'
            ? Number(settled)
            : byKey[pattern]!
    // One number holds all three, so that the numbers alone are sorted: below 2^53 for a million scans.
    keys.push(((order.down ? -first : first) * deep + byDispute[pattern]!) * width + rank[scan]!)
  })
  const sorted = Float64Array.from(keys).sort()
  const page = sorted.subarray(question.offset, question.offset + question.limit)
  const scanOf = (key: number): number => scanAt[((key % width) + width) % width]!
  return { ...answer, shown: keys.length, scanIds: Array.from(page, (key) => copy.ids[scanOf(key)]!) }
}

/** For each thing its place among the different ones when all are sorted; equals share a place. */
function ranks<T>(things: readonly T[], compare: (a: T, b: T) => number): number[] {
  const order = things.map((_, i) => i).sort((a, b) => compare(things[a]!, things[b]!))
  const places: number[] = []
  let place = 0
  order.forEach((thing, i) => {
    if (i > 0 && compare(things[order[i - 1]!]!, things[thing]!) !== 0) place += 1
    places[thing] = place
  })
  return places
}

/** Places of the scans by pseudonym, read when a list is first asked for and again when scans were added. */
export function* named(reader: Reader, studyId: string, copy: Copy): Steps<NonNullable<Copy['names']>> {
  if (copy.names?.rank.length === copy.scans) return copy.names
  const query = reader.build.selectFrom('scan').select('id').where('study_id', '=', studyId).orderBy('pseudonym')
  const rank = new Int32Array(copy.scans)
  const scanAt = new Int32Array(copy.scans)
  let place = 0
  yield* reader.read<[string]>(query, ([id]) => {
    const scan = copy.scanOf.get(id)
    if (scan === undefined) return
    rank[scan] = place
    scanAt[place] = scan
    place += 1
  })
  copy.names = { rank, scanAt }
  return copy.names
}
