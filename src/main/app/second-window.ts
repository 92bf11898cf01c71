import { app, BrowserWindow, screen } from 'electron'
import { eventChannel, type EventOf } from '../../preload/contract/index.ts'
import type { Desks } from '../ipc/desks.ts'
import type { WindowSide } from '../ipc/window-side.ts'
import { pageOrigin } from './page-protocol.ts'
import { pagePreferences } from './page-preferences.ts'
import { keepSpot, readSpots, spotFor } from './second-place.ts'

type Why = EventOf<'second-window'>['why']

interface Surroundings {
  /** dist/, where main, preload and renderer lie. */
  folder: string
  /** Keeps where it stood on each monitor. */
  file: string
  desks: Desks
  first: BrowserWindow
  log: (line: string) => void
}

const smallest = { minWidth: 480, minHeight: 400 }

/**
 * The second window: a page of ours like the first, with the same session, lock and rules, that shows the scan alone. It goes
 * with the first window's page, with the session, with its monitor and with a crash; the first window then has the scan again.
 */
export function secondWindow({ folder, file, desks, first, log }: Surroundings): WindowSide['secondWindow'] {
  let second: BrowserWindow | null = null
  let why: Why = 'closed'
  /** The monitor it is on: when the system tells that a monitor is gone, the window has been moved already. */
  let home = ''

  const monitorOf = (window: BrowserWindow): string => String(screen.getDisplayMatching(window.getBounds()).id)
  const tell = (open: boolean): void => {
    if (!first.isDestroyed()) first.webContents.send(eventChannel, 'second-window', { open, why })
  }

  function keep(window: BrowserWindow): void {
    const [maximized, fullScreen] = [window.isMaximized(), window.isFullScreen()]
    const bounds = maximized || fullScreen ? window.getNormalBounds() : window.getBounds()
    keepSpot(file, monitorOf(window), { bounds, maximized, fullScreen })
  }
  function close(because: Why): void {
    if (!second) return
    why = because
    if (because !== 'monitor-gone') keep(second)
    second.destroy()
  }

  function open(): void {
    if (second) return second.focus()
    const monitors = screen.getAllDisplays().map(({ id, workArea }) => ({ id: String(id), area: workArea }))
    const spot = spotFor(readSpots(file), monitors, monitorOf(first))
    const window = new BrowserWindow({
      ...{ ...spot.bounds, ...smallest, webPreferences: pagePreferences(folder, app.isPackaged) },
      ...{ show: false, backgroundColor: '#000000', title: 'Concord', autoHideMenuBar: true },
    })
    second = window
    why = 'closed'
    const { webContents } = window
    const { id } = webContents
    desks.join(id, first.webContents.id, {
      send: (name, payload) =>
        name === 'session-ended' ? close('asked') : webContents.send(eventChannel, name, payload),
    })
    home = monitorOf(window)
    window.on('move', () => (home = monitorOf(window)))
    window.on('close', () => keep(window))
    window.on('closed', () => {
      desks.close(id)
      second = null
      tell(false)
    })
    webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
      if (reason === 'clean-exit') return
      log(`second window gone: ${reason} ${exitCode}`)
      setImmediate(() => close('crashed'))
    })
    window.once('ready-to-show', () => {
      if (spot.maximized) window.maximize()
      if (spot.fullScreen) window.setFullScreen(true)
      // The keyboard stays where it was; keys work in both.
      window.showInactive()
    })
    void window.loadURL(`${pageOrigin}/#/second`)
    tell(true)
  }

  // What it shows comes from the first window's page: with that page it goes, also when the page crashed.
  first.webContents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
    if (isMainFrame && !isSameDocument) close('asked')
  })
  first.webContents.on('render-process-gone', () => close('asked'))
  first.on('closed', () => close('asked'))
  screen.on('display-removed', (_event, { id }) => {
    if (String(id) === home) close('monitor-gone')
  })

  return (act) => {
    if (act === 'open' || (act === 'toggle' && !second)) open()
    else if (act === 'close' || act === 'toggle') close('asked')
    else if (act === 'to-first') first.focus()
    return { open: second !== null, monitors: screen.getAllDisplays().length }
  }
}
