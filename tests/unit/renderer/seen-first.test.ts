import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, nextTick, ref, shallowRef, type EffectScope } from 'vue'
import { useSeenFirst } from '../../../src/renderer/parts/useSeenFirst.ts'

type Work = (() => void) | undefined
/** What waits for the next frame, and for rest after it. */
const frames: Work[] = []
const idle: Work[] = []
let scope: EffectScope
const queue = (list: Work[]) => (work: () => void) => list.push(work)
const drop = (list: Work[]) => (id: number) => void (list[id - 1] = undefined)
const run = (list: Work[]): void => list.splice(0).forEach((work) => work?.())

beforeEach(() => {
  vi.useFakeTimers()
  scope = effectScope()
  vi.stubGlobal('requestAnimationFrame', queue(frames))
  vi.stubGlobal('cancelAnimationFrame', drop(frames))
  vi.stubGlobal('requestIdleCallback', queue(idle))
  vi.stubGlobal('cancelIdleCallback', drop(idle))
})
afterEach(() => {
  scope.stop()
  frames.length = idle.length = 0
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

function cards(count: number, seen: (card: number) => boolean) {
  const figures = shallowRef('all')
  const shown = scope.run(() =>
    Array.from({ length: count }, (_, card) =>
      useSeenFirst(
        () => seen(card),
        () => figures.value,
      ),
    ),
  )!
  const texts = () => shown.map(({ held, behind }) => (behind.value ? `${held.value}, behind` : held.value))
  return { figures, texts }
}

it('gives what is on the screen its figures at once, and the rest after the frame; until then the rest is said to be behind', async () => {
  const { figures, texts } = cards(4, (card) => card < 2)
  figures.value = 'tibia'
  await nextTick()
  expect(texts()).toEqual(['tibia', 'tibia', 'all, behind', 'all, behind'])
  expect(idle).toHaveLength(0)
  run(frames)
  expect(texts()).toEqual(['tibia', 'tibia', 'all, behind', 'all, behind'])
  run(idle)
  expect(texts()).toEqual(['tibia', 'tibia', 'tibia', 'tibia'])
})

it('skips figures that were replaced before their turn came, and leaves nothing of them', async () => {
  const { figures, texts } = cards(3, (card) => card === 0)
  figures.value = 'tibia'
  await nextTick()
  run(frames)
  figures.value = 'radius'
  await nextTick()
  expect(texts()).toEqual(['radius', 'all, behind', 'all, behind'])
  run(idle)
  run(frames)
  run(idle)
  expect(texts()).toEqual(['radius', 'radius', 'radius'])
})

it('gives what comes on the screen its figures before the rest', async () => {
  const at = ref(0)
  const { figures, texts } = cards(3, (card) => card === at.value)
  figures.value = 'tibia'
  await nextTick()
  at.value = 2
  await nextTick()
  expect(texts()).toEqual(['tibia', 'all, behind', 'tibia'])
})

it('does not wait for a frame of a window that nobody sees', async () => {
  const { figures, texts } = cards(2, () => false)
  figures.value = 'tibia'
  await nextTick()
  vi.runAllTimers()
  expect(texts()).toEqual(['tibia', 'tibia'])
})

it('is not behind figures it had already', async () => {
  const { figures, texts } = cards(1, () => false)
  figures.value = 'tibia'
  await nextTick()
  figures.value = 'all'
  await nextTick()
  expect(texts()).toEqual(['all'])
})
