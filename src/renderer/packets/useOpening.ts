import { computed, onBeforeUnmount, onMounted, shallowRef } from 'vue'
import type { PacketFound, PacketOpening } from '../../preload/contract/packets.ts'
import { api, Failure } from '../api.ts'
import { useAct } from '../parts/useAct.ts'

const again = 250

/** Opening a packet: look at it, open it, see how far it is. There may be nobody signed in yet, so that it is no job. */
export function useOpening() {
  const act = useAct()
  const may = shallowRef<boolean | null>(null)
  const now = shallowRef<PacketOpening | null>(null)
  const path = shallowRef('')
  const found = shallowRef<PacketFound | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined

  /** Asks until nothing is being opened any more. */
  async function follow(): Promise<void> {
    clearTimeout(timer)
    const state = await api.packets.state({})
    may.value = state.may
    now.value = state.now
    if (state.now?.state === 'running') timer = setTimeout(() => void follow().catch(() => undefined), again)
    else if (state.now?.state === 'failed') act.failure.value = new Failure(state.now.error!)
  }
  async function look(file: string): Promise<void> {
    found.value = null
    now.value = null
    path.value = file
    await act.run(async () => (found.value = await api.packets.inspect({ path: file })))
  }
  async function choose(): Promise<void> {
    const chosen: { path: string | null } = { path: null }
    await act.run(async () => Object.assign(chosen, await api.packets.choose({ kind: 'study' })))
    if (chosen.path !== null) await look(chosen.path)
  }
  async function open(): Promise<void> {
    const { digest } = found.value!
    await act.run(async () => {
      await api.packets.open({ path: path.value, digest })
      await follow()
    })
  }
  const stop = (): Promise<unknown> => act.run(() => api.packets.stopOpening({}))
  const running = computed(() => now.value?.state === 'running')

  onMounted(() =>
    act.run(async () => {
      await follow()
      // What ended before this page opened is history.
      if (now.value?.state !== 'running') {
        now.value = null
        act.failure.value = null
      }
    }),
  )
  onBeforeUnmount(() => clearTimeout(timer))

  return { act, may, now, found, running, look, choose, open, stop }
}
