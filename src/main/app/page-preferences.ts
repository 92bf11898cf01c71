import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { CommandLine, WebPreferences } from 'electron'

/**
 * What a page of ours may be: one that reaches the program through the preload alone.
 * @param installed the program of a package, not one from its sources
 */
export const pagePreferences = (folder: string, installed: boolean): WebPreferences => ({
  preload: join(folder, 'preload/index.cjs'),
  contextIsolation: true,
  sandbox: true,
  nodeIntegration: false,
  webviewTag: false,
  spellcheck: false,
  // In the installed program: they show what the page holds in memory, and what somebody else at this window had there.
  devTools: !installed,
  // Training and prefetching go on while another window is in front.
  backgroundThrottling: false,
})

/** Chromium's switches by which another program looks into a page and acts in it. */
const debugging = [
  ...['remote-debugging-port', 'remote-debugging-pipe', 'remote-debugging-io-pipes'],
  ...['remote-debugging-address', 'remote-debugging-targets', 'remote-allow-origins'],
]

/**
 * Takes those switches from the command line before Chromium reads them: at a shared workstation who starts the program would look
 * on while others read. The file beside the program lets them through; only the machine's administrator can put it there.
 */
export function shutDebugging(
  commandLine: Pick<CommandLine, 'removeSwitch'>,
  { installed, resources }: { installed: boolean; resources: string },
): void {
  if (!installed || existsSync(join(resources, 'allow-remote-debugging'))) return
  for (const name of debugging) commandLine.removeSwitch(name)
}
