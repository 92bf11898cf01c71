import type { Settings } from '../../preload/contract/settings.ts'
import type { AskWhere } from '../services/context.ts'
import type { PrintPdf } from '../services/export/index.ts'

/** What only the window can do for a handler. */
export interface WindowSide {
  chooseFolder(): Promise<string | null>
  /** @param endings Of the files that are shown. */
  chooseFile(endings: string[]): Promise<string | null>
  askWhere: AskWhere
  printPdf: PrintPdf
  about(): { version: string; electron: string; chrome: string; node: string; platform: string; dataFolder: string }
  fullScreen(on: boolean): boolean
  secondWindow(act: 'toggle' | 'open' | 'close' | 'look' | 'to-first'): { open: boolean; monitors: number }
  diagnostics(settings: Settings): Promise<string>
  /** Opens a file with what the system has for it; false where it has nothing. */
  openFile(path: string): Promise<boolean>
  loopDelay(reset: boolean): { p99: number; max: number; mean: number }
}
