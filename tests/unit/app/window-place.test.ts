import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { boundsOn, keepPlace, readPlace, type PlacedWindow } from '../../../src/main/app/window-place.ts'

const folder = mkdtempSync(join(tmpdir(), 'concord-place-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const left = { x: 0, y: 0, width: 1920, height: 1080 }
const right = { x: 1920, y: 0, width: 2560, height: 1440 }

describe('the place of the window', () => {
  it('is found again on the second monitor', () => {
    const bounds = { x: 2100, y: 80, width: 1800, height: 1200 }
    const file = join(folder, 'place.json')
    let close = (): void => undefined
    const window: PlacedWindow = {
      getNormalBounds: () => bounds,
      isMaximized: () => true,
      isFullScreen: () => false,
      on: (_event, listener) => (close = listener),
    }
    keepPlace(window, file)
    expect(readPlace(file)).toBeNull()
    close()
    expect(readPlace(file)).toEqual({ bounds, maximized: true, fullScreen: false })
    expect(boundsOn([left, right], bounds)).toEqual(bounds)
  })

  it('is forgotten when its monitor is gone, and cut to a smaller one', () => {
    expect(boundsOn([left], { x: 2100, y: 80, width: 1800, height: 1200 })).toBeNull()
    expect(boundsOn([left], { x: -100, y: 500, width: 2400, height: 1400 })).toEqual(left)
    expect(boundsOn([left, right], { x: 1800, y: 10, width: 1000, height: 800 })).toEqual({
      ...{ x: 1920, y: 10, width: 1000, height: 800 },
    })
  })

  it.each(['', '{', 'null', '[]', '{"bounds":{"x":1,"y":2,"width":0,"height":5}}', '{"bounds":{"x":"1"}}'])(
    'is nothing where the file says %s',
    (text) => {
      const file = join(folder, 'bad.json')
      writeFileSync(file, text)
      expect(readPlace(file)).toBeNull()
    },
  )
})
