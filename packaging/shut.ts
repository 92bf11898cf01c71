import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { setTimeout as pause } from 'node:timers/promises'
import { atTheWindow, pageProcesses, portOf, started, type User } from './at-the-window.ts'
import { must } from './machine.ts'

/** Electron's usual shortcut and Chromium's, and the way through Electron's usual menu: View, its third entry. */
const ways = {
  'Ctrl+Shift+I': ['Control_L+Shift_L+i'],
  F12: ['F12'],
  'the menu': ['Alt_L', 'Right', 'Right', 'Down', 'Down', 'Down', 'Return'],
}
const presser = fileURLToPath(new URL('press-keys.py', import.meta.url))

/** Nobody at the window of an installed program looks into its memory, nor does another program that was let in at its start. Throws where one does. */
export async function developerToolsStayShut(user: User): Promise<void> {
  await started(user, ['--inspect=0', '--inspect-brk=0'], async (at) => {
    for (let n = 0; pageProcesses().length === 0 && at.running() && n < 600; n++) await pause(100)
    if (pageProcesses().length === 0) throw new Error(`The window did not start.\n${at.said()}`)
    // Chromium opens its port before the first page is there, Node's inspector before the program begins.
    await pause(2000)
    const open = /(DevTools|Debugger) listening.*/i.exec(at.said())
    if (open || existsSync(portOf(user)))
      throw new Error(`The window can be looked into: ${open?.[0] ?? 'it has a port'}.`)
  })
  await atTheWindow(user, async (_page, { display, said }) => {
    const inspector = /Debugger listening.*/i.exec(said())
    if (inspector) throw new Error(`The main process can be looked into: ${inspector[0]}.`)
    for (const [way, keys] of Object.entries(ways)) {
      await must(['python3', presser, ...keys], { ...process.env, ...display })
      await pause(1500)
      const tools = (await targets(user)).filter((url) => url.startsWith('devtools:'))
      if (tools.length > 0) throw new Error(`The developer tools open by ${way}.`)
    }
  })
}

/** Addresses of what Chromium shows in windows. */
async function targets(user: User): Promise<string[]> {
  const [port] = readFileSync(portOf(user), 'utf8').split('\n')
  const answer = await fetch(`http://127.0.0.1:${port}/json/list`)
  return ((await answer.json()) as { url: string }[]).map(({ url }) => url)
}
