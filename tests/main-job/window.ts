import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { _electron as electron, type ElectronApplication, type Locator, type Page } from '@playwright/test'
import { launch } from '../../scripts/lib/launch.mjs'

export const password = 'correct horse battery'

/** Milliseconds after which a window that does not come, or does not do what it is asked, counts as hanging. */
const hanging = 300_000

/** The real window with hands: what a person does at it, in words. */
export interface Window {
  app: ElectronApplication
  page: Page
  data: string
  /** What went wrong in the page's own code; must stay empty. */
  errors: string[]
  shots: string[]
  at(name: string): Locator
  fill(name: string, text: string): Promise<void>
  click(name: string): Promise<void>
  goTo(page: string): Promise<void>
  signIn(name: string): Promise<void>
  signOut(): Promise<void>
  /** Takes a screenshot once nothing is loading, and keeps its name. */
  shot(name: string): Promise<void>
  close(): Promise<void>
}

export interface WindowOptions {
  data: string
  env: Record<string, string>
  /** Folder of the screenshots; none are taken without it. */
  shotFolder?: string
  /** Milliseconds that what moves gets to come to rest before a screenshot. */
  rest?: number
  size?: { width: number; height: number }
  /** Switches of Chromium's. */
  args?: string[]
}

/** The words that tests look for, whatever language the system speaks; what a person chooses in the window comes before it. */
const english = '--lang=en-US'

export async function openWindow({
  data,
  env,
  shotFolder,
  rest = 250,
  size,
  args = [],
}: WindowOptions): Promise<Window> {
  const { data: _, ...options } = launch({ data, env, args: [english, ...args] })
  const app = await electron.launch({ ...options, timeout: hanging })
  app.context().setDefaultTimeout(hanging)
  const page = await app.firstWindow({ timeout: hanging })
  if (size)
    await app.evaluate(({ BrowserWindow }, { width, height }) => {
      BrowserWindow.getAllWindows()[0]!.setContentSize(width, height)
    }, size)
  if (shotFolder) mkdirSync(shotFolder, { recursive: true })
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  const at = (name: string): Locator => page.locator(`[data-test="${name}"]`)
  const window: Window = {
    app,
    page,
    data,
    errors,
    shots: [],
    at,
    async fill(name, text) {
      const box = ':is(input, textarea)'
      await page.locator(`${box}[data-test="${name}"], [data-test="${name}"] ${box}`).first().fill(text)
    },
    async click(name) {
      await at(name).first().click()
    },
    async goTo(name) {
      await at(`nav-${name}`).click()
      await page.waitForFunction((part) => location.hash.includes(part), name)
      await settled(page)
    },
    async signIn(name) {
      await window.fill('sign-in-name', name)
      await window.fill('sign-in-password', password)
      await page.evaluate(() => Object.assign(globalThis, { begun: 'before' }))
      await page.keyboard.press('Enter')
      await at('account-menu').waitFor()
      if (!(await page.evaluate(beginsAnew))) return
      await page.waitForFunction(() => !('begun' in globalThis))
      await at('account-menu').waitFor()
    },
    async signOut() {
      await window.click('account-menu')
      await window.click('account-sign-out')
      await at('sign-in-name').waitFor()
    },
    async shot(name) {
      if (!shotFolder) return
      await settled(page)
      await page.mouse.move(2, 2)
      await page.waitForTimeout(rest)
      const file = `${String(window.shots.length + 1).padStart(2, '0')}-${name}.png`
      await page.screenshot({ path: join(shotFolder, file) })
      window.shots.push(file)
    },
    async close() {
      await app.close()
    },
  }
  return window
}

/** The page of the window that something opens. */
export async function windowOpenedBy(app: ElectronApplication, act: () => Promise<unknown>): Promise<Page> {
  const [page] = await Promise.all([app.waitForEvent('window', { timeout: hanging }), act()])
  return page
}

/** In the page: whether it is about to begin anew, as it does where somebody else was signed in before. */
function beginsAnew(): boolean {
  interface Mounted extends Element {
    __vue_app__?: {
      config: { globalProperties: { $pinia: { state: { value: { session?: { another?: boolean } } } } } }
    }
  }
  const app = document.querySelector<Mounted>('#app')?.__vue_app__
  return 'begun' in globalThis && app?.config.globalProperties.$pinia.state.value.session?.another === true
}

/** Nothing on the page says that it is still loading. */
async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => !document.querySelector('[data-test="loading"]'))
}

/** The system's dialogs cannot be driven from outside: this answers the next "save as" with a path. */
export async function answerSaveDialog(window: Window, path: string): Promise<void> {
  await window.app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath })
  }, path)
}
