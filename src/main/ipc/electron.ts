import { ipcMain, type IpcMainInvokeEvent } from 'electron'
import { allRoutes } from '../../preload/contract/index.ts'
import type { Outcome } from '../../preload/contract/route.ts'
import { Written } from '../domain/written.ts'
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
      return asText(foreign ? refused : await dispatch(channel, payload, desk))
    })
}

function asText(outcome: Outcome<unknown>): string {
  const written = outcome.ok && outcome.value instanceof Written ? outcome.value.json : null
  return written === null ? JSON.stringify(outcome) : `{"ok":true,"value":${written}}`
}

const refused: Outcome<never> = {
  ok: false,
  error: { code: 'sender-refused', message: 'This page may not ask the program.' },
}
