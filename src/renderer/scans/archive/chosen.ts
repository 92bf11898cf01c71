import { computed, ref } from 'vue'
import type { PacsSeries, PacsStudy } from '../../../preload/contract/pacs.ts'

export interface ChosenSeries {
  studyUid: string
  uid: string
  instances: number | null
  label: string
}

/** Which series of which studies are to be fetched; it outlives the search that found them. */
export function useChosen() {
  const byUid = ref(new Map<string, ChosenSeries>())
  /** A ticked study asks for its series first: what is fetched waits for those that were ticked a moment ago. */
  const asked = new Set<Promise<unknown>>()
  function waitFor(work: Promise<unknown>): void {
    asked.add(work)
    void work.finally(() => asked.delete(work))
  }
  async function settled(): Promise<void> {
    while (asked.size > 0) await Promise.allSettled(asked)
  }

  /** What a row of the import's table is called: the examination, not the patient. */
  function label(study: PacsStudy, series: PacsSeries): string {
    const what = series.description || series.bodyPart || study.description
    return [series.modality, study.date, what].filter(Boolean).join(' · ').slice(0, 200)
  }
  function set(study: PacsStudy, list: readonly PacsSeries[], wanted: boolean): void {
    const next = new Map(byUid.value)
    for (const series of list) {
      if (!wanted) next.delete(series.uid)
      else if (series.imported === null)
        next.set(series.uid, {
          ...{ studyUid: study.uid, uid: series.uid, instances: series.instances, label: label(study, series) },
        })
    }
    byUid.value = next
  }
  return {
    byUid,
    list: computed(() => [...byUid.value.values()]),
    set,
    waitFor,
    settled,
    clear: (): void => void (byUid.value = new Map()),
  }
}
