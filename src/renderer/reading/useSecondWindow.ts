import { computed, nextTick, onBeforeUnmount, onMounted, ref, shallowRef, watch } from 'vue'
import { api, onEvent } from '../api.ts'
import { openLine, type Room, type ToFirst, type ToSecond } from '../second/line.ts'
import type { RegionAct } from '../second/region-line.ts'
import { roomState } from '../second/room-state.ts'
import { useLooking, type LookingRefs } from '../second/useLooking.ts'
import { useReading } from '../stores/reading.ts'
import { useSession } from '../stores/session.ts'
import type { ViewHandle } from '../viewer/commands.ts'
import type { Start } from '../viewer/useOpening.ts'
import { actions, type Action } from './keys.ts'
import type { Press } from './useReadingKeys.ts'
import type { useSettings } from './useSettings.ts'

interface FirstWindow {
  looking: LookingRefs
  room: () => Omit<Room, 'state'>
  settings: Pick<ReturnType<typeof useSettings>, 'keep'>
  act: (action: Action) => void
  press: (press: Press) => void
  drawn: (scanId: string) => void
  failed: (scanId: string) => void
  region: (act: RegionAct) => void
}
/** Kept, so that whoever reads on two monitors finds them so the next day. */
const wanted = 'concord.second-window'

/** The scan in a second window: this one keeps the desk, tells what is to be seen, and hears what is done there. */
export function useSecondWindow(first: FirstWindow) {
  const reading = useReading()
  const session = useSession()
  const open = ref(false)
  /** Why the scan came back by itself. */
  const back = ref<'crashed' | 'monitor-gone' | null>(null)
  const start = shallowRef<Start | null>(null)
  const line = openLine<{ out: ToSecond; in: ToFirst }>(hear)
  const looking = useLooking(first.looking, (now) => open.value && line.tell({ kind: 'looking', looking: now }))
  const room = computed((): Room => ({ ...first.room(), state: roomState(reading) }))
  watch(room, (now) => open.value && line.tell({ kind: 'room', room: now }))

  /** The scan in front goes on where it is in the window that shows it next. */
  function keepStart(): void {
    const { slice, window } = looking.now()
    const scanId = reading.sight && reading.current?.scanId
    start.value = scanId ? { scanId, slice, window } : null
  }

  function hear(message: ToFirst): void {
    if (!open.value) return
    if (message.kind === 'ready') {
      keepStart()
      line.tell({ kind: 'start', start: start.value, looking: looking.now() })
      line.tell({ kind: 'room', room: room.value })
    } else if (message.kind === 'looking') looking.hear(message.looking)
    else if (message.kind === 'drawn') first.drawn(message.scanId)
    else if (message.kind === 'failed') first.failed(message.scanId)
    else if (message.kind === 'touched') session.touches++
    else if (message.kind === 'settings') void first.settings.keep(message.change)
    else if (session.locked) return
    else if (message.kind === 'region') first.region(message.act)
    else if (message.kind === 'press') done(() => first.press(message.press))
    else done(() => actions.some((one) => one === message.action) && first.act(message.action as Action))
  }
  /** Does it; where there is something to type in then, the keyboard comes here. */
  function done(what: () => unknown): void {
    const before = document.activeElement
    what()
    void nextTick(() => {
      const field = document.activeElement
      if (field !== before && field instanceof HTMLInputElement && field.type === 'text') ask('to-first')
    })
  }

  const ask = (act: 'open' | 'close' | 'to-first'): void =>
    void api.program.secondWindow({ act }).catch(() => undefined)
  /** Whether it is open says the program: what this page heard last may be over when the key is pressed again at once. */
  async function toggle(): Promise<void> {
    back.value = null
    const now = await api.program.secondWindow({ act: 'toggle' }).catch(() => null)
    if (now) localStorage.setItem(wanted, String(now.open))
  }
  const stop = onEvent('second-window', (now) => {
    if (!now.open) keepStart()
    open.value = now.open
    if (now.why === 'crashed' || now.why === 'monitor-gone') back.value = now.why
    if (now.why === 'closed' && !now.open) localStorage.setItem(wanted, 'false')
  })
  onMounted(async () => {
    if (localStorage.getItem(wanted) !== 'true') return
    const { monitors } = await api.program.secondWindow({ act: 'look' }).catch(() => ({ monitors: 1 }))
    if (monitors > 1) ask('open')
  })
  onBeforeUnmount(() => {
    stop()
    line.close()
    if (open.value) ask('close')
  })

  /** What the picture's commands go to while it is in the other window. */
  const scan: ViewHandle = {
    run: (command) => line.tell({ kind: 'run', command }),
    go: (slice) => line.tell({ kind: 'go', slice }),
    focus: () => undefined,
  }
  return { open, back, start, scan, toggle }
}
