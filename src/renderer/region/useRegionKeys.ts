import { onBeforeUnmount, onMounted } from 'vue'
import { cursorStep, keyName, viewCommands, viewKeys, type ViewHandle } from '../viewer/commands.ts'

export interface RegionEars {
  view: () => ViewHandle | null
  move: (columns: number, rows: number) => void
  /** The page's own keys by their names. */
  keys: Readonly<Record<string, () => void>>
}

/** Placing squares by key alone: arrows move, the page's keys keep and go on, the rest is the picture's. */
export function useRegionKeys({ view, move, keys }: RegionEars): void {
  function hear(event: KeyboardEvent): void {
    if (event.isComposing || event.defaultPrevented) return
    const at = event.target instanceof Element ? event.target : null
    if (at?.closest('.v-overlay, [role="menu"], [role="dialog"], textarea, select')) return
    if (at?.closest('input:not([type="checkbox"])')) return
    const presses = event.key === 'Enter' || event.key === ' '
    if (presses && at?.closest('button, a[href], summary, input')) return
    const name = keyName(event)
    if (name === null) return
    const command = viewCommands.find((one) => viewKeys[one] === name)
    const step = command && cursorStep(command)
    if (keys[name]) {
      if (!event.repeat) keys[name]()
    } else if (step) move(...step)
    else if (command) view()?.run(command)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  // Capturing, before the picture's own keys: it has the same ones.
  onMounted(() => window.addEventListener('keydown', hear, { capture: true }))
  onBeforeUnmount(() => window.removeEventListener('keydown', hear, { capture: true }))
}
