import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { chromium, type Page } from '@playwright/test'
import { virtualDisplay } from '../scripts/lib/display.mjs'
import { switches } from '../scripts/lib/launch.mjs'
import { installed } from './debian.ts'
import type { Machine } from './machine.ts'

export const password = 'correct horse battery'
/** Debian's user for what should own nothing. */
export const nobody = 65534

/** Who works with the installed program. */
export interface User {
  machine: Machine
  /** The home folder, as the user sees it. */
  home: string
  /** The data folder, as seen from here. */
  data: string
}

/** A program as an ordinary user, in an environment of its own: { line, env }. */
export function asUser({ machine, home }: User, file: string, args: string[], extra: Record<string, string> = {}) {
  const own = ['--reuid', String(nobody), '--regid', String(nobody), '--clear-groups']
  const env = { PATH: '/usr/bin:/bin', HOME: home, CONCORD_DATA: join(home, 'data'), LANG: 'C.UTF-8', ...extra }
  return { env, line: machine.line('/usr/bin/setpriv', [...own, file, ...args]) }
}

/**
 * The window under Xvfb, and a hand at it. Its fuse keeps Node's inspector shut; the page is reached through Chromium's own port, which
 * the program opens only where the machine's administrator has put a file beside it: here, for the trial.
 */
export async function atTheWindow(user: User, work: (page: Page, at: Started) => Promise<void>): Promise<void> {
  const allowed = join(user.machine.root, installed, 'resources/allow-remote-debugging')
  writeFileSync(allowed, '')
  try {
    await started(user, [], async (at) => {
      const port = portOf(user)
      for (let n = 0; !existsSync(port) && at.running() && n < 600; n++) await pause(100)
      if (!existsSync(port)) throw new Error(`The window did not start.\n${at.said()}`)
      const browser = await chromium.connectOverCDP(`http://127.0.0.1:${readFileSync(port, 'utf8').split('\n')[0]}`)
      const shown = (): Page | undefined => browser.contexts().flatMap((context) => context.pages())[0]
      // The port is open a moment before the window is.
      for (let n = 0; !shown() && at.running() && n < 600; n++) await pause(100)
      const page = shown()
      if (!page) throw new Error(`The window shows no page.\n${at.said()}`)
      await page.locator('[data-test]').first().waitFor()
      inSandbox()
      await work(page, at)
      await browser.close()
    })
  } finally {
    rmSync(allowed, { force: true })
  }
}

/** Where Chromium writes the port on which it can be looked into. */
export const portOf = (user: User): string => join(user.data, 'window/DevToolsActivePort')

/** A window that was started: its display, what it has written to its error output, whether it runs. */
export interface Started {
  display: Record<string, string>
  said: () => string
  running: () => boolean
}

/** Starts the window under Xvfb with the switch that would open it to other programs, and ends it. @param more switches */
export async function started(user: User, more: string[], work: (at: Started) => Promise<void>): Promise<void> {
  const screen = await virtualDisplay({ width: 1400, height: 1000 })
  rmSync(portOf(user), { force: true })
  // All but the switch that root needs: an ordinary user has the sandbox.
  const chosen = switches({ virtual: true }).filter((one) => one !== '--no-sandbox')
  const asked = asUser(user, '/usr/bin/concord-window', [...chosen, '--remote-debugging-port=0', ...more], screen.env)
  const [file, ...args] = asked.line
  const program: ChildProcess = spawn(file, args, { env: asked.env, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  program.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const ended = new Promise<number | null>((done) => program.once('exit', done))
  try {
    await work({ display: screen.env, said: () => said, running: () => program.exitCode === null })
  } finally {
    program.kill('SIGTERM')
    const code = await Promise.race([ended, pause(20_000)])
    if (code === undefined) program.kill('SIGKILL')
    screen.stop()
  }
}

/** What the system says of each process of a page (proc_pid_status(5)). */
export const pageProcesses = (): string[] =>
  readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        const ours = line.startsWith(`${installed}/concord`) && line.includes('--type=renderer')
        return ours ? [readFileSync(`/proc/${pid}/status`, 'utf8')] : []
      } catch {
        // It ended meanwhile.
        return []
      }
    })

/** The processes of pages are filtered by seccomp and have process numbers of their own (proc_pid_status(5)), or this throws. */
function inSandbox(): void {
  const status = pageProcesses()
  if (status.length === 0) throw new Error('No process of a page is there.')
  for (const one of status)
    if (!/^Seccomp:\s+2$/m.test(one) || !/^NSpid:\s+\d+\s+\d+/m.test(one))
      throw new Error(`A page runs without its sandbox:\n${one}`)
}

export async function signIn(page: Page, name: string): Promise<void> {
  const box = (field: string): string => `input[data-test="${field}"], [data-test="${field}"] input`
  await page.locator(box('sign-in-name')).first().fill(name)
  await page.locator(box('sign-in-password')).first().fill(password)
  await page.keyboard.press('Enter')
  await page.locator('[data-test="account-menu"]').waitFor()
}
