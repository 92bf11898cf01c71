import { onBeforeUnmount, onMounted } from 'vue'
import type { DisputedScan } from '../../../preload/contract/analysis.ts'
import { leaveButton } from '../../parts/leaveButton.ts'
import { keyName, viewCommands, viewKeys, type ViewHandle } from '../../viewer/commands.ts'
import type { Settling } from './useSettling.ts'

/** A part of the page with a field for own words; `ask` where it can be asked who the readers are. */
export interface Hands {
  write: () => void
  ask?: () => void
}

export interface SettlingEars {
  settling: Settling
  view: () => ViewHandle | null
  /** To the field for own words. */
  write: () => void
  /** Further keys of the page by their names, such as `Escape` or `N`. */
  also: Readonly<Record<string, () => void>>
}

/** The readers whose marked slice a key shows; of many readers each has two letters, which no key has. */
export const markedByKey = (scan: DisputedScan | null): string[] =>
  (scan?.votes ?? []).flatMap(({ letter, worstSlice }) => (worstSlice !== null && letter.length === 1 ? [letter] : []))

/** Where the key belongs to something that is typed in, opened, or pressed itself. */
function place(event: KeyboardEvent): 'field' | 'button' | 'overlay' | 'page' {
  const at = event.target instanceof Element ? event.target : null
  if (at?.closest('.v-overlay, [role="menu"], [role="dialog"]')) return 'overlay'
  if (at?.closest('input:not([type="radio"]), textarea, select')) return 'field'
  if (
    (event.key === 'Enter' || event.key === ' ') &&
    at?.closest('button, a[href], summary') &&
    !at.closest('[role="radio"]')
  )
    return 'button'
  return 'page'
}

/** Everything of settling by key: digits decide, Enter saves, letters show a reader's slice, the picture has its own keys. */
export function useSettlingKeys({ settling, view, write, also }: SettlingEars): void {
  const { decision } = settling

  /** In a field only what leaves it or saves is heard. */
  function inField(event: KeyboardEvent): boolean {
    if (event.key === 'Enter' && !event.shiftKey) void settling.save()
    else if (event.key === 'Escape') (event.target as HTMLElement).blur()
    else return false
    return true
  }
  function toSliceOf(letter: string): boolean {
    const slice = settling.scan.value?.votes.find((vote) => vote.letter === letter)?.worstSlice
    if (slice === undefined || slice === null) return false
    view()?.go(slice)
    return true
  }
  function onPage(event: KeyboardEvent): boolean {
    if (event.altKey && (event.key === 'ArrowRight' || event.key === 'ArrowLeft')) {
      void settling.go(event.key === 'ArrowRight' ? 1 : -1)
      return true
    }
    const name = keyName(event)
    if (name === null) return false
    const digit = /^[0-9]$/.test(name) ? name : /^Digit[0-9]$/.test(event.code) ? event.code.slice(5) : null
    if (digit !== null && settling.act.busy.value) return true
    if (digit !== null && settling.sealed.value && decision.digit(digit)) {
      leaveButton(event)
      return true
    }
    const own: Record<string, () => void> = {
      Enter: () => void settling.save(),
      Backspace: decision.back,
      T: write,
      ...also,
    }
    if (own[name]) {
      if (!event.repeat) own[name]()
      return true
    }
    if (toSliceOf(name)) return true
    const command = viewCommands.find((one) => viewKeys[one] === name)
    if (command) view()?.run(command)
    return command !== undefined
  }

  function hear(event: KeyboardEvent): void {
    if (event.isComposing || event.defaultPrevented) return
    const at = place(event)
    if (at === 'overlay' || at === 'button') return
    if (at === 'field' ? inField(event) : onPage(event)) {
      event.preventDefault()
      event.stopPropagation()
    }
  }
  // Capturing, before the picture's own keys: it has the same ones.
  onMounted(() => window.addEventListener('keydown', hear, { capture: true }))
  onBeforeUnmount(() => window.removeEventListener('keydown', hear, { capture: true }))
}
