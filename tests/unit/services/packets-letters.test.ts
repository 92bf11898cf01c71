import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Overview } from '../../../src/preload/contract/analysis.ts'
import type { Desk } from '../../../src/preload/contract/reading.ts'
import { castVote } from '../../fixtures/casting.ts'
import { homeAndAway, travel, type Away } from '../../fixtures/packets.ts'
import { readAll } from '../../fixtures/program.ts'

// What docs/packets.md says of letters: figures by letters move with each vote, in a packet just as here, and no name comes with it.

let at: Away
beforeAll(async () => {
  at = await homeAndAway(5, true)
})
afterAll(async () => {
  await at.home.close()
  await at.away.close()
})

const overview = () => at.home.get<Overview>('lead', 'analysis.overview', { studyId: at.study.studyId })
const cast = ({ readers }: Overview): number[] => readers.map((reader) => reader.cast)
const risen = (before: Overview, after: Overview): number[] =>
  cast(after).map((count, letter) => count - cast(before)[letter]!)

it('moves one letter by what came, of a packet as of a vote cast here, and never names the reader', async () => {
  const { home, away, stick, study } = at
  const { studyId, lead, readers } = study
  const ways = travel({ home, away, stick, lead, reader: readers[0]!, studyId })
  await ways.make()
  await ways.open()
  await readAll(away, 'r1', studyId, () => 2)
  await ways.take()

  const none = await overview()
  const { current } = await home.get<Desk>('r2', 'reading.desk', { studyId })
  await castVote(home, 'r2', current!.assignmentId, 2)
  const one = await overview()
  expect(risen(none, one).toSorted()).toEqual([0, 0, 1])

  expect(await ways.preview()).toMatchObject({ reader: null, votes: 5 })
  expect(await ways.merge()).toMatchObject({ reader: null, votes: 5 })
  const all = await overview()
  expect(risen(one, all).toSorted()).toEqual([0, 0, 5])
  // Two letters, each as far as the votes that came: nothing else tells a merged vote from one cast here.
  expect(risen(none, all).toSorted()).toEqual([0, 1, 5])
  // Who reads is told of the study; no figure stands beside a name.
  for (const { study: _, ...figures } of [none, one, all]) {
    expect(figures.readers.map(({ displayName }) => displayName)).toEqual([null, null, null])
    expect(JSON.stringify(figures)).not.toMatch(/Dr r\d/)
  }
})
