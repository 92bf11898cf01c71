import { onBeforeUnmount, onMounted } from 'vue'
import { useSession } from '../stores/session.ts'

/** Everywhere in the window: Ctrl+L hides it until the password is given, Ctrl+U makes room for somebody else. */
export function useSessionKeys(leave: () => void): void {
  const session = useSession()
  function hear(event: KeyboardEvent): void {
    if (!session.session || event.repeat || event.altKey || event.shiftKey || !(event.ctrlKey || event.metaKey)) return
    const key = event.key.toLowerCase()
    if (key !== 'l' && key !== 'u') return
    event.preventDefault()
    event.stopImmediatePropagation()
    if (key === 'u') leave()
    else void session.lock()
  }
  onMounted(() => addEventListener('keydown', hear, { capture: true }))
  onBeforeUnmount(() => removeEventListener('keydown', hear, { capture: true }))
}
