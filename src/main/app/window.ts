import { join } from 'node:path'
import { BrowserWindow } from 'electron'
import { pageOrigin } from './page-protocol.ts'

/** Opens the program's window on its page. 1280 x 800 is the smallest size the pages are made for. */
export function openWindow(folder: string): BrowserWindow {
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
  void window.loadURL(`${pageOrigin}/`)
  return window
}
