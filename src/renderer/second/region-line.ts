import { computed } from 'vue'
import { Failure } from '../api.ts'
import type { Middle } from '../region/geometry.ts'
import type { RegionHands } from '../region/useRegion.ts'
import type { useOwnRegion } from '../reading/useOwnRegion.ts'

type Seen = 'square' | 'saved' | 'editing' | 'moved' | 'assumed' | 'inverted' | 'trouble'

/** The region of interest on the scan in front as the first window, which keeps it, has it now; text can carry it. */
export type RegionSight = { [K in Seen]: RegionHands[K]['value'] } & {
  state: 'open' | 'kept' | 'fixed'
  mine: boolean
  failure: { code: string; message: string } | null
}
/** What is done to it in the second window. */
export type RegionAct =
  { do: 'begin' } | { do: 'put'; middle: Middle } | { do: 'turn' } | { do: 'assume'; spacing: number | null }

export function regionSight({ hands, shown, mine, state }: ReturnType<typeof useOwnRegion>): RegionSight | null {
  if (!shown.value) return null
  const { square, saved, editing, moved, assumed, inverted, trouble, failure } = hands
  return {
    ...{ square: square.value, saved: saved.value, editing: editing.value, moved: moved.value },
    ...{ assumed: assumed.value, inverted: inverted.value, trouble: trouble.value },
    ...{ state: state.value, mine: mine.value },
    failure: failure.value && { code: failure.value.code, message: failure.value.message },
  }
}

/** What a window that shows the region needs of its hands. */
export type HandsSeen = Pick<RegionHands, Seen | 'failure' | 'begin' | 'put' | 'turn' | 'assume'>

/** What is seen of them, and moves them over the line. */
export function handsThere(sight: () => RegionSight | null, tell: (act: RegionAct) => void): HandsSeen {
  return {
    square: computed(() => sight()?.square ?? null),
    saved: computed(() => sight()?.saved ?? null),
    editing: computed(() => sight()?.editing ?? false),
    moved: computed(() => sight()?.moved ?? false),
    assumed: computed(() => sight()?.assumed ?? null),
    inverted: computed(() => sight()?.inverted ?? false),
    trouble: computed(() => sight()?.trouble ?? null),
    failure: computed(() => {
      const failure = sight()?.failure
      return failure ? new Failure(failure) : null
    }),
    begin: () => tell({ do: 'begin' }),
    put: (middle) => tell({ do: 'put', middle }),
    turn: () => tell({ do: 'turn' }),
    assume: (spacing) => tell({ do: 'assume', spacing }),
  }
}
