import { onBeforeUnmount, onMounted } from 'vue'
import { leaveButton } from '../parts/leaveButton.ts'
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

/** A press of a key as one window tells the other. */
export interface Press {
  name: string
  /** KeyboardEvent.code */
  code: string
  repeat: boolean
}

/** What was pressed; null where it belongs to something else. */
function pressOf(event: KeyboardEvent): Press | null {
  if (event.isComposing || busyElsewhere(event)) return null
  const name = keyName(event)
  return name === null ? null : { name, code: event.code, repeat: event.repeat }
}

/** On keyboards whose digits need Shift (French), the key of the digit counts too. */
export const digitOf = ({ name, code }: Press): string | null =>
  /^[0-9]$/.test(name) ? name : /^Digit[0-9]$/.test(code) ? code.slice(5) : null

/** Calls `take` at each press, before the page's own keys; true from it means that the key was used. */
export function useKeys(take: (press: Press) => boolean): void {
  function hear(event: KeyboardEvent): void {
    const press = pressOf(event)
    if (!press || !take(press)) return
    if (digitOf(press) !== null) leaveButton(event)
    event.preventDefault()
    event.stopPropagation()
  }
  onMounted(() => window.addEventListener('keydown', hear, { capture: true }))
  onBeforeUnmount(() => window.removeEventListener('keydown', hear, { capture: true }))
}

/** The keys of the reading page, from the first moment: no click into the page is needed. `take`: for keys heard elsewhere. */
export function useReadingKeys(ears: KeyEars): { take: (press: Press) => boolean } {
  function take(press: Press): boolean {
    const scale = ears.scale()
    if (!scale || !ears.listening()) return false
    const grades = gradeKeys(scale)
    const table = tableFor(ears.table(), scale)
    const digit = digitOf(press)
    const action = actions.find((one) => table[one] === press.name)
    if (press.name === 'Escape') {
      ears.escape()
      return false
    }
    if (action) {
      if (!press.repeat || (repeatable as readonly Action[]).includes(action)) ears.act(action)
      return true
    }
    if (digit === null || press.repeat) return false
    if (ears.digit(Number(digit))) return true
    const value = grades.get(digit)
    if (value !== undefined) ears.grade(value)
    else if (table.cannot === digit) ears.act('cannot')
    else return false
    return true
  }
  // The reader's table counts.
  useKeys(take)
  return { take }
}
