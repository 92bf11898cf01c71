import { onBeforeUnmount, watch } from 'vue'
import { api } from '../api.ts'
import { useSession } from '../stores/session.ts'

const signs = ['keydown', 'pointerdown', 'pointermove', 'wheel'] as const
const lookEvery = 5000

/** Locks the window when nobody has touched it for the time that the settings name. */
export function useIdleLock(): void {
  const session = useSession()
  let last = Date.now()
  let minutes = 0
  const touched = (): void => void (last = Date.now())

  watch(
    () => [session.session?.accountId, session.session?.mustChangePassword, session.settingsChanged],
    async ([account, mustChange]) => {
      last = Date.now()
      minutes = 0
      if (account && !mustChange)
        minutes = await api.settings.get({}).then(
          (s) => s.lockAfterMinutes,
          () => 0,
        )
    },
    { immediate: true },
  )
  const timer = setInterval(() => {
    if (minutes > 0 && session.session && !session.locked && Date.now() - last > minutes * 60_000) void session.lock()
  }, lookEvery)
  watch(() => session.touches, touched)
  for (const sign of signs) addEventListener(sign, touched, { capture: true, passive: true })
  onBeforeUnmount(() => {
    clearInterval(timer)
    for (const sign of signs) removeEventListener(sign, touched, { capture: true })
  })
}
