import type { View } from '../viewer/view.ts'
import type { ViewCommand } from '../viewer/commands.ts'
import type { Start } from '../viewer/useOpening.ts'
import type { WindowLevel } from '../viewer/window-level.ts'
import type { KeyTable } from '../reading/keys.ts'
import type { Press } from '../reading/useReadingKeys.ts'
import type { ReaderSettings } from '../../preload/contract/reading.ts'
import type { RegionAct, RegionSight } from './region-line.ts'
import type { RoomState } from './room-state.ts'

/** The address of the second window's page, as the main process opens it. */
export const secondAddress = '#/second'

/** How the scan is looked at: the same in both windows. */
export interface Looking {
  slice: number
  window: WindowLevel | null
  inverted: boolean
  planes: boolean
  view: View
}
/** What the first window shows and knows; the second one keeps nothing of its own. */
export interface Room {
  state: RoomState
  keys: KeyTable
  breakMinutes: number | null
  breakDue: number | null
  sheet: boolean
  region: RegionSight | null
}

export type ToSecond =
  | { kind: 'room'; room: Room }
  | { kind: 'start'; start: Start | null; looking: Looking }
  | { kind: 'looking'; looking: Looking }
  | { kind: 'run'; command: ViewCommand }
  | { kind: 'go'; slice: number }
export type ToFirst =
  | { kind: 'ready' }
  | { kind: 'touched' }
  | { kind: 'looking'; looking: Looking }
  | { kind: 'drawn'; scanId: string }
  | { kind: 'failed'; scanId: string }
  | { kind: 'press'; press: Press }
  | { kind: 'act'; action: string }
  | { kind: 'region'; act: RegionAct }
  | { kind: 'settings'; change: { keys?: KeyTable; breakMinutes?: ReaderSettings['breakMinutes'] } }

export interface Line<Out> {
  tell: (message: Out) => void
  close: () => void
}

/**
 * The line between the two windows. It goes from page to page, not through the main process, which is not held up by slices
 * then; only pages of this program have its origin. What is said is a copy, without Vue's proxies.
 */
export function openLine<Way extends { out: unknown; in: unknown }>(
  hear: (message: Way['in']) => void,
): Line<Way['out']> {
  const channel = new BroadcastChannel('concord-windows')
  channel.onmessage = (event: MessageEvent<{ message: Way['in'] }>) => hear(event.data.message)
  return {
    tell: (message) => channel.postMessage({ message: JSON.parse(JSON.stringify(message)) as Way['out'] }),
    close: () => channel.close(),
  }
}
