import { computed, watch, type Ref } from 'vue'
import type { Region } from '../../preload/contract/regions.ts'
import { api } from '../api.ts'
import { useRegion } from '../region/useRegion.ts'
import { useReading } from '../stores/reading.ts'

/** The region of interest on the scan in front, in whichever window that is: the reader's own to place, or the study's to see. */
export function useOwnRegion(inverted: Ref<boolean>) {
  const reading = useReading()
  /** Kept since the desk was fetched, by place of the queue. */
  const kept = new Map<string, Region>()

  const shown = computed(() => (reading.current?.region ?? null) !== null)
  /** The second vote of a pair is on the region of the first. */
  const mine = computed(
    () => reading.desk?.ask.region === 'own' && reading.current?.second === null && reading.lesson === null,
  )
  const hands = useRegion(() => {
    const item = reading.current
    if (!item?.region) return null
    return {
      key: item.assignmentId,
      ...{ dims: item.dims, side: item.side, spacing: item.region.spacing },
      saved: kept.get(item.assignmentId) ?? item.region.placed,
      async save(place) {
        const region = await api.regions.placeOwn({ assignmentId: item.assignmentId, place })
        kept.set(item.assignmentId, region)
        return region
      },
    }
  })
  // Where a region is asked for first, its square lies ready as soon as the picture does.
  watch(
    () => [reading.current?.assignmentId, reading.sight?.of, mine.value] as const,
    ([id, sight, own]) => {
      if (id && own && sight === 'picture' && reading.desk?.ask.regionRequired && !hands.saved.value) hands.begin()
      if (hands.inverted.value) inverted.value = true
    },
  )

  watch(hands.moved, (moved) => {
    if (moved && reading.hint === 'no-region') reading.hint = null
  })

  const needed = computed(
    () =>
      mine.value &&
      shown.value &&
      reading.desk?.ask.regionRequired === true &&
      reading.pick?.kind !== 'cannot' &&
      hands.saved.value === null &&
      !hands.moved.value,
  )
  return {
    ...{ hands, shown, mine, needed },
    state: computed((): 'open' | 'kept' | 'fixed' =>
      !mine.value ? 'fixed' : hands.saved.value && !hands.moved.value ? 'kept' : 'open',
    ),

    /** One key: lays the square out, and keeps it. */
    async turnKey(): Promise<void> {
      if (!mine.value || reading.sight?.of !== 'picture') return
      if (!hands.editing.value) hands.begin()
      else if ((await hands.keep()) && reading.hint === 'no-region') reading.hint = null
    },
    turn(): void {
      if (!mine.value || reading.sight?.of !== 'picture') return
      hands.turn()
      inverted.value = hands.inverted.value
    },
    /** Whether a vote can go: what was moved is kept with it, and what is asked for first is there. */
    async ready(): Promise<boolean> {
      if (!mine.value) return true
      if (needed.value && reading.pick !== null) {
        reading.hint = 'no-region'
        return false
      }
      return !hands.moved.value || hands.keep()
    },
  }
}
