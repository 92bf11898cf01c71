import { app, BrowserWindow, dialog, screen } from 'electron'
import { pageOrigin } from './page-protocol.ts'
import { pagePreferences } from './page-preferences.ts'
import { boundsOn, keepPlace, readPlace } from './window-place.ts'

/**
 * Opens the program's window on its page, where it stood the last time: on the same monitor, if that is still there.
 * 1280 x 800 is the smallest size the pages are made for.
 * @param place the file that keeps where it stood.
 */
export function openWindow(folder: string, place: string, log: (line: string) => void): BrowserWindow {
  const kept = readPlace(place)
  const monitors = screen.getAllDisplays().map(({ workArea }) => workArea)
  const bounds = kept && boundsOn(monitors, kept.bounds)
  const window = new BrowserWindow({
    ...(bounds ?? { width: 1440, height: 900 }),
    minWidth: 1024,
    minHeight: 700,
    show: false,
    backgroundColor: '#0e1013',
    title: 'Concord',
    autoHideMenuBar: true,
    webPreferences: pagePreferences(folder, app.isPackaged),
  })
  keepPlace(window, place)
  window.once('ready-to-show', () => {
    if (bounds && kept?.maximized) window.maximize()
    if (bounds && kept?.fullScreen) window.setFullScreen(true)
    window.show()
  })
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
