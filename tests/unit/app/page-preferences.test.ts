import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { pagePreferences, shutDebugging } from '../../../src/main/app/page-preferences.ts'

describe('a page of the program', () => {
  it('has no developer tools where the program is installed, and reaches it through the preload alone', () => {
    expect(pagePreferences('/dist', true).devTools).toBe(false)
    expect(pagePreferences('/dist', false).devTools).toBe(true)
    for (const installed of [true, false])
      expect(pagePreferences('/dist', installed)).toMatchObject({
        ...{ contextIsolation: true, sandbox: true, nodeIntegration: false, webviewTag: false },
      })
  })

  it('is not shown to another program by a switch of who started it, unless the administrator of the machine allows it', () => {
    const resources = mkdtempSync(join(tmpdir(), 'concord-resources-'))
    onTestFinished(() => rmSync(resources, { recursive: true }))
    const left = (installed: boolean): string[] => {
      const given = ['remote-debugging-port', 'remote-debugging-pipe', 'lang']
      shutDebugging(
        { removeSwitch: (name) => void given.splice(given.indexOf(name) >>> 0, 1) },
        { installed, resources },
      )
      return given
    }
    expect(left(true)).toEqual(['lang'])
    expect(left(false)).toHaveLength(3)
    writeFileSync(join(resources, 'allow-remote-debugging'), '')
    expect(left(true)).toHaveLength(3)
  })
})
