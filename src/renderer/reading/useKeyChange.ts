import { nextTick, ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { keyName } from '../viewer/commands.ts'
import { keyLabel } from './key-label.ts'
import { refusal, type Action, type KeyTable } from './keys.ts'

/** Giving an action another key: asks for it, takes the next that is pressed, or says why it cannot be that one. */
export function useKeyChange(of: {
  keys: () => KeyTable
  /** Brings the keyboard to where `take` listens. */
  focus: () => void
  change: (table: KeyTable) => void
  close: () => void
}) {
  const { t } = useI18n()
  const changing = ref<Action | null>(null)
  const problem = ref<string | null>(null)

  async function ask(action: Action): Promise<void> {
    changing.value = action
    problem.value = null
    await nextTick()
    of.focus()
  }
  function take(event: KeyboardEvent): void {
    // While this is open no key reaches the page behind it.
    event.stopPropagation()
    const name = keyName(event)
    if (!changing.value) {
      if (name === 'Escape' || name === of.keys().help) {
        event.preventDefault()
        of.close()
      }
      return
    }
    if (!name) return
    event.preventDefault()
    const action = changing.value
    if (name === 'Escape') return void (changing.value = null)
    const why = refusal(of.keys(), action, name)
    if (why) return void (problem.value = t(`reading.help.${why}`, { key: keyLabel(name, t) }))
    changing.value = null
    problem.value = null
    of.change({ ...of.keys(), [action]: name })
  }
  return { changing, problem, ask, take }
}
