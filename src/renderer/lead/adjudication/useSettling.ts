import { computed, onMounted, ref, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { causesFor } from '../../../preload/contract/causes.ts'
import { api } from '../../api.ts'
import { useAct } from '../../parts/useAct.ts'
import { useStudies } from '../../stores/studies.ts'
import { useDecision } from './useDecision.ts'
import { useDisputedList } from './useDisputedList.ts'

/** One disputed scan after another, the same at the desk and in the meeting: which one, the decision, and the next. */
export function useSettling() {
  const route = useRoute()
  const router = useRouter()
  const studies = useStudies()
  const act = useAct()
  const studyId = computed(() => String(route.params['studyId']))
  const list = useDisputedList(studyId)
  const { page: disputed, rows, total } = list

  const study = computed(() => studies.current)
  const scanId = computed(() => (route.params['scanId'] as string | undefined) || null)
  const scan = computed(() => rows.value.find((row) => row.scanId === scanId.value) ?? null)
  const position = computed(() => (scan.value ? rows.value.indexOf(scan.value) + 1 : 0))
  const open = list.unsettled
  const sealed = computed(() => study.value !== null && !['draft', 'open'].includes(study.value.state))
  const causes = computed(() => causesFor(study.value?.template ?? ''))
  const decision = useDecision(
    () => study.value?.scale ?? null,
    () => causes.value,
  )
  /** The grade that was saved last, for a short word of it. */
  const saved = ref<number | null>(null)

  const show = (id: string): Promise<unknown> =>
    router.replace({ name: route.name!, params: { studyId: studyId.value, scanId: id } })

  /** Without a scan in the address, the first that is not settled; all settled: the first of all. */
  async function begin(): Promise<void> {
    if (scanId.value !== null && (await list.holds(scanId.value))) return
    const first = (await list.nextAfter(null)) ?? rows.value[0]?.scanId
    if (first !== undefined) await show(first)
  }
  onMounted(() => void disputed.load().then(begin).catch(disputed.load))
  watch(scanId, () => {
    decision.clear()
    if (!scan.value) begin().catch(disputed.load)
  })

  async function go(by: 1 | -1): Promise<void> {
    const place = position.value - 1 + by
    saved.value = null
    const next = place < 0 ? null : await list.at(place).catch(() => null)
    if (next !== null) await show(next)
  }

  /** Busy until the next scan is there: what is typed meanwhile must not decide on the one that was just settled. */
  async function save(): Promise<void> {
    const id = scanId.value
    const decided = decision.decided.value
    if (id === null || decided === null || !sealed.value) return
    await act.run(async () => {
      const settled = await api.analysis.adjudicate({ studyId: studyId.value, scanId: id, ...decided })
      list.settled(settled)
      saved.value = decided.grade
      // The decision is kept; that the list cannot be read on is told where the list is.
      const next = await list.nextAfter(id).catch(() => disputed.load().then(() => null))
      if (next !== null) await show(next)
      else decision.clear()
    })
  }

  return {
    ...{ act, studyId, study, disputed, rows, total, scan, position, open, sealed, causes, decision, saved },
    ...{ go, save },
  }
}
export type Settling = ReturnType<typeof useSettling>
