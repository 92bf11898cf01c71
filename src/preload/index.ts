import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { allRoutes, eventChannel, type EventName } from './contract/index.ts'

// The one bridge between page and program: a frozen object with a function for each route of the contract.
const api: Record<string, unknown> = {}
for (const { area, verb, channel } of allRoutes()) {
  const verbs = (api[area] ??= {}) as Record<string, unknown>
  verbs[verb] = (request: unknown) => ipcRenderer.invoke(channel, request)
}
for (const verbs of Object.values(api)) Object.freeze(verbs)

api['on'] = (name: EventName, listener: (payload: unknown) => void) => {
  const receive = (_event: unknown, received: EventName, payload: unknown): void => {
    if (received === name) listener(payload)
  }
  ipcRenderer.on(eventChannel, receive)
  return () => ipcRenderer.removeListener(eventChannel, receive)
}
api['pathOf'] = (file: unknown) => webUtils.getPathForFile(file as never)

contextBridge.exposeInMainWorld('concord', Object.freeze(api))
