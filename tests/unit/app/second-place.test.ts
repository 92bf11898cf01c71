import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { keepSpot, readSpots, spotFor, type Monitor, type Spots } from '../../../src/main/app/second-place.ts'

const desk: Monitor = { id: '1', area: { x: 0, y: 0, width: 1280, height: 800 } }
const wide: Monitor = { id: '2', area: { x: 1280, y: 0, width: 1920, height: 1080 } }
const tall: Monitor = { id: '3', area: { x: -1200, y: 0, width: 1200, height: 1920 } }
const none: Spots = { last: null, byMonitor: {} }
const spot = (x: number, y: number, maximized = false) => ({
  ...{ bounds: { x, y, width: 900, height: 700 }, maximized, fullScreen: false },
})

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'concord-second-'))))
afterEach(() => rmSync(folder, { recursive: true }))

describe('where the second window opens', () => {
  it('the first time fills the largest other monitor', () => {
    expect(spotFor(none, [desk, wide], '1')).toEqual({ bounds: wide.area, maximized: true, fullScreen: false })
    expect(spotFor(none, [desk, wide], '2')).toEqual({ bounds: desk.area, maximized: true, fullScreen: false })
    expect(spotFor(none, [desk, wide, tall], '1').bounds).toEqual(tall.area)
  })
  it('takes the right half where there is one monitor', () => {
    expect(spotFor(none, [desk], '1')).toEqual({
      ...{ bounds: { x: 640, y: 0, width: 640, height: 800 }, maximized: false, fullScreen: false },
    })
  })
  it('is where it was on the monitor it was on last', () => {
    const spots: Spots = { last: '2', byMonitor: { 2: spot(1400, 50), 3: spot(-1100, 20, true) } }
    expect(spotFor(spots, [desk, wide, tall], '1')).toEqual(spot(1400, 50))
    expect(spotFor({ ...spots, last: '3' }, [desk, wide, tall], '1')).toEqual(spot(-1100, 20, true))
  })
  it('goes to another monitor where that one is gone, as it stood there', () => {
    const spots: Spots = { last: '2', byMonitor: { 2: spot(1400, 50), 3: spot(-1100, 20) } }
    expect(spotFor(spots, [desk, tall], '1')).toEqual(spot(-1100, 20))
    expect(spotFor(spots, [desk], '1').bounds).toEqual({ x: 640, y: 0, width: 640, height: 800 })
  })
  it('never covers the first window where there is another monitor', () => {
    const spots: Spots = { last: '2', byMonitor: { 2: spot(1400, 50) } }
    expect(spotFor(spots, [desk, wide], '2').bounds).toEqual(desk.area)
  })
  it('stays within a monitor that has become smaller', () => {
    const small: Monitor = { id: '2', area: { x: 1280, y: 0, width: 800, height: 600 } }
    const { bounds } = spotFor({ last: '2', byMonitor: { 2: spot(1400, 50) } }, [desk, small], '1')
    expect(bounds).toEqual(small.area)
  })
})

describe('what is kept of it', () => {
  it('is a spot for each monitor, and the last one', () => {
    const file = join(folder, 'second.json')
    keepSpot(file, '2', spot(1400, 50))
    keepSpot(file, '3', spot(-1100, 20, true))
    keepSpot(file, '2', spot(1500, 60))
    expect(readSpots(file)).toEqual({ last: '2', byMonitor: { 2: spot(1500, 60), 3: spot(-1100, 20, true) } })
  })
  it('is nothing where the file is missing or holds something else', () => {
    const file = join(folder, 'second.json')
    expect(readSpots(file)).toEqual(none)
    for (const text of ['', '[]', 'null', '{"byMonitor":{"1":{"bounds":{"x":1}}},"last":7}', '{"byMonitor":[null]}']) {
      writeFileSync(file, text)
      expect(readSpots(file)).toEqual(none)
    }
  })
  it('is of so many monitors at most', () => {
    const file = join(folder, 'second.json')
    for (let id = 100; id < 130; id++) keepSpot(file, String(id), spot(id, 0))
    expect(Object.keys(readSpots(file).byMonitor)).toHaveLength(20)
    expect(readSpots(file).byMonitor['129']).toEqual(spot(129, 0))
  })
})
