import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { computed } from 'vue'
import type { DisputedRequest, DisputedScan } from '../../../src/preload/contract/analysis.ts'
import { useDisputedList } from '../../../src/renderer/lead/adjudication/useDisputedList.ts'

/** 450 disputed scans in the main process; the first 300 are settled. */
const scans = Array.from(
  { length: 450 },
  (_, n) => ({ scanId: `s${n}`, adjudicated: n < 300 ? 3 : null }) as unknown as DisputedScan,
)
let asked: DisputedRequest[]

beforeEach(() => {
  asked = []
  const disputedPage = (request: DisputedRequest) => {
    asked.push(request)
    const rows = scans.slice(request.offset, request.offset + request.limit)
    return Promise.resolve({ ok: true, value: { total: scans.length, unsettled: 150, rows } })
  }
  vi.stubGlobal('window', { concord: { analysis: { disputedPage } } })
})
afterEach(() => vi.unstubAllGlobals())

async function opened() {
  const list = useDisputedList(computed(() => 'study'))
  await list.page.load()
  return list
}

describe('the list of disputed scans that are settled one by one', () => {
  it('reads one portion at first and knows how many there are', async () => {
    const list = await opened()
    expect(asked).toHaveLength(1)
    expect(list.rows.value.length).toBeLessThan(scans.length)
    expect([list.total.value, list.unsettled.value]).toEqual([450, 150])
  })

  it('finds the next that nobody settled behind what is read, and round to the start', async () => {
    const list = await opened()
    expect(await list.nextAfter(null)).toBe('s300')
    await list.holds('s449')
    expect(await list.nextAfter('s449')).toBe('s300')
    expect(await list.nextAfter('s300')).toBe('s301')
    // Each portion is asked for once.
    expect(asked.map(({ offset }) => offset)).toEqual([0, 200, 400])
  })

  it('finds a scan by its name or place wherever it is, and nothing behind the end', async () => {
    const list = await opened()
    expect(await list.holds('s420')).toBe(true)
    expect(await list.holds('nobody')).toBe(false)
    expect(await list.at(449)).toBe('s449')
    expect(await list.at(450)).toBeNull()
    expect(list.rows.value.map(({ scanId }) => scanId)).toEqual(scans.map(({ scanId }) => scanId))
  })

  it('counts what is settled, once, and leaves it in its place', async () => {
    const list = await opened()
    await list.holds('s301')
    const before = list.unsettled.value
    for (let n = 0; n < 2; n++) list.settled({ ...scans[301]!, adjudicated: 2 as never })
    expect(list.unsettled.value).toBe(before - 1)
    expect(list.rows.value[301]).toMatchObject({ scanId: 's301', adjudicated: 2 })
    expect(await list.nextAfter('s300')).toBe('s302')
  })
})
