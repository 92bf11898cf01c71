import { ipcMain, type IpcMainInvokeEvent } from 'electron'
import { allRoutes } from '../../preload/contract/index.ts'
import type { Desks } from './desks.ts'
import type { Dispatch } from './router.ts'

/** Connects every route of the contract with Electron. Only the top frame of our own page is heard. */
export function listen(dispatch: Dispatch, desks: Desks, origin: string): void {
  for (const { channel } of allRoutes())
    ipcMain.handle(channel, async (event: IpcMainInvokeEvent, payload: unknown) => {
      const frame = event.senderFrame
      const desk = desks.at(event.sender.id)
      const foreign = !desk || !frame || frame.parent !== null || !frame.url.startsWith(`${origin}/`)
      // As text: see the preload. The contract's replies are JSON's own kinds of values.
      return JSON.stringify(foreign ? refused : await dispatch(channel, payload, desk))
    })
}

const refused = { ok: false, error: { code: 'sender-refused', message: 'This page may not ask the program.' } }
