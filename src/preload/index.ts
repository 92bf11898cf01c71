import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { allRoutes, eventChannel, type EventName } from './contract/index.ts'

type Ask = (request: unknown) => Promise<string>
type Areas = Record<string, Record<string, Ask>>

// The one bridge between page and program: a frozen object with a function for each route of the contract.
const areas: Areas = {}
for (const { area, verb, channel } of allRoutes())
  (areas[area] ??= {})[verb] = (request) => ipcRenderer.invoke(channel, request) as Promise<string>

const on = (name: EventName, listener: (payload: unknown) => void) => {
  const receive = (_event: unknown, received: EventName, payload: unknown): void => {
    if (received === name) listener(payload)
  }
  ipcRenderer.on(eventChannel, receive)
  return () => ipcRenderer.removeListener(eventChannel, receive)
}
const pathOf = (file: unknown): string => webUtils.getPathForFile(file as never)

/**
 * Runs in the page's own world, with nothing of this file but its arguments. Replies come as JSON: what crosses between the
 * worlds as an object is copied property by property, a tenth of a second for the figures of thirty readers; a text is not.
 */
function expose(from: Areas, rest: Record<string, unknown>): void {
  const api: Record<string, unknown> = { ...rest }
  for (const [area, verbs] of Object.entries(from)) {
    const read = (ask: Ask) => async (request: unknown) => JSON.parse(await ask(request)) as unknown
    api[area] = Object.freeze(Object.fromEntries(Object.entries(verbs).map(([verb, ask]) => [verb, read(ask)])))
  }
  Object.defineProperty(globalThis, 'concord', { value: Object.freeze(api), enumerable: true })
}
contextBridge.executeInMainWorld({ func: expose, args: [areas, { on, pathOf }] })
