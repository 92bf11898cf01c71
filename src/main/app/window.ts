import { join } from 'node:path'
import { BrowserWindow, dialog } from 'electron'
import { pageOrigin } from './page-protocol.ts'

/** Opens the program's window on its page. 1280 x 800 is the smallest size the pages are made for. */
export function openWindow(folder: string, log: (line: string) => void): BrowserWindow {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 1024,
    minHeight: 700,
    show: false,
    backgroundColor: '#0e1013',
    title: 'Concord',
    autoHideMenuBar: true,
    webPreferences: {
      preload: join(folder, 'preload/index.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      // Training and prefetching go on while another window is in front.
      backgroundThrottling: false,
    },
  })
  window.once('ready-to-show', () => window.show())
  recoverPage(window, log)
  void window.loadURL(`${pageOrigin}/`)
  return window
}

/** So many crashes of the page within so many milliseconds, and it is not started once more: something is really wrong. */
const most = 3
const within = 60_000

/**
 * A page that crashed, as of a driver's fault or for want of memory, comes back where it was: its address says which page, the
 * main process still knows who is signed in, and every acknowledged vote is on the disk.
 */
function recoverPage(window: BrowserWindow, log: (line: string) => void): void {
  const crashes: number[] = []
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit') return
    log(`page gone: ${reason} ${exitCode}`)
    const now = Date.now()
    crashes.push(now)
    if (crashes.filter((at) => now - at < within).length > most)
      dialog.showErrorBox(
        'Concord',
        'The page has crashed several times. All votes are saved. Close the program and start it again.',
      )
    else setImmediate(() => !window.isDestroyed() && window.webContents.reload())
  })
}
