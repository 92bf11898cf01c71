import { computed, onMounted, ref, shallowRef, watch, type ComputedRef, type Ref } from 'vue'
import type { DisputedPage, DisputedScan } from '../../../preload/contract/analysis.ts'
import { api, asFailure, type Failure } from '../../api.ts'
import { asRequest, type Picked } from '../overview/filter.ts'
import { nothingLeftOut, portion, type Only, type Order } from './order.ts'

/** The disputed scans of a study by portions, in an order and through a filter that the main process applies. */
export function useDisputed(
  studyId: ComputedRef<string>,
  picked: Ref<Picked>,
  letters: ComputedRef<readonly string[]>,
) {
  const order = ref<Order>({ by: 'dispute', down: true })
  const only = ref<Only>({ ...nothingLeftOut })
  const page = shallowRef<DisputedPage | null>(null)
  const rows = shallowRef<readonly DisputedScan[]>([])
  const failure = shallowRef<Failure | null>(null)
  let asked = 0

  async function take(offset: number): Promise<void> {
    const turn = ++asked
    try {
      const filter = asRequest(picked.value, letters.value)
      const got = await api.analysis.disputedPage({
        ...{ studyId: studyId.value, only: { ...only.value }, order: { ...order.value }, offset, limit: portion },
        ...(filter ? { filter } : {}),
      })
      if (turn !== asked) return
      page.value = got
      rows.value = offset === 0 ? got.rows : [...rows.value, ...got.rows]
      failure.value = null
    } catch (caught) {
      if (turn === asked) failure.value = asFailure(caught)
    }
  }
  const load = (): Promise<void> => take(0)
  onMounted(load)
  watch([order, only, picked], load, { deep: true })
  return {
    ...{ order, only, page, rows, failure, load },
    more: () => take(rows.value.length),
    hidden: computed(() => Math.max(0, (page.value?.shown ?? 0) - rows.value.length)),
  }
}
