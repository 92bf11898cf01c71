import { computed, onMounted, ref, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { api } from '../../api.ts'
import { useAct } from '../../parts/useAct.ts'
import { useLoad } from '../../parts/useLoad.ts'
import { useStudies } from '../../stores/studies.ts'
import { causesFor } from './causes.ts'
import { nextUnsettled } from './next.ts'
import { useDecision } from './useDecision.ts'

/** One disputed scan after another, the same at the desk and in the meeting: which one, the decision, and the next. */
export function useSettling() {
  const route = useRoute()
  const router = useRouter()
  const studies = useStudies()
  const act = useAct()
  const studyId = computed(() => String(route.params['studyId']))
  const disputed = useLoad(() => api.analysis.disputed({ studyId: studyId.value }))

  const study = computed(() => studies.current)
  const rows = computed(() => disputed.value.value ?? [])
  const scanId = computed(() => (route.params['scanId'] as string | undefined) || null)
  const scan = computed(() => rows.value.find((row) => row.scanId === scanId.value) ?? null)
  const position = computed(() => (scan.value ? rows.value.indexOf(scan.value) + 1 : 0))
  const open = computed(() => rows.value.filter((row) => !row.adjudicated).length)
  const sealed = computed(() => study.value !== null && !['draft', 'open'].includes(study.value.state))
  const causes = computed(() => causesFor(study.value?.template ?? ''))
  const decision = useDecision(
    () => study.value?.scale ?? null,
    () => causes.value,
  )
  /** The grade that was saved last, for a short word of it. */
  const saved = ref<number | null>(null)

  const show = (id: string): void =>
    void router.replace({ name: route.name!, params: { studyId: studyId.value, scanId: id } })

  /** Without a scan in the address, the first that is not settled; all settled: the first of all. */
  function begin(): void {
    if (scan.value) return
    const first = nextUnsettled(rows.value, null) ?? rows.value[0]?.scanId
    if (first !== undefined) show(first)
  }
  onMounted(() => void disputed.load().then(begin))
  watch(scanId, () => {
    decision.clear()
    begin()
  })

  function go(by: 1 | -1): void {
    const next = rows.value[position.value - 1 + by]
    saved.value = null
    if (next) show(next.scanId)
  }

  async function save(): Promise<void> {
    const id = scanId.value
    const decided = decision.decided.value
    if (id === null || decided === null || !sealed.value) return
    const went = await act.run(async () => {
      const settled = await api.analysis.adjudicate({ studyId: studyId.value, scanId: id, ...decided })
      disputed.value.value = rows.value.map((row) => (row.scanId === id ? settled : row))
    })
    if (!went) return
    saved.value = decided.grade
    const next = nextUnsettled(rows.value, id)
    if (next !== null) show(next)
    else decision.clear()
  }

  return {
    ...{ act, studyId, study, disputed, rows, scan, position, open, sealed, causes, decision, saved },
    ...{ go, save },
  }
}
export type Settling = ReturnType<typeof useSettling>
