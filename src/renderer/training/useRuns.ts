import { computed, onBeforeUnmount, onMounted, type ComputedRef } from 'vue'
import type { Run } from '../../preload/contract/training.ts'
import { api, onEvent } from '../api.ts'
import { useLoad, type Load } from '../parts/useLoad.ts'

/** The runs of a study, newest first, kept up to date by the learner's own events. */
export function useRuns(
  studyId: ComputedRef<string>,
): Load<Run[]> & { put: (run: Run) => void; sorted: ComputedRef<Run[]> } {
  const runs = useLoad(() => api.training.runs({ studyId: studyId.value }))

  function put(run: Run): void {
    if (run.studyId !== studyId.value) return
    const now = runs.value.value ?? []
    runs.value.value = now.some((one) => one.id === run.id)
      ? now.map((one) => (one.id === run.id ? run : one))
      : [run, ...now]
  }
  const stop = onEvent('run', put)
  onMounted(runs.load)
  onBeforeUnmount(stop)

  const sorted = computed(() => [...(runs.value.value ?? [])].sort((a, b) => b.startedAt.localeCompare(a.startedAt)))
  return { ...runs, put, sorted }
}
