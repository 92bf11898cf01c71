import type { PlaneImage } from './plane.ts'
import type { VolumeHeader } from './volume.ts'

/** What can be asked of the picture, by key, button or program. */
export const viewCommands = [
  ...['slice-up', 'slice-down', 'slice-up-ten', 'slice-down-ten', 'slice-first', 'slice-last'],
  ...['page-up', 'page-down', 'left', 'right', 'left-ten', 'right-ten', 'play'],
  ...['window-next', 'level-up', 'level-down', 'wider', 'narrower', 'invert'],
  ...['zoom-in', 'zoom-out', 'fit', 'full-screen'],
  ...['planes', 'slab', 'slab-thickness', 'crosshair', 'measure', 'histogram', 'magnifier'],
] as const
export type ViewCommand = (typeof viewCommands)[number]

/** What a page may ask of a ScanView by its ref. */
export interface ViewHandle {
  run: (command: ViewCommand) => void
  /** To a 0-based slice, kept within the stack. */
  go: (slice: number) => void
  focus: () => void
  /** The plane on the screen and what it says of itself; null while there is none. */
  readonly image?: PlaneImage | null
  readonly header?: VolumeHeader | null
}

/** What may be asked of one plane by its ref. */
export interface PlaneHandle {
  zoomBy: (factor: number) => void
  focus: () => void
  /** The scan whose picture is on the screen. */
  drawn: string | null
  /** Why nothing can be drawn. */
  broken: string | null
  image: PlaneImage | null
}

/**
 * The keys a picture answers to. A page may have its own table; this one counts where it has none. With the crosshair or
 * the measure the arrows move the cursor, and PageUp and PageDown the slices.
 */
export const viewKeys: Record<ViewCommand, string> = {
  'slice-up': 'ArrowUp',
  'slice-down': 'ArrowDown',
  'slice-up-ten': 'Shift+ArrowUp',
  'slice-down-ten': 'Shift+ArrowDown',
  'slice-first': 'Home',
  'slice-last': 'End',
  'page-up': 'PageUp',
  'page-down': 'PageDown',
  left: 'ArrowLeft',
  right: 'ArrowRight',
  'left-ten': 'Shift+ArrowLeft',
  'right-ten': 'Shift+ArrowRight',
  play: 'Space',
  'window-next': 'W',
  'level-up': 'U',
  'level-down': 'J',
  wider: 'K',
  narrower: 'H',
  invert: 'I',
  'zoom-in': '+',
  'zoom-out': '-',
  fit: 'F',
  'full-screen': 'F11',
  planes: 'P',
  slab: 'S',
  'slab-thickness': 'Shift+S',
  crosshair: 'X',
  measure: 'D',
  histogram: 'G',
  magnifier: 'Z',
}

/** Commands that a key held down repeats. */
export const repeatable: readonly ViewCommand[] = [
  ...(['slice-up', 'slice-down', 'slice-up-ten', 'slice-down-ten', 'page-up', 'page-down'] as const),
  ...(['left', 'right', 'left-ten', 'right-ten', 'zoom-in', 'zoom-out'] as const),
  ...(['level-up', 'level-down', 'wider', 'narrower'] as const),
]

/** How a command moves the cursor: columns and rows; null for commands that do not. */
export function cursorStep(command: ViewCommand): readonly [columns: number, rows: number] | null {
  const steps: Partial<Record<ViewCommand, readonly [number, number]>> = {
    'slice-up': [0, -1],
    'slice-down': [0, 1],
    'slice-up-ten': [0, -10],
    'slice-down-ten': [0, 10],
    left: [-1, 0],
    right: [1, 0],
    'left-ten': [-10, 0],
    'right-ten': [10, 0],
  }
  return steps[command] ?? null
}
/** How far a command moves through a stack of `slices`; null for commands that do not move. */
export function sliceAfter(command: ViewCommand, slice: number, slices: number): number | null {
  const moves: Partial<Record<ViewCommand, number>> = {
    'slice-up': slice - 1,
    'slice-down': slice + 1,
    'slice-up-ten': slice - 10,
    'slice-down-ten': slice + 10,
    'page-up': slice - 1,
    'page-down': slice + 1,
    'slice-first': 0,
    'slice-last': slices - 1,
  }
  const to = moves[command]
  return to === undefined ? null : Math.min(slices - 1, Math.max(0, to))
}

/**
 * The name of a key press: `Shift+ArrowUp`, `W`, `3`, `Space`, `?`. Shift is named only with keys whose character it
 * does not change. Null for presses with Ctrl, Alt or Meta, which belong to the system.
 */
export function keyName(
  event: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'altKey' | 'metaKey'>,
): string | null {
  if (event.ctrlKey || event.altKey || event.metaKey) return null
  if (event.key === ' ') return event.shiftKey ? 'Shift+Space' : 'Space'
  if (['Shift', 'Control', 'Alt', 'Meta', 'Dead', 'Process', 'Unidentified'].includes(event.key)) return null
  if (event.key.length > 1) return event.shiftKey ? `Shift+${event.key}` : event.key
  const upper = event.key.toUpperCase()
  const letter = upper !== event.key.toLowerCase()
  return letter && event.shiftKey ? `Shift+${upper}` : upper
}
