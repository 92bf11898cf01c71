import { onBeforeUnmount, onMounted } from 'vue'
import { keyName, repeatable } from '../viewer/commands.ts'
import { actions, gradeKeys, tableFor, type Action, type KeyTable } from './keys.ts'
import type { Scale } from '../../preload/contract/common.ts'

export interface KeyEars {
  table: () => KeyTable
  scale: () => Scale | null
  /** False while something else has the keyboard (the key list, no scan in front). */
  listening: () => boolean
  /** A digit before it is taken as a grade; true when it was used. */
  digit: (digit: number) => boolean
  grade: (value: number) => void
  act: (action: Action) => void
  escape: () => void
}

/** Whether the key belongs to something that is being typed in or opened, not to the page. */
function busyElsewhere(event: KeyboardEvent): boolean {
  const at = event.target instanceof Element ? event.target : null
  if (at?.closest('input, textarea, select, [contenteditable="true"], [role="menu"], [role="listbox"], .v-overlay'))
    return true
  // Enter and Space belong to a focused button or link, but for the grades, where Enter casts.
  const opens = event.key === 'Enter' || event.key === ' '
  if (!opens) return false
  if (at?.closest('[role="radio"]')) return event.key === ' '
  return at?.closest('button, a[href], summary') != null
}

/** The keys of the reading page, from the first moment: no click into the page is needed. */
export function useReadingKeys(ears: KeyEars): void {
  function hear(event: KeyboardEvent): void {
    const scale = ears.scale()
    if (!scale || !ears.listening() || event.isComposing || busyElsewhere(event)) return
    const name = keyName(event)
    if (!name) return
    const grades = gradeKeys(scale)
    const table = tableFor(ears.table(), scale)
    // On keyboards whose digits need Shift (French), the key of the digit counts too.
    const digit = /^[0-9]$/.test(name) ? name : /^Digit[0-9]$/.test(event.code) ? event.code.slice(5) : null
    const action = actions.find((one) => table[one] === name)
    const used = (): void => {
      event.preventDefault()
      event.stopPropagation()
    }
    if (name === 'Escape') {
      ears.escape()
      return
    }
    if (action) {
      used()
      if (!event.repeat || (repeatable as readonly Action[]).includes(action)) ears.act(action)
      return
    }
    if (digit === null || event.repeat) return
    if (ears.digit(Number(digit))) {
      used()
      return
    }
    const value = grades.get(digit)
    if (value !== undefined) {
      used()
      ears.grade(value)
    } else if (table.cannot === digit) {
      used()
      ears.act('cannot')
    }
  }
  // Capturing, before the picture's own keys: the reader's table counts.
  onMounted(() => window.addEventListener('keydown', hear, { capture: true }))
  onBeforeUnmount(() => window.removeEventListener('keydown', hear, { capture: true }))
}
