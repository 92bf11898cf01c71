import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { useVolumes } from './useVolumes.ts'
import { isEarly, type LoadedVolume, type Shown } from './volume.ts'

/** Why a scan is not here: `code` for decisions, `message` for people. */
export interface VolumeFailure {
  code: string
  message: string
}

export interface OpenVolume {
  volume: ShallowRef<LoadedVolume | null>
  /** The volume, or while it is on its way one slice of it. */
  shown: ShallowRef<Shown | null>
  /** While the volume is on its way: this slice next. */
  want: (slice: number) => void
  /** 0..1 once something has arrived; null before, and when the volume is here. */
  progress: Ref<number | null>
  failure: ShallowRef<VolumeFailure | null>
  retry: () => void
}

/** The volume of the scan shown: at once when it was loaded ahead, else null until its last byte is here. */
export function useVolume(scanId: () => string | null): OpenVolume {
  const { volumes } = useVolumes()
  const volume = shallowRef<LoadedVolume | null>(null)
  const shown = shallowRef<Shown | null>(null)
  const progress = ref<number | null>(null)
  const failure = shallowRef<VolumeFailure | null>(null)
  let turn = 0

  async function open(id: string | null): Promise<void> {
    const mine = ++turn
    failure.value = null
    progress.value = null
    // The picture of the scan before must not stand beside the name of this one.
    shown.value = volume.value = (id && volumes.get(id)) || null
    if (!id) return
    const outcome = await volumes.open(id, {
      progress: ({ received, total }) => {
        if (mine === turn) progress.value = total > 0 ? received / total : null
      },
      early: (slice) => {
        if (mine === turn && !volume.value) shown.value = slice
      },
    })
    if (mine !== turn) return
    progress.value = null
    if (outcome.ok) shown.value = volume.value = outcome.volume
    else shown.value = null
    if (!outcome.ok && outcome.code !== 'volume-cancelled')
      failure.value = { code: outcome.code, message: outcome.message }
  }

  watch(scanId, (id, before) => {
    if (before) volumes.leave(before)
    void open(id)
  })
  void open(scanId())
  onScopeDispose(() => {
    turn++
    const id = scanId()
    if (id) volumes.leave(id)
  })

  function want(slice: number): void {
    const id = scanId()
    if (id && shown.value && isEarly(shown.value) && shown.value.slice !== slice) volumes.slice(id, slice)
  }
  function retry(): void {
    const id = scanId()
    if (id) volumes.leave(id)
    void open(id)
  }

  return { volume, shown, want, progress, failure, retry }
}
