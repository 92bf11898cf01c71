/** What can be asked of the picture, by key, button or program. */
export const viewCommands = [
  'slice-up',
  'slice-down',
  'slice-up-ten',
  'slice-down-ten',
  'slice-first',
  'slice-last',
  'play',
  'window-next',
  'invert',
  'fit',
] as const
export type ViewCommand = (typeof viewCommands)[number]

/** What a page may ask of a ScanView by its ref. */
export interface ViewHandle {
  run: (command: ViewCommand) => void
  /** To a 0-based slice, kept within the stack. */
  go: (slice: number) => void
  focus: () => void
}

/** The keys a picture answers to. A page may have its own table; this one counts where it has none. */
export const viewKeys: Record<ViewCommand, string> = {
  'slice-up': 'ArrowUp',
  'slice-down': 'ArrowDown',
  'slice-up-ten': 'Shift+ArrowUp',
  'slice-down-ten': 'Shift+ArrowDown',
  'slice-first': 'Home',
  'slice-last': 'End',
  play: 'Space',
  'window-next': 'W',
  invert: 'I',
  fit: 'F',
}

/** How far a command moves through a stack of `slices`; null for commands that do not move. */
export function sliceAfter(command: ViewCommand, slice: number, slices: number): number | null {
  const moves: Partial<Record<ViewCommand, number>> = {
    'slice-up': slice - 1,
    'slice-down': slice + 1,
    'slice-up-ten': slice - 10,
    'slice-down-ten': slice + 10,
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
