import {
  computed,
  onBeforeUnmount,
  onMounted,
  shallowRef,
  watch,
  type ComputedRef,
  type Ref,
  type ShallowRef,
} from 'vue'
import type { Overview } from '../../../preload/contract/analysis.ts'
import { api, asFailure, onEvent, type Failure } from '../../api.ts'
import { afterPaint } from '../../parts/afterPaint.ts'
import { keepEqual } from '../../parts/keepEqual.ts'
import { useSoon } from '../useSoon.ts'
import { asRequest, type Picked } from './filter.ts'

/** Votes come faster than a page needs to follow. */
const FOLLOW_MS = 1000

/**
 * The figures of a study that follow its filter and its votes. After opening and after a change of the filter the figures
 * come at once and what takes longer (bootstrap intervals) after them; while votes come in, figures are replaced whole.
 */
export function useOverview(
  studyId: ComputedRef<string>,
  picked: Ref<Picked>,
): { now: ShallowRef<Overview | null>; failure: ShallowRef<Failure | null>; load: () => Promise<void> } {
  const now = shallowRef<Overview | null>(null)
  const failure = shallowRef<Failure | null>(null)
  const letters = computed(() => now.value?.readers.map(({ letter }) => letter) ?? [])
  let asked = 0

  async function take(turn: number, everything: boolean): Promise<boolean> {
    try {
      const filter = asRequest(picked.value, letters.value)
      const got = await api.analysis.overview({ studyId: studyId.value, everything, ...(filter ? { filter } : {}) })
      if (turn !== asked) return false
      // What takes longer changes few of the figures, and a filter nothing of the study: the rest of the page stays as it is.
      const study = keepEqual(now.value?.study, got.study)
      now.value = everything ? keepEqual(now.value, got) : { ...got, study }
      failure.value = null
      return true
    } catch (caught) {
      if (turn === asked) failure.value = asFailure(caught)
      return false
    }
  }
  async function load(): Promise<void> {
    const turn = ++asked
    if (!(await take(turn, false))) return
    // What takes longer is not computed while the first figures wait to be painted.
    await new Promise<void>((done) => afterPaint(done))
    if (turn === asked) await take(turn, true)
  }
  const soon = useSoon(() => take(++asked, true), FOLLOW_MS)
  const stop = onEvent('study-changed', (change) => {
    if (change.studyId === studyId.value) soon()
  })
  watch(picked, load)
  onMounted(load)
  onBeforeUnmount(stop)
  return { now, failure, load }
}
