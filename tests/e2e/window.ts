import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base } from '@playwright/test'
import { openWindow, type Window } from '../main-job/window.ts'

export { expect } from '@playwright/test'
export { password, windowOpenedBy } from '../main-job/window.ts'
export type { Window }

interface Fixtures {
  /** A new, empty data folder, gone after the test. */
  data: string
  /** Opens the program's window on that folder; it is closed after the test, and its page must not have reported errors. */
  open(size?: { width: number; height: number }, args?: string[]): Promise<Window>
}

export const test = base.extend<Fixtures>({
  // Playwright reads the names of the fixtures that are needed from the pattern.
  data: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'concord-e2e-'))
    await use(folder)
    // The window's own processes may still be writing as they end.
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  },

  open: async ({ data }, use) => {
    const windows: Window[] = []
    await use(async (size = { width: 1280, height: 800 }, args = []) => {
      const window = await openWindow({ data, env: {}, size, args })
      windows.push(window)
      return window
    })
    const errors: string[] = []
    for (const window of windows) {
      errors.push(...window.errors)
      await window.close().catch(() => undefined)
    }
    if (errors.length > 0) throw new Error(`the page reported errors: ${errors.join(' | ')}`)
  },
})

/** What the page's own code says went wrong, for tests that make it go wrong: asked for once, then forgotten. */
export function takeErrors(window: Window): string[] {
  return window.errors.splice(0)
}

/** The parts of the mounted page that tests look into. */
interface Mounted extends Element {
  __vue_app__: {
    config: {
      globalProperties: {
        $router: { push(to: string): Promise<unknown>; getRoutes(): { name?: string; path: string }[] }
        $pinia: { state: { value: unknown } }
      }
    }
  }
}

/** Goes to a page by its path, as a hand-typed address would; resolves with the address where the guard let it end. */
export function visit(window: Window, path: string): Promise<string> {
  return window.page.evaluate(async (to) => {
    await (document.querySelector('#app') as Mounted).__vue_app__.config.globalProperties.$router.push(to)
    return location.hash
  }, path)
}

/** Every page's path by its name. */
export function routes(window: Window): Promise<Record<string, string>> {
  return window.page.evaluate(() => {
    const { $router } = (document.querySelector('#app') as Mounted).__vue_app__.config.globalProperties
    return Object.fromEntries($router.getRoutes().map(({ name, path }) => [String(name), path]))
  })
}

/** What the page's stores hold, as text. */
export function storeText(window: Window): Promise<string> {
  return window.page.evaluate(() => {
    const { $pinia } = (document.querySelector('#app') as Mounted).__vue_app__.config.globalProperties
    const seen = new Set<unknown>()
    return JSON.stringify($pinia.state.value, (_key, part: unknown) => {
      if (part instanceof Map || part instanceof Set) return [...part]
      if (typeof part !== 'object' || part === null) return part
      if (seen.has(part)) return undefined
      seen.add(part)
      return part
    })
  })
}
