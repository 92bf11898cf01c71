import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, nextTick, shallowRef, type EffectScope } from 'vue'
import { useGradually } from '../../../src/renderer/parts/useGradually.ts'

const idle: (() => void)[] = []
let scope: EffectScope
beforeEach(() => {
  scope = effectScope()
  vi.stubGlobal('requestIdleCallback', (work: () => void) => idle.push(work))
  vi.stubGlobal('cancelIdleCallback', (id: number) => void (idle[id - 1] = () => undefined))
})
afterEach(() => {
  scope.stop()
  idle.length = 0
  vi.unstubAllGlobals()
})
const rest = (): void => idle.splice(0).forEach((work) => work())
const list = (of: string, length: number) => Array.from({ length }, (_, i) => `${of}${i}`)

it('shows what a screen holds at once, and the rest while the page is at rest', () => {
  const rows = shallowRef(list('a', 100))
  const { shown } = scope.run(() => useGradually(() => rows.value))!
  const lengths: number[] = []
  for (let turn = 0; turn < 4; turn += 1) {
    lengths.push(shown.value.length)
    rest()
  }
  expect(lengths).toEqual([40, 80, 100, 100])
  expect(shown.value).toEqual(rows.value)
  expect(idle).toHaveLength(0)
})

it('shows a place at once where a key leads to it', () => {
  const { shown, reach } = scope.run(() => useGradually(() => list('a', 200)))!
  reach(199)
  expect(shown.value).toHaveLength(200)
})

it('keeps what it shows when more of the same list come, and begins anew with another', async () => {
  const rows = shallowRef(list('a', 60))
  const { shown } = scope.run(() => useGradually(() => rows.value))!
  rest()
  rows.value = [...rows.value, ...list('more', 60)]
  await nextTick()
  expect(shown.value).toHaveLength(80)
  rows.value = list('b', 120)
  await nextTick()
  expect(shown.value).toEqual(list('b', 40))
  rest()
  rest()
  expect(shown.value).toEqual(rows.value)
})
