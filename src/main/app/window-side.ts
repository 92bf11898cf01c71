import { monitorEventLoopDelay } from 'node:perf_hooks'
import { app, dialog, shell, type BrowserWindow } from 'electron'
import { migrations } from '../../../db/migrate.ts'
import type { WindowSide } from '../ipc/window-side.ts'
import { diagnostics } from './diagnostics.ts'
import type { DataFolders } from './paths.ts'
import { printPdf } from './pdf.ts'

/** What the window and the system do for a handler: both windows are asked for when they are there. */
export function createWindowSide(
  folders: DataFolders,
  window: () => BrowserWindow,
  second: () => WindowSide['secondWindow'],
): WindowSide {
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  const milliseconds = (nanoseconds: number): number => (Number.isFinite(nanoseconds) ? nanoseconds / 1e6 : 0)
  return {
    chooseFolder: async () => {
      const answer = await dialog.showOpenDialog(window(), { properties: ['openDirectory'] })
      return answer.filePaths[0] ?? null
    },
    chooseFile: async (extensions) => {
      const filters = [{ name: extensions.join(', '), extensions }]
      const answer = await dialog.showOpenDialog(window(), { properties: ['openFile'], filters })
      return answer.filePaths[0] ?? null
    },
    askWhere: async (suggested) => {
      const answer = await dialog.showSaveDialog(window(), { defaultPath: suggested })
      return answer.canceled ? null : answer.filePath
    },
    printPdf,
    about: () => ({
      version: app.getVersion(),
      electron: process.versions.electron ?? '',
      chrome: process.versions.chrome ?? '',
      node: process.versions.node,
      platform: `${process.platform} ${process.arch}`,
      dataFolder: folders.root,
    }),
    // Where the system has nothing to open files with, Electron never answers.
    openFile: (path) =>
      Promise.race([
        shell.openPath(path).then((failed) => failed === ''),
        new Promise<false>((told) => setTimeout(told, 5000, false).unref()),
      ]),
    fullScreen: (on) => {
      window().setFullScreen(on)
      return window().isFullScreen()
    },
    secondWindow: (act) => second()(act),
    diagnostics: (settings) =>
      diagnostics({
        ...{ settings, root: folders.root, log: folders.log, version: app.getVersion() },
        ...{ versions: process.versions, graphics: { ...app.getGPUFeatureStatus() } },
        ...{ migrations: migrations.length, uptime: process.uptime() },
      }),
    loopDelay: (reset) => {
      const figures = {
        p99: milliseconds(delay.percentile(99)),
        max: milliseconds(delay.max),
        mean: milliseconds(delay.mean),
      }
      if (reset) delay.reset()
      return figures
    },
  }
}
