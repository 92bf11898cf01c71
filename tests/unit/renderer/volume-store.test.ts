import { beforeEach, describe, expect, it } from 'vitest'
import { VolumeStore, type LoadWorker } from '../../../src/renderer/viewer/volume-store.ts'
import type { EarlySlice, LoadedVolume } from '../../../src/renderer/viewer/volume.ts'
import type { WorkerAnswer, WorkerRequest } from '../../../src/renderer/viewer/worker-messages.ts'

/** A worker that answers when the test says so. */
class Hand implements LoadWorker {
  onmessage: ((event: { data: WorkerAnswer }) => void) | null = null
  onerror: ((event: { message?: string }) => void) | null = null
  readonly asked: WorkerRequest[] = []
  ended = false
  postMessage = (request: WorkerRequest) => void this.asked.push(request)
  terminate = () => void (this.ended = true)

  loadOf(scanId: string): number {
    const found = this.asked.findLast((one) => one.kind === 'load' && one.scanId === scanId)
    if (!found) throw new Error(`${scanId} was not asked for`)
    return found.load
  }
  loads(): string[] {
    return this.asked.flatMap((one) => (one.kind === 'load' ? [one.scanId] : []))
  }
  cancelled(scanId: string): boolean {
    return this.asked.some((one) => one.kind === 'cancel' && one.load === this.loadOf(scanId))
  }
  give(scanId: string, bytes = 10): void {
    const volume = { scanId, voxels: new Uint8Array(bytes) } as unknown as LoadedVolume
    this.onmessage?.({ data: { kind: 'loaded', load: this.loadOf(scanId), volume } })
  }
}

let hands: Hand[]
let store: VolumeStore
const hand = () => hands.at(-1)!
const wish = (scanId: string, bytes = 10) => ({ scanId, bytes })

beforeEach(() => {
  hands = []
  store = new VolumeStore(() => {
    hands.push(new Hand())
    return hand()
  }, 35)
})

describe('volume store', () => {
  it('loads once for all who ask, and answers at once afterwards', async () => {
    const first = store.open('a')
    const second = store.open('a')
    hand().give('a')
    const [one, two] = await Promise.all([first, second])
    expect(one).toEqual(two)
    expect(one.ok).toBe(true)
    expect(store.get('a')?.scanId).toBe('a')
    await store.open('a')
    expect(hand().loads()).toEqual(['a'])
  })

  it('asks for the scan by its address', () => {
    void store.open('5f-1')
    expect(hand().asked[0]).toMatchObject({ kind: 'load', url: 'scan://volume/5f-1' })
  })

  it('loads ahead one after another, in order, once the scan on the screen is here', () => {
    void store.open('a')
    store.ahead([wish('b'), wish('c')])
    expect(hand().loads()).toEqual(['a'])
    hand().give('a')
    expect(hand().loads()).toEqual(['a', 'b'])
    hand().give('b')
    expect(hand().loads()).toEqual(['a', 'b', 'c'])
  })

  it('puts the scan that is waited for first, and comes back to the others', async () => {
    void store.open('a')
    hand().give('a')
    store.ahead([wish('b'), wish('c')])
    const z = store.open('z')
    expect(hand().cancelled('b')).toBe(true)
    hand().give('z')
    expect((await z).ok).toBe(true)
    expect(hand().loads()).toEqual(['a', 'b', 'z', 'b'])
  })

  it('joins a load ahead that is under way', async () => {
    void store.open('a')
    hand().give('a')
    store.ahead([wish('b')])
    const b = store.open('b')
    expect(hand().loads()).toEqual(['a', 'b'])
    expect(hand().cancelled('b')).toBe(false)
    hand().give('b')
    expect((await b).ok).toBe(true)
  })

  it('drops neither of two scans side by side, and one shown twice only when both places left it', async () => {
    for (const id of ['a', 'b', 'a']) {
      const opened = store.open(id)
      hand().give(id, 20)
      await opened
    }
    expect(['a', 'b'].filter((id) => store.has(id))).toEqual(['a', 'b'])
    store.leave('a')
    const c = store.open('c')
    hand().give('c', 20)
    await c
    expect(['a', 'b', 'c'].filter((id) => store.has(id))).toEqual(['a', 'b', 'c'])
    store.leave('a')
    store.leave('c')
    const d = store.open('d')
    hand().give('d', 10)
    await d
    expect(['a', 'b', 'c', 'd'].filter((id) => store.has(id))).toEqual(['b', 'd'])
  })

  it('asks for the middle slice first where somebody waits, and passes early slices on', () => {
    const seen: number[] = []
    const early = ({ slice }: EarlySlice) => void seen.push(slice)
    void store.open('a', { early })
    expect(hand().asked[0]).toMatchObject({ kind: 'load', early: true })
    const give = (slice: number) =>
      hand().onmessage?.({
        data: { kind: 'early', load: hand().loadOf('a'), early: { scanId: 'a', slice } as EarlySlice },
      })
    give(84)
    store.slice('a', 85)
    expect(hand().asked.at(-1)).toMatchObject({ kind: 'slice', scanId: 'a', slice: 85, url: 'scan://volume/a' })
    give(85)
    expect(seen).toEqual([84, 85])
    hand().give('a')
    store.slice('a', 86)
    expect(hand().asked).toHaveLength(2)
    store.ahead([wish('b')])
    expect(hand().asked.at(-1)).toMatchObject({ kind: 'load', scanId: 'b', early: false })
    void store.open('b', { early })
    expect(hand().asked.at(-1)).toMatchObject({ kind: 'slice', scanId: 'b', slice: 'middle' })
  })

  it('tells how far it is, to those who wait', () => {
    const seen: number[] = []
    void store.open('a', { progress: ({ received }) => seen.push(received) })
    hand().onmessage?.({ data: { kind: 'progress', load: hand().loadOf('a'), received: 4, total: 10 } })
    expect(seen).toEqual([4])
  })

  it('drops the least recently used over its budget, never the one on the screen', async () => {
    for (const id of ['a', 'b', 'c', 'd']) {
      const opened = store.open(id)
      hand().give(id)
      await opened
      if (id !== 'd') store.leave(id)
    }
    expect(store.bytes).toBe(30)
    expect(store.has('a')).toBe(false)
    store.leave('d')
    const large = store.open('e')
    hand().give('e', 100)
    await large
    expect(store.has('e')).toBe(true)
    expect(store.bytes).toBe(100)
  })

  it('keeps what is wished for ahead before what was seen', async () => {
    for (const id of ['a', 'b', 'c']) {
      const opened = store.open(id)
      hand().give(id)
      await opened
      store.leave(id)
    }
    store.ahead([wish('a')])
    const d = store.open('d')
    hand().give('d')
    await d
    expect(['a', 'b', 'c', 'd'].filter((id) => store.has(id))).toEqual(['a', 'c', 'd'])
  })

  it('does not load ahead what has no room', () => {
    void store.open('a')
    hand().give('a', 20)
    store.ahead([wish('b', 20), wish('c', 1)])
    expect(hand().loads()).toEqual(['a'])
  })

  it('stops a load that nobody wants any more', async () => {
    const a = store.open('a')
    store.leave('a')
    expect(hand().cancelled('a')).toBe(true)
    expect(await a).toMatchObject({ ok: false, code: 'volume-cancelled' })
    // A late answer of the stopped load changes nothing.
    hand().give('a')
    expect(store.has('a')).toBe(false)
  })

  it('stops loads ahead that are not wished for any more', () => {
    store.ahead([wish('b'), wish('c')])
    store.ahead([wish('c')])
    expect(hand().cancelled('b')).toBe(true)
    expect(hand().loads()).toEqual(['b', 'c'])
  })

  it('gives an error as a value, does not ask again by itself, and tries again when asked', async () => {
    const failed = store.open('a')
    hand().onmessage?.({ data: { kind: 'failed', load: hand().loadOf('a'), code: 'volume-missing', message: 'gone' } })
    expect(await failed).toEqual({ ok: false, code: 'volume-missing', message: 'gone' })
    store.ahead([wish('b'), wish('c')])
    hand().onmessage?.({ data: { kind: 'failed', load: hand().loadOf('b'), code: 'volume-missing', message: 'gone' } })
    expect(hand().loads()).toEqual(['a', 'b', 'c'])
    void store.open('a')
    expect(
      hand()
        .loads()
        .filter((id) => id === 'a'),
    ).toHaveLength(2)
  })

  it('survives the death of its worker', async () => {
    const a = store.open('a')
    hand().onerror?.({ message: 'out of memory' })
    expect(await a).toMatchObject({ ok: false, code: 'volume-interrupted' })
    const again = store.open('a')
    expect(hands).toHaveLength(2)
    hand().give('a')
    expect((await again).ok).toBe(true)
  })

  it('forgets everything when told', async () => {
    const a = store.open('a')
    hand().give('a')
    await a
    const b = store.open('b')
    store.clear()
    expect(await b).toMatchObject({ ok: false })
    expect(store.bytes).toBe(0)
    expect(hand().ended).toBe(true)
  })
})
