import { describe, expect, it } from 'vitest'
import type { Queue } from '../../../src/preload/contract/reading.ts'
import { nextQueue } from '../../../src/renderer/studies/next-queue.ts'

const study = (id: string, state: 'open' | 'sealed' = 'open') => ({ id, state })
const queue = (studyId: string, ready: boolean): Queue => ({
  ...{ studyId, ready, done: 1, total: 4, round: 1, opensAt: null },
})

describe('the study to go on with', () => {
  const list = [study('a'), study('b'), study('c')]

  it('is the first of the list with a scan to grade now', () => {
    expect(nextQueue(list, [queue('c', true), queue('b', true), queue('a', false)], ['reader'])).toBe('b')
    expect(nextQueue(list, [queue('a', true)], ['reader', 'trainer'])).toBe('a')
  })

  it('is none where nothing is left, and none of a lead, who comes for the figures', () => {
    expect(nextQueue(list, [queue('a', false)], ['reader'])).toBeNull()
    expect(nextQueue([], [queue('a', true)], ['reader'])).toBeNull()
    expect(nextQueue([study('a', 'sealed')], [queue('a', true)], ['reader'])).toBeNull()
    expect(nextQueue(list, [queue('a', true)], ['lead', 'reader'])).toBeNull()
  })
})
