import { computed, ref, shallowRef, watch, type Ref } from 'vue'
import type { Region, RegionPlace } from '../../preload/contract/regions.ts'
import { asFailure, type Failure } from '../api.ts'
import type { Triple } from '../viewer/volume.ts'
import { beginning, clamped, edgeOf, fitsOn, type Habit, type Middle, type Square } from './geometry.ts'

/** A radiograph that a region is placed on. */
export interface Subject {
  /** Changes with the radiograph. */
  key: string
  dims: Triple
  side: string
  /** Millimetres a pixel; null where the file does not say. */
  spacing: number | null
  saved: Region | null
  /** Keeps a place, or throws. */
  save: (place: RegionPlace) => Promise<Region>
}

export interface RegionHands {
  /** The square on the screen; null where there is none yet, or its size is not known. */
  square: Readonly<Ref<Square | null>>
  saved: Readonly<Ref<Region | null>>
  /** The square can be moved now. */
  editing: Readonly<Ref<boolean>>
  /** Moved since it was kept. */
  moved: Readonly<Ref<boolean>>
  /** What a person typed where the file does not say it. */
  assumed: Readonly<Ref<number | null>>
  inverted: Readonly<Ref<boolean>>
  /** Why there can be no square: no size of a pixel, or one by which it is larger than the picture. */
  trouble: Readonly<Ref<'no-spacing' | 'too-large' | null>>
  busy: Readonly<Ref<boolean>>
  failure: Readonly<Ref<Failure | null>>
  begin: () => void
  move: (columns: number, rows: number) => void
  put: (middle: Middle) => void
  turn: () => void
  assume: (spacing: number | null) => void
  /** Keeps what was moved, or confirms where the square is; false where that was not possible. */
  keep: () => Promise<boolean>
  /** Back to what was kept. */
  drop: () => void
}

/** Placing the region of interest on one radiograph after another: clamped at the edges, kept only when a person says so. */
export function useRegion(subject: () => Subject | null): RegionHands {
  const saved = shallowRef<Region | null>(null)
  const middle = shallowRef<Middle | null>(null)
  const editing = ref(false)
  const moved = ref(false)
  const assumed = ref<number | null>(null)
  const inverted = ref(false)
  const busy = ref(false)
  const failure = shallowRef<Failure | null>(null)
  let habit: Habit | null = null

  const spacing = computed(() => subject()?.spacing ?? assumed.value)
  const edge = computed(() => (spacing.value === null ? null : edgeOf(spacing.value)))
  const trouble = computed(() => {
    const now = subject()
    if (!now) return null
    if (edge.value === null) return 'no-spacing' as const
    return fitsOn(edge.value, now.dims) ? null : ('too-large' as const)
  })
  const square = computed((): Square | null => {
    if (!middle.value || edge.value === null || trouble.value !== null) return null
    return { x: middle.value[0], y: middle.value[1], edge: edge.value }
  })

  function open(): void {
    const now = subject()
    saved.value = now?.saved ?? null
    middle.value = saved.value ? [saved.value.x, saved.value.y] : null
    if (saved.value?.spacingFrom === 'assumed') assumed.value = saved.value.spacing
    inverted.value = saved.value?.inverted ?? false
    editing.value = false
    moved.value = false
    failure.value = null
  }
  watch(() => subject()?.key ?? null, open, { immediate: true, flush: 'sync' })

  function begin(): void {
    const now = subject()
    if (!now || editing.value) return
    editing.value = true
    middle.value ??= beginning(now.dims, now.side, habit)
    hold()
  }
  /** Within the picture, once its size is known. */
  function hold(): void {
    const now = subject()
    if (now && middle.value && edge.value !== null && trouble.value === null)
      middle.value = clamped(middle.value, edge.value, now.dims)
  }
  function put(to: Middle): void {
    if (busy.value) return
    begin()
    if (trouble.value !== null) return
    middle.value = to
    moved.value = true
    failure.value = null
    hold()
  }

  return {
    ...{ square, saved, editing, moved, assumed, inverted, trouble, busy, failure, begin, put },
    move: (columns, rows) => {
      begin()
      if (middle.value) put([middle.value[0] + columns, middle.value[1] + rows])
    },
    turn() {
      begin()
      inverted.value = !inverted.value
      moved.value = true
    },
    assume(typed) {
      begin()
      assumed.value = typed
      moved.value = true
      failure.value = null
      hold()
    },
    async keep() {
      const now = subject()
      if (!now || busy.value) return false
      if (saved.value && !moved.value) {
        editing.value = false
        return true
      }
      if (!square.value) return false
      busy.value = true
      failure.value = null
      const { x, y } = square.value
      try {
        const place = { x, y, spacing: now.spacing === null ? assumed.value : null, inverted: inverted.value }
        const kept = await now.save(place)
        habit = { across: (x + 0.5) / now.dims[0], down: (y + 0.5) / now.dims[1], side: now.side }
        if (subject()?.key === now.key) {
          saved.value = kept
          moved.value = false
          editing.value = false
        }
        return true
      } catch (caught) {
        failure.value = asFailure(caught)
        return false
      } finally {
        busy.value = false
      }
    },
    drop: open,
  }
}
